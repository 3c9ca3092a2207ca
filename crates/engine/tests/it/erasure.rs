//! What is not kept for ever: outputs by their retention, values by an erasure.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use countersign_core::command::Command;
use countersign_core::decide::Reply;
use countersign_core::event::Body;
use countersign_core::id::{ExecutionId, RequestNumber};
use countersign_core::time::{Instant, Span};
use countersign_engine::ManualClock;
use countersign_store::{DeliveryState, Stream};
use serde_json::{Value as Json, json};

use crate::world::*;

const DAY: Span = Span::from_hours(24);
const WORD: &str = "quokka";

/// A request with a word of its own that was run under, and whose run left output.
async fn ran() -> (ManualClock, World, RequestNumber, ExecutionId) {
    let clock = ManualClock::at(START);
    let world = World::new(|config| config.clock = Arc::new(clock.clone())).await.enabled().await;
    let mut submit = asking("Host\\Sleep", &json!({"Seconds": "1"}));
    submit.reason = format!("the {WORD} is in the disk");
    let Ok(Reply::Request { number, .. }) =
        world.submit(world.session("rita"), Command::Submit(submit)).await.reply
    else {
        panic!("asked")
    };
    world.approve("bob", number).await.unwrap();
    let run = world.started("rita", "Host\\Sleep", json!({"Seconds": "1"})).await;
    world
        .until(
            "its end",
            |event| matches!(event.body, Body::ExecutionFinished { execution, .. } if execution == run),
        )
        .await;
    // Published a moment after it is durable.
    while world.engine.state().executions.contains_key(&run) {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let _ = world.engine.outputs().append(run, Stream::Stdout, WORD.as_bytes(), 1_000).unwrap();
    (clock, world, number, run)
}

fn kept(world: &World, run: ExecutionId) -> bool {
    world.engine.outputs().read(run, Stream::Stdout, 0, 1).unwrap().is_some()
}

#[tokio::test(flavor = "multi_thread")]
async fn output_is_kept_for_ninety_days_unless_told_otherwise() {
    let (_, world, _, run) = ran().await;
    let sweep = |now: Instant| world.engine.drop_what_is_over(now).unwrap();
    sweep(START.plus(Span::from_hours(24 * 90)).minus(Span::from_secs(1)));
    assert!(kept(&world, run));
    sweep(START.plus(Span::from_hours(24 * 90)).plus(Span::from_hours(1)));
    assert!(!kept(&world, run));
    world.engine.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_erasure_takes_values_words_and_output_away_and_nothing_else() {
    let (clock, mut world, number, run) = ran().await;
    clock.advance(Span::from_hours(5));
    world.until("the end", |event| matches!(event.body, Body::AuthorizationEnded { .. })).await;
    let values = json!({"RequestId": number.to_string()});
    let early = act(&world, &values).await.unwrap_err();
    assert!(early.governs.is_some_and(|governs| governs.contains("retention")));
    for _ in 0..91 {
        clock.advance(DAY);
        let _ = world.engine.now();
    }
    assert!(found(&world.data()), "it is there before");
    act(&world, &values).await.unwrap();
    for _ in 0..400 {
        if !kept(&world, run) {
            break;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    assert!(!kept(&world, run), "output goes with the values");
    let shape = world.shape();
    world.engine.stop().await;
    let mut opened = countersign_store::sqlite::open(&world.data()).unwrap();
    let rebuilt = opened.store.rebuild(&mut |_| {}).unwrap();
    assert!(rebuilt.differed.is_empty(), "{:?}", rebuilt.differed);
    drop(opened);
    assert!(!found(&world.data()), "not in the database, not in its log of changes");
    world.reopen().unwrap();
    assert_eq!(world.shape(), shape, "the ledger gives the same state");
    assert!(world.engine.checkpoint().await.unwrap().is_some());
    world.engine.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_erased_person_is_no_recipient_any_more() {
    let (clock, mut world, ..) = ran().await;
    let rita = world.people["rita"];
    let mails = |world: &World| {
        let all = world.engine.ops().deliveries(Some(DeliveryState::Waiting), 1_000).unwrap();
        all.iter().filter(|delivery| delivery.recipient == rita.to_string()).count()
    };
    for _ in 0..400 {
        if mails(&world) > 0 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    assert!(mails(&world) > 0, "she is told of things");
    let who = json!({"Identity": rita.to_string()});
    world.run("Disable-User", who.clone()).await;
    for _ in 0..91 {
        clock.advance(DAY);
        let _ = world.engine.now();
    }
    erase(&world, "Clear-PersonalData", &who).await.unwrap();
    for _ in 0..400 {
        if mails(&world) == 0 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    assert_eq!(mails(&world), 0);
    assert!(world.engine.reader().person_by_upn("rita@fabrikam.example").unwrap().is_none());
    world.engine.stop().await;
    world.reopen().unwrap();
    world.engine.stop().await;
}

async fn act(world: &World, values: &Json) -> Result<Reply, countersign_core::refusal::Refusal> {
    erase(world, "Clear-RequestData", values).await
}

/// Ada asks, Bob approves, Ada runs it.
async fn erase(
    world: &World,
    task: &str,
    values: &Json,
) -> Result<Reply, countersign_core::refusal::Refusal> {
    let task = format!("Countersign\\{task}");
    let number = world.ask("ada", &task, values).await;
    world.approve("bob", number).await?;
    world.execute("ada", &task, values.clone()).await
}

/// Whether the word stands anywhere in the ledger's database.
fn found(data: &Path) -> bool {
    std::fs::read_dir(data).unwrap().flatten().any(|entry| {
        let name = entry.file_name().to_string_lossy().into_owned();
        name.starts_with("ledger.db")
            && std::fs::read(entry.path())
                .unwrap()
                .windows(WORD.len())
                .any(|window| window == WORD.as_bytes())
    })
}
