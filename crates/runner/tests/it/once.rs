//! F1: at most once, and never late.

use std::time::Duration;

use countersign_runspace::{Event, Outcome, clock};
use serde_json::json;

use crate::support::*;

#[tokio::test]
async fn g16_an_order_that_comes_late_is_refused() {
    let runner = Runner::start(As::Tester);
    let client = runner.connect().await.client;
    let mark = runner.place.path().join("mark");
    let mut late = shell(&format!("touch {}", mark.display()));
    late.start_by = clock::boot_now() - 1;
    assert_eq!(run(&client, late).await.refusal(), "start_too_late");
    let mut over = shell(&format!("touch {}", mark.display()));
    over.deadline = clock::boot_now();
    assert_eq!(run(&client, over).await.refusal(), "start_too_late");
    let mut other = shell(&format!("touch {}", mark.display()));
    other.boot_id = "00000000-0000-0000-0000-000000000000".to_owned();
    assert_eq!(run(&client, other).await.refusal(), "other_boot");
    assert!(!mark.exists());
}

/// The instant falls somewhere between the runner's look at the clock and the init's last one. Whatever the outcome,
/// a refused program must not have run.
#[tokio::test]
async fn g16_the_clock_is_looked_at_last_of_all() {
    let runner = Runner::start(As::Tester);
    let client = runner.connect().await.client;
    let (mut ran, mut refused_by_init) = (0, 0);
    for step in 0..60_u64 {
        let mark = runner.place.path().join(format!("mark-{step}"));
        let mut order = shell(&format!("touch {}", mark.display()));
        order.start_by = clock::boot_now() + (step % 30) * 3_000_000;
        let last = order.start_by;
        let told = run(&client, order).await;
        match &told.end {
            Some(Ok(result)) => {
                ran += 1;
                assert!(mark.exists());
                assert!(result.started <= last + SECOND / 2, "started long after the last instant");
            }
            Some(Err(_)) => {
                assert_eq!(told.refusal(), "start_too_late");
                // Only the init's message comes after the runner's own checks: it left an entry in the state file.
                let state = std::fs::read_to_string(runner.place.path().join("state/executions")).unwrap();
                refused_by_init += usize::from(state.contains(&format!(" {last} ")));
                tokio::time::sleep(Duration::from_millis(20)).await;
                assert!(!mark.exists(), "a refused program ran");
            }
            None => panic!("no end"),
        }
    }
    assert!(ran > 0 && refused_by_init > 0, "{ran} ran, {refused_by_init} were refused by the init");
}

#[tokio::test]
async fn f1_an_execution_begins_at_most_once_even_over_a_restart() {
    for who in everyone() {
        let mut runner = Runner::start(who);
        let order = shell("echo ran");
        let again = |client: countersign_runner::RunnerClient| {
            let order = order.clone();
            async move { run(&client, order).await }
        };
        let client = runner.connect().await.client;
        assert_eq!(again(client.clone()).await.text(), "ran\n");
        assert_eq!(again(client.clone()).await.refusal(), "duplicate_execution");
        // Its end would be told again.
        client.acknowledge(order.execution.clone()).await.unwrap();
        client.health().await.unwrap();
        drop(client);
        runner.restart();
        let client = runner.connect().await.client;
        assert_eq!(again(client).await.refusal(), "duplicate_execution");
    }
}

#[tokio::test]
async fn a_refused_order_may_be_sent_again() {
    let runner = Runner::start(As::Tester);
    let client = runner.connect().await.client;
    let directory = runner.place.path().join("later");
    let mut order = shell("pwd");
    let countersign_runspace::Definition::Process(process) = &mut order.definition else { panic!() };
    process.program = directory.join("sh");
    assert_eq!(run(&client, order.clone()).await.refusal(), "program_missing");
    std::fs::create_dir(&directory).unwrap();
    std::os::unix::fs::symlink("/bin/sh", directory.join("sh")).unwrap();
    assert_eq!(run(&client, order).await.text(), "/\n");
}

