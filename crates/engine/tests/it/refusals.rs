//! Floods: refusals beyond a few are counted; and a program's own fault is as final as a store's.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use countersign_core::command::Command;
use countersign_core::event::Body;
use countersign_core::id::RequestNumber;
use countersign_core::refusal::Code;
use countersign_core::time::Span;
use countersign_engine::{ManualClock, Randomness, SubmitError};
use countersign_ledger::hash::sha256;

use crate::world::*;

fn denial() -> Command {
    Command::Deny { number: RequestNumber::new(9_999), statement: sha256(b"x"), comment: "no".to_owned() }
}

#[tokio::test(flavor = "multi_thread")]
async fn g22_a_flood_of_refusals_is_counted_and_each_is_still_answered() {
    let clock = ManualClock::at(START);
    let shared = clock.clone();
    let mut world = World::new(move |config| config.clock = Arc::new(shared)).await;
    for _ in 0..60 {
        let refused = world.submit(world.session("ada"), denial()).await.reply.unwrap_err();
        assert_eq!(refused.code, Code::AlreadyFinal);
    }
    let count = |world: &World, kind: &str| world.kinds().iter().filter(|other| **other == kind).count();
    assert_eq!((count(&world, "Refused"), count(&world, "RefusalsCounted")), (20, 0));
    clock.advance(Span::from_mins(1));
    let counted = world.until("the count", |event| matches!(event.body, Body::RefusalsCounted { .. })).await;
    let Body::RefusalsCounted { person, attempt, code, count: times } = counted.body else { panic!() };
    assert_eq!(
        (person, attempt.as_str(), code, times),
        (Some(world.people["ada"]), "deny", Code::AlreadyFinal, 40)
    );
    // A new window; what is in it when the server stops is recorded then.
    for _ in 0..23 {
        let _ = world.submit(world.session("ada"), denial()).await.reply.unwrap_err();
    }
    world.engine.stop().await;
    world.reopen().unwrap();
    let last = world.events().into_iter().rev().find_map(|event| match event.body {
        Body::RefusalsCounted { count, .. } => Some(count),
        _ => None,
    });
    assert_eq!((count(&world, "Refused"), last), (40, Some(3)));
}

#[tokio::test(flavor = "multi_thread")]
async fn g22_a_counted_refusal_leaves_its_key_unused() {
    let world = World::new(|_| {}).await;
    for _ in 0..20 {
        let _ = world.submit(world.session("ada"), denial()).await.reply.unwrap_err();
    }
    let size = world.events().len();
    for _ in 0..2 {
        let submission =
            countersign_engine::Submission::new(world.session("ada"), denial()).with_key("again");
        let receipt = world.engine.submit(submission).await.unwrap();
        assert!(receipt.reply.is_err() && !receipt.replayed);
    }
    assert_eq!(world.events().len(), size);
}

/// Good until it is told to fail as no randomness should.
struct Faulty(AtomicBool);

impl Randomness for Faulty {
    fn seed(&self) -> std::io::Result<[u8; 32]> {
        assert!(!self.0.load(Ordering::SeqCst), "a fault in the program");
        countersign_engine::OsRandomness.seed()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_writer_that_panics_is_reported_and_nothing_more_is_taken() {
    let faulty = Arc::new(Faulty(AtomicBool::new(false)));
    let (randomness, reported) = (Arc::clone(&faulty), Arc::new(AtomicBool::new(false)));
    let report = Arc::clone(&reported);
    let world = World::new(move |config| {
        config.randomness = randomness;
        config.on_fatal = Arc::new(move |_| report.store(true, Ordering::SeqCst));
    })
    .await;
    let size = world.events().len();
    faulty.0.store(true, Ordering::SeqCst);
    let submission = countersign_engine::Submission::new(world.session("ada"), denial());
    let lost = world.engine.submit(submission).await;
    assert!(matches!(lost, Err(SubmitError::Unknown(_) | SubmitError::Stopped)), "{lost:?}");
    let told = async {
        while !reported.load(Ordering::SeqCst) {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(60), told).await.expect("it is reported");
    let submission = countersign_engine::Submission::new(world.session("ada"), denial());
    assert!(matches!(world.engine.submit(submission).await, Err(SubmitError::Stopped)));
    assert_eq!(world.events().len(), size);
}
