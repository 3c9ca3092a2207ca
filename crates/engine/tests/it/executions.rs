//! Runs on a real runner.

use std::time::Duration;

use countersign_core::event::{Body, Event};
use countersign_core::execution::{Outcome, StopReason};
use countersign_core::id::ExecutionId;
use countersign_core::time::Span;
use countersign_engine::OutputReader;
use countersign_store::Stream;
use serde_json::json;

use crate::world::*;

async fn world(runner: &Runner) -> World {
    let socket = runner.socket();
    let world = World::real(move |config| config.runner = Some(socket)).await.enabled().await;
    for _ in 0..400 {
        if matches!(world.engine.health().runner, countersign_engine::RunnerState::Connected { .. }) {
            return world;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    panic!("the runner was never reached");
}

fn is_end(event: &Event, of: ExecutionId) -> bool {
    matches!(&event.body, Body::ExecutionFinished { execution, .. } if *execution == of)
}

async fn end(world: &World, execution: ExecutionId) -> (Outcome, Option<u64>) {
    let event = world.until("the run's end", |event| is_end(event, execution)).await;
    match event.body {
        Body::ExecutionFinished { outcome, output, .. } => {
            (outcome, output.map(|output| output.stdout_bytes))
        }
        other => panic!("{other:?}"),
    }
}

async fn read(mut output: OutputReader, until: &str) -> (String, String) {
    let (mut stdout, mut stderr) = (String::new(), String::new());
    let reading = async {
        while let Some(chunk) = output.next().await.unwrap() {
            let text = String::from_utf8(chunk.bytes).unwrap();
            match chunk.stream {
                Stream::Stdout => stdout.push_str(&text),
                Stream::Stderr => stderr.push_str(&text),
            }
            if !until.is_empty() && stdout.contains(until) {
                break;
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(20), reading).await.expect("the output comes to an end");
    (stdout, stderr)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_prints_ends_and_leaves_no_secret_behind() {
    let runner = Runner::start();
    let world = world(&runner).await;
    let values = json!({"Text": "hello", "Secret": "canary-7f3a9"});
    let execution = world.started("rita", "Host\\Say", values).await;
    let (stdout, stderr) = read(world.engine.output(execution), "").await;
    assert_eq!((stdout.as_str(), stderr.as_str()), ("hello\ncanary-7f3a9", "oops\n"));
    let (outcome, bytes) = end(&world, execution).await;
    assert_eq!(outcome, Outcome::Failed { exit: Some(3), reason: "exit".to_owned() });
    assert_eq!(bytes, Some(18));
    assert!(!world.engine.state().executions.contains_key(&execution));
    world.engine.stop().await;
    for file in ["ledger.db", "ledger.db-wal", "ops.db", "ops.db-wal"] {
        let bytes = std::fs::read(world.data().join(file)).unwrap_or_default();
        assert!(!bytes.windows(12).any(|window| window == b"canary-7f3a9"), "s1: the secret is in {file}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn g15_a_revocation_stops_what_runs() {
    let runner = Runner::start();
    let world = world(&runner).await;
    let number = world.granted("Host\\Sleep", &json!({"Seconds": "60"})).await;
    let execution = world.started("rita", "Host\\Sleep", json!({"Seconds": "60"})).await;
    read(world.engine.output(execution), "begun").await;
    world.revoke(number).await;
    let (outcome, _) = end(&world, execution).await;
    assert_eq!(outcome, Outcome::Stopped { why: StopReason::Revoked, confirmed: true });
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_runner_it_is_certain_that_nothing_ran() {
    let world = World::real(|_| {}).await.enabled().await;
    let execution = world.started("rita", "Host\\Say", json!({"Text": "x", "Secret": "y"})).await;
    let (outcome, _) = end(&world, execution).await;
    assert_eq!(outcome, Outcome::Failed { exit: None, reason: "not_started_runner_absent".to_owned() });
}

#[tokio::test(flavor = "multi_thread")]
async fn f1_an_engine_that_is_killed_hears_from_the_runner_how_it_ended() {
    let runner = Runner::start();
    let mut world = world(&runner).await;
    world.granted("Host\\Sleep", &json!({"Seconds": "60"})).await;
    let execution = world.started("rita", "Host\\Sleep", json!({"Seconds": "60"})).await;
    read(world.engine.output(execution), "begun").await;
    world.engine.kill().await;
    world.reopen().unwrap();
    let (outcome, _) = end(&world, execution).await;
    assert_eq!(outcome, Outcome::Failed { exit: None, reason: "server_stopped".to_owned() });
    assert_eq!(
        world.kinds().iter().filter(|kind| **kind == "ExecutionStarted").count(),
        started_tasks(&world) + 1
    );
}

/// Countersign's own tasks start too.
fn started_tasks(world: &World) -> usize {
    let own = |event: &Event| match &event.body {
        Body::ExecutionStarted { task, .. } => countersign_core::tasks::is_countersign(task),
        _ => false,
    };
    world.events().iter().filter(|event| own(event)).count()
}

#[tokio::test(flavor = "multi_thread")]
async fn f1_when_engine_and_runner_are_gone_the_outcome_is_unknown_and_nothing_runs_again() {
    let mut runner = Runner::start();
    let mut world = world(&runner).await;
    world.granted("Host\\Sleep", &json!({"Seconds": "60"})).await;
    let execution = world.started("rita", "Host\\Sleep", json!({"Seconds": "60"})).await;
    read(world.engine.output(execution), "begun").await;
    runner.kill();
    world.engine.kill().await;
    runner.restart();
    world.reopen().unwrap();
    let (outcome, _) = end(&world, execution).await;
    assert!(outcome.is_unknown(), "{outcome:?}");
    assert!(world.engine.state().executions[&execution].unknown, "it holds its slot");
}

#[tokio::test(flavor = "multi_thread")]
async fn f2_when_the_runner_dies_alone_the_outcome_is_unknown_and_the_next_one_serves() {
    let mut runner = Runner::start();
    let world = world(&runner).await;
    world.granted("Host\\Sleep", &json!({"Seconds": "60"})).await;
    let execution = world.started("rita", "Host\\Sleep", json!({"Seconds": "60"})).await;
    read(world.engine.output(execution), "begun").await;
    runner.restart();
    let (outcome, _) = end(&world, execution).await;
    assert!(outcome.is_unknown(), "{outcome:?}");
    let again = world.started("rita", "Host\\Say", json!({"Text": "x", "Secret": "y"})).await;
    let (outcome, _) = end(&world, again).await;
    assert_eq!(outcome, Outcome::Failed { exit: Some(3), reason: "exit".to_owned() });
}

#[tokio::test(flavor = "multi_thread")]
async fn a_graceful_stop_ends_what_runs_and_records_it() {
    let runner = Runner::start();
    let mut world = world(&runner).await;
    world.granted("Host\\Sleep", &json!({"Seconds": "60"})).await;
    let execution = world.started("rita", "Host\\Sleep", json!({"Seconds": "60"})).await;
    read(world.engine.output(execution), "begun").await;
    world.engine.stop().await;
    world.config.runner = None;
    world.reopen().unwrap();
    let (outcome, _) = end(&world, execution).await;
    assert_eq!(outcome, Outcome::Failed { exit: None, reason: "server_stopped".to_owned() });
}

/// A program outlives the window that it began in, and ends with the one that took it over.
#[tokio::test(flavor = "multi_thread")]
async fn g13_an_extension_takes_over_a_program_that_runs_and_its_end_stops_it() {
    let runner = Runner::start();
    let world = world(&runner).await;
    let values = json!({"Seconds": "60"});
    let old = world
        .ask_for("rita", "Host\\Sleep", &values, |submit| submit.duration = Some(Span::from_secs(6)))
        .await;
    world.approve("cyd", old).await.unwrap();
    let execution = world.started("rita", "Host\\Sleep", values.clone()).await;
    read(world.engine.output(execution), "begun").await;
    let end = world.engine.state().authorizations[&old].until;
    let extend = |submit: &mut countersign_core::command::Submit| {
        submit.extends = Some(old);
        submit.duration = Some(Span::from_secs(12));
    };
    let new = world.ask_for("rita", "Host\\Sleep", &values, extend).await;
    world.approve("cyd", new).await.unwrap();
    let adopted =
        |event: &Event| matches!(&event.body, Body::ExecutionAdopted { number, .. } if *number == new);
    world.until("it is taken over", adopted).await;
    let later = world.engine.state().authorizations[&new].until;
    let ended =
        |event: &Event| matches!(&event.body, Body::AuthorizationEnded { number, .. } if *number == old);
    world.until("the old end", ended).await;
    tokio::time::sleep(Duration::from_secs(2)).await;
    assert!(world.engine.state().executions[&execution].stopping.is_none(), "it runs on past {end}");
    let (outcome, _) = self::end(&world, execution).await;
    assert!(matches!(outcome, Outcome::Stopped { confirmed: true, .. }), "{outcome:?}");
    assert!(world.engine.now() >= later);
    world.engine.stop().await;
}