#[tokio::test]
async fn an_end_that_nobody_acknowledged_is_told_again() {
    let runner = Runner::start(As::Tester);
    let mut first = runner.connect().await;
    assert!(first.earlier.try_recv().is_err());
    let done = shell("echo done");
    let done_id = done.execution.clone();
    run(&first.client, done).await;
    let cut = shell("echo ready; sleep 30");
    let cut_id = cut.execution.clone();
    let mut events = first.client.start(cut).await.unwrap();
    until_output(&mut events, "ready").await;
    drop((first, events));

    let mut second = connect_again(&runner).await;
    let mut told = std::collections::BTreeMap::new();
    while told.len() < 2 {
        let (id, event) =
            tokio::time::timeout(Duration::from_secs(5), second.earlier.recv()).await.unwrap().unwrap();
        let Event::Finished(result) = event else { panic!("{event:?}") };
        told.insert(id, result.outcome);
    }
    assert_eq!(told[&done_id], Outcome::Succeeded { exit: 0 });
    assert_eq!(
        json!(told[&cut_id]),
        json!({"outcome": "stopped", "why": "server_lost", "confirmed": "confirmed"})
    );
    second.client.acknowledge(done_id).await.unwrap();
    second.client.health().await.unwrap();
    drop(second);

    let mut third = connect_again(&runner).await;
    let (id, _) = tokio::time::timeout(Duration::from_secs(5), third.earlier.recv()).await.unwrap().unwrap();
    assert_eq!(id, cut_id);
    third.client.acknowledge(cut_id).await.unwrap();
    assert_eq!(third.client.health().await.unwrap().unacknowledged, 0);
}

#[tokio::test]
async fn an_end_outlives_the_runner_that_could_not_deliver_it() {
    for who in everyone() {
        let mut runner = Runner::start(who);
        let client = runner.connect().await.client;
        let done = shell("echo done");
        let done_id = done.execution.clone();
        run(&client, done).await;
        drop(client);
        // Killed hard: what had ended before is told.
        runner.restart();
        let mut again = runner.connect().await;
        let told = async |earlier: &mut countersign_runner::client::Connected| {
            tokio::time::timeout(Duration::from_secs(30), earlier.earlier.recv()).await.unwrap().unwrap()
        };
        let (id, event) = told(&mut again).await;
        assert!(
            matches!(&event, Event::Finished(result) if result.outcome == Outcome::Succeeded { exit: 0 })
        );
        assert_eq!(id, done_id);
        again.client.acknowledge(id).await.unwrap();

        // Asked to end: what runs is stopped and its end is kept.
        let cut = shell("echo ready; sleep 30");
        let cut_id = cut.execution.clone();
        let mut events = again.client.start(cut).await.unwrap();
        until_output(&mut events, "ready").await;
        terminate(runner.id());
        wait_at_most(Duration::from_secs(30), "its end", &mut || !runner.lives());
        drop((again, events));
        runner.restart();
        let mut third = runner.connect().await;
        let (id, event) = told(&mut third).await;
        let Event::Finished(result) = event else { panic!("{event:?}") };
        assert_eq!(id, cut_id);
        assert_eq!(
            json!(result.outcome),
            json!({"outcome": "stopped", "why": "server_lost", "confirmed": "confirmed"})
        );
        third.client.acknowledge(id).await.unwrap();
        assert_eq!(third.client.health().await.unwrap().unacknowledged, 0);
        assert_eq!(std::fs::read_dir(runner.place.path().join("state/ends")).unwrap().count(), 0);
    }
}

/// The runner notices the end of a connection a moment after the client has closed it.
async fn connect_again(runner: &Runner) -> countersign_runner::client::Connected {
    for _ in 0..200 {
        if let Ok(connected) = countersign_runner::RunnerClient::connect(&runner.socket(), "test").await {
            return connected;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("the runner stays busy");
}
