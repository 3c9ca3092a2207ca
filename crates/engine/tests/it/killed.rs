//! F1: an engine that is really killed, at random moments and at each named step.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use countersign_core::event::{Body, wire};
use countersign_engine::{ManualClock, SystemClock, start};

use crate::world::*;

const PEOPLE: u32 = 40;

/// Runs the engine until it ends; gives what it acknowledged. `after` kills it that many acknowledgements in.
fn run(directory: &Path, after: Option<usize>, failpoint: Option<&str>) -> BTreeMap<u32, String> {
    let mut command = Command::new(BINARY);
    command.arg("engine").arg(directory).arg(PEOPLE.to_string()).stdin(Stdio::null()).stdout(Stdio::piped());
    if let Some(failpoint) = failpoint {
        command.env("COUNTERSIGN_FAILPOINT", failpoint);
    }
    let mut child = command.spawn().unwrap();
    let mut acknowledged = BTreeMap::new();
    for line in BufReader::new(child.stdout.take().unwrap()).lines() {
        let line = line.unwrap();
        let (number, person) = line.split_once(' ').unwrap();
        acknowledged.insert(number.parse().unwrap(), person.to_owned());
        if after.is_some_and(|after| acknowledged.len() >= after) {
            child.kill().unwrap();
        }
    }
    child.wait().unwrap();
    acknowledged
}

#[tokio::test(flavor = "multi_thread")]
async fn f1_nothing_acknowledged_is_lost_and_nothing_happens_twice() {
    let place = place();
    let directory = place.path().join("data");
    let mut all: BTreeMap<u32, String> = BTreeMap::new();
    for after in [1, 3, 7, 11, 17] {
        for (number, person) in run(&directory, Some(after), None) {
            let before = all.insert(number, person.clone());
            assert!(before.is_none_or(|before| before == person), "person {number} was made twice");
        }
    }
    for (number, person) in run(&directory, None, None) {
        assert!(all.get(&number).is_none_or(|before| *before == person), "person {number} was made twice");
        all.insert(number, person);
    }
    assert_eq!(all.len(), PEOPLE as usize);
    let engine = start(config(&directory, Arc::new(SystemClock::new().unwrap()))).unwrap();
    for person in all.values() {
        assert!(engine.state().directory.person(person.parse().unwrap()).is_some(), "{person} is lost");
    }
    let entries = engine.reader().entries(0, 100_000).unwrap();
    let made = entries
        .iter()
        .filter(|entry| matches!(wire::from_bytes(&entry.bytes).unwrap().body, Body::PersonCreated { .. }));
    assert_eq!(made.count(), PEOPLE as usize + 1);
    engine.stop().await;
}

#[cfg(feature = "failpoints")]
#[tokio::test(flavor = "multi_thread")]
async fn f1_at_every_named_step_of_a_commit() {
    for step in ["after_decide", "after_commit", "before_reply"] {
        let place = place();
        let directory = place.path().join("data");
        assert!(run(&directory, None, Some(step)).is_empty(), "{step}: it was killed at the first command");
        let all = run(&directory, None, None);
        assert_eq!(all.len(), PEOPLE as usize, "{step}");
    }
}

#[cfg(feature = "failpoints")]
#[tokio::test(flavor = "multi_thread")]
async fn f1_at_every_named_step_of_a_run_it_runs_at_most_once_and_its_outcome_is_the_truth() {
    use countersign_core::execution::Outcome;
    let runner = Runner::start();
    let mut world = World::real(|_| {}).await.enabled().await;
    world.config.runner = Some(runner.socket());
    world.engine.stop().await;
    for (round, step) in
        ["after_commit", "before_hand_over", "after_hand_over", "program_started", "result_heard"]
            .iter()
            .enumerate()
    {
        let marks = world.data().join(format!("marks-{step}"));
        let mut command = Command::new(BINARY);
        command.arg("execute").arg(world.data()).arg(runner.socket());
        command.arg(world.people["rita"].to_string()).arg(&marks).env("COUNTERSIGN_FAILPOINT", step);
        assert!(!command.stdin(Stdio::null()).status().unwrap().success(), "{step}: it was killed");
        world.reopen().unwrap();
        let mut ends = Vec::new();
        for _ in 0..800 {
            ends = world.events().into_iter().filter_map(end).collect();
            if ends.len() > round {
                break;
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        world.engine.stop().await;
        let ran = std::fs::read_to_string(&marks).unwrap_or_default().lines().count();
        let told = ends.get(round).unwrap_or_else(|| panic!("{step}: no outcome"));
        match *step {
            "after_commit" | "before_hand_over" => {
                assert!(ran == 0 && told.is_unknown(), "{step}: {ran} {told:?}")
            }
            "result_heard" => assert!(ran == 1 && *told == Outcome::Succeeded, "{step}: {ran} {told:?}"),
            // Handed over is not yet sent: it ran and was killed, or never reached the runner.
            _ => {
                let killed = Outcome::Failed { exit: None, reason: "server_stopped".to_owned() };
                let fits = *told == killed || (ran == 0 && told.is_unknown());
                assert!(ran <= 1 && fits, "{step}: {ran} {told:?}");
            }
        }
    }
    let starts = world.kinds_of_targets();
    assert_eq!(starts, 5, "nothing was started again");
}

/// How a run on a target ended.
#[cfg(feature = "failpoints")]
fn end(event: countersign_core::event::Event) -> Option<countersign_core::execution::Outcome> {
    match event.body {
        Body::ExecutionFinished { outcome, output, .. }
            if output.is_some() || outcome != countersign_core::execution::Outcome::Succeeded =>
        {
            Some(outcome)
        }
        _ => None,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn f1_recovery_takes_less_than_five_seconds() {
    let place = place();
    let directory = place.path().join("data");
    run(&directory, Some(20), None);
    let opening = tokio::task::spawn_blocking(move || {
        let clock = Arc::new(ManualClock::at(countersign_core::time::Instant::from_micros(i64::MAX / 2)));
        let handle = tokio::runtime::Handle::current();
        let _in = handle.enter();
        start(config(&directory, clock)).unwrap()
    });
    let engine =
        tokio::time::timeout(Duration::from_secs(5), opening).await.expect("recovered in time").unwrap();
    engine.stop().await;
}
