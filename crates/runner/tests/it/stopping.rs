//! F1, F2, F10: everything ends, whoever dies.

use std::time::Duration;

use countersign_runspace::{Outcome, Stream, WorkOrder, clock};
use countersign_sandbox::tree;
use serde_json::json;

use crate::support::*;

/// A tree that ignores the polite signal, double-forks, and leaves its session.
fn stubborn(seconds: &str) -> WorkOrder {
    shell(&format!(
        "trap '' TERM HUP INT; (setsid sh -c \"trap '' TERM; setsid sleep {seconds} & sleep {seconds}\" &) ; \
         sleep {seconds} & echo ready; while :; do sleep {seconds}; done"
    ))
}

/// The same in the host's view of processes, where no namespace holds it.
fn unheld(mut order: WorkOrder) -> WorkOrder {
    let countersign_runspace::Definition::Process(process) = &mut order.definition else { panic!() };
    process.processes = serde_json::from_value(json!("host")).unwrap();
    order
}

fn both(seconds: &str) -> Vec<WorkOrder> {
    vec![stubborn(seconds), unheld(stubborn(seconds))]
}

const SOON: Duration = Duration::from_secs(2);

fn gone(seconds: &str, what: &str) {
    wait_at_most(SOON, what, &mut || processes_with(seconds).is_empty());
}

#[tokio::test]
async fn f10_the_time_limit_ends_the_whole_tree() {
    for who in everyone() {
        let runner = Runner::start(who);
        let client = runner.connect().await.client;
        let seconds = odd_seconds();
        for mut order in both(&seconds) {
            order.limits.run_time_ms = 700;
            let told = run(&client, order).await;
            assert_eq!(processes_with(&seconds), [0; 0], "{who:?}");
            let expected = json!({"outcome": "stopped", "why": "run_time", "confirmed": "confirmed"});
            assert_eq!(json!(told.result().outcome), expected);
            let took = told.result().ended - told.result().started;
            assert!((SECOND * 7 / 10..SECOND * 4).contains(&took), "{took}");
        }
    }
}

#[tokio::test]
async fn the_deadline_ends_what_the_time_limit_would_let_run() {
    let runner = Runner::start(As::Tester);
    let client = runner.connect().await.client;
    let mut order = shell("sleep 30");
    order.deadline = countersign_runspace::clock::boot_now() + SECOND;
    let told = run(&client, order).await;
    let expected = json!({"outcome": "stopped", "why": "deadline", "confirmed": "confirmed"});
    assert_eq!(json!(told.result().outcome), expected);
}

#[tokio::test]
async fn a_stop_is_polite_first_and_says_its_reason() {
    for who in everyone() {
        let runner = Runner::start(who);
        let client = runner.connect().await.client;
        let order = shell("trap 'echo bye; exit 0' TERM; echo ready; while :; do sleep 0.05; done");
        let id = order.execution.clone();
        let mut events = client.start(order).await.unwrap();
        until_output(&mut events, "ready").await;
        client.stop(id, "revoked".to_owned().try_into().unwrap()).await.unwrap();
        let mut rest = Vec::new();
        let end = loop {
            match events.next().await {
                Some(countersign_runspace::Event::Output(output)) if output.stream == Stream::Stdout => {
                    rest.extend(output.bytes.0);
                }
                // The shell may say that its sleep was terminated.
                Some(countersign_runspace::Event::Output(_)) => {}
                Some(countersign_runspace::Event::Finished(result)) => break result,
                other => panic!("{other:?}"),
            }
        };
        assert_eq!(rest, b"bye\n");
        let expected =
            json!({"outcome": "stopped", "why": {"requested": "revoked"}, "confirmed": "confirmed"});
        assert_eq!(json!(end.outcome), expected);
    }
}

#[tokio::test]
async fn f10_a_stop_ends_what_will_not_be_stopped() {
    for who in everyone() {
        let runner = Runner::start(who);
        let client = runner.connect().await.client;
        let seconds = odd_seconds();
        for order in both(&seconds) {
            let id = order.execution.clone();
            let mut events = client.start(order).await.unwrap();
            until_output(&mut events, "ready").await;
            client.stop(id, "revoked".to_owned().try_into().unwrap()).await.unwrap();
            let told = loop {
                if let Some(countersign_runspace::Event::Finished(result)) = events.next().await {
                    break result;
                }
            };
            assert!(matches!(told.outcome, Outcome::Stopped { .. }));
            assert_eq!(processes_with(&seconds), [0; 0]);
        }
    }
}

#[tokio::test]
async fn what_outlives_its_program_is_killed_and_said() {
    for who in everyone() {
        let runner = Runner::start(who);
        let client = runner.connect().await.client;
        let seconds = odd_seconds();
        for host_view in [false, true] {
            let order = shell(&format!("setsid sleep {seconds} >/dev/null 2>&1 & sleep 0.2; echo done"));
            let order = if host_view { unheld(order) } else { order };
            let told = run(&client, order).await;
            assert_eq!(processes_with(&seconds), [0; 0]);
            assert_eq!(told.result().outcome, Outcome::Succeeded { exit: 0 });
            assert_eq!(json!(told.result().strays), json!("killed"));
        }
        let clean = run(&client, shell("true")).await;
        assert_eq!(json!(clean.result().strays), json!("none"));
    }
}

#[tokio::test]
async fn f1_the_server_s_end_is_every_execution_s_end() {
    for who in everyone() {
        let runner = Runner::start(who);
        let seconds = odd_seconds();
        for order in both(&seconds) {
            let client = runner.connect().await.client;
            let mut events = client.start(order).await.unwrap();
            until_output(&mut events, "ready").await;
            wait_for("the tree", || !processes_with(&seconds).is_empty());
            drop((client, events));
            // Closing is the client's own tasks' work.
            tokio::time::sleep(Duration::from_millis(50)).await;
            gone(&seconds, "the server is gone");
            // The socket is free again only once the session has ended.
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }
}

#[tokio::test]
async fn f1_a_killed_runner_leaves_no_process() {
    for who in everyone() {
        let mut runner = Runner::start(who);
        let seconds = odd_seconds();
        for order in both(&seconds) {
            let client = runner.connect().await.client;
            let mut events = client.start(order).await.unwrap();
            until_output(&mut events, "ready").await;
            runner.kill();
            gone(&seconds, &format!("the runner was killed as {who:?}"));
            assert!(hear_out(&mut events).await.end.is_none());
            runner.restart();
        }
    }
}

#[tokio::test]
async fn f2_a_killed_init_is_reported_as_unknown_and_leaves_no_process() {
    for who in everyone() {
        let runner = Runner::start(who);
        let client = runner.connect().await.client;
        let seconds = odd_seconds();
        for (order, depth) in both(&seconds).into_iter().flat_map(|order| [(order.clone(), 0), (order, 1)]) {
            let mut order = order;
            order.execution = fresh_id();
            let mut events = client.start(order).await.unwrap();
            until_output(&mut events, "ready").await;
            let outer = runner.inits();
            assert_eq!(outer.len(), 1);
            let victim = if depth == 0 { outer[0] } else { tree::children(outer[0])[0] };
            kill_hard(victim);
            let told = hear_out_rest(&mut events).await;
            gone(&seconds, &format!("stage {depth} was killed as {who:?}"));
            let outcome = json!(told);
            // The stage below may live long enough to tell what it did.
            assert!(matches!(outcome["outcome"].as_str(), Some("unknown" | "stopped")), "{outcome}");
        }
    }
}

#[tokio::test]
async fn f2_a_killed_template_leaves_no_process_and_another_takes_its_place() {
    for who in everyone() {
        let runner = Runner::start(who);
        let client = runner.connect().await.client;
        let seconds = odd_seconds();
        for order in both(&seconds) {
            let id = order.execution.clone();
            let mut events = client.start(order).await.unwrap();
            until_output(&mut events, "ready").await;
            kill_hard(runner.template());
            // What no namespace holds goes on, watched as before; it ends when it is told to.
            client.stop(id, "revoked".to_owned().try_into().unwrap()).await.unwrap();
            let outcome = json!(hear_out_rest(&mut events).await);
            gone(&seconds, &format!("the template was killed as {who:?}"));
            assert!(matches!(outcome["outcome"].as_str(), Some("unknown" | "stopped")), "{outcome}");
            assert_eq!(run(&client, shell("echo again")).await.text(), "again\n");
            wait_for("nothing is left of it", || tree::children(runner.id()).len() == 1);
        }
    }
}

/// What an init shares with the template costs nothing. A second image of the binary, relocated, would be megabytes.
#[tokio::test]
async fn an_execution_takes_little_memory_beside_its_program() {
    let runner = Runner::start(As::Tester);
    let client = runner.connect().await.client;
    let order = shell("echo ready; sleep 60");
    let mut events = client.start(order).await.unwrap();
    until_output(&mut events, "ready").await;
    let outer = runner.inits()[0];
    let own = [outer, tree::children(outer)[0]].map(|pid| {
        let map = std::fs::read_to_string(format!("/proc/{pid}/smaps_rollup")).unwrap();
        let private = map.lines().filter(|line| line.starts_with("Private_"));
        let kib = private.map(|line| line.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap());
        kib.sum::<u64>()
    });
    assert!(own.iter().sum::<u64>() < 1024, "KiB of its own: {own:?}");
}

async fn hear_out_rest(events: &mut countersign_runner::client::Events) -> Outcome {
    loop {
        match tokio::time::timeout(Duration::from_secs(15), events.next()).await.expect("an end") {
            Some(countersign_runspace::Event::Finished(result)) => return result.outcome,
            Some(_) => {}
            None => panic!("no end"),
        }
    }
}

#[tokio::test]
async fn f2_a_stopped_init_does_not_keep_its_program_alive_for_ever() {
    let runner = Runner::start(As::Tester);
    let client = runner.connect().await.client;
    let seconds = odd_seconds();
    let order = stubborn(&seconds);
    let id = order.execution.clone();
    let mut events = client.start(order).await.unwrap();
    until_output(&mut events, "ready").await;
    let outer = runner.inits();
    for pid in [outer[0], tree::children(outer[0])[0]] {
        tree::send(pid, rustix::process::Signal::STOP);
    }
    client.stop(id, "revoked".to_owned().try_into().unwrap()).await.unwrap();
    let outcome = hear_out_rest(&mut events).await;
    assert!(matches!(outcome, Outcome::Unknown { .. }), "{outcome:?}");
    gone(&seconds, "the init was stopped");
}

/// Only its one peer moves a deadline, only of what runs, and only ever later.
#[tokio::test]
async fn g13_a_deadline_is_moved_later_and_never_earlier() {
    for who in everyone() {
        let runner = Runner::start(who);
        let client = runner.connect().await.client;
        let mut order = shell("echo ready; sleep 5; echo past; sleep 60");
        order.deadline = clock::boot_now() + 4_000_000_000;
        let (id, later) = (order.execution.clone(), order.deadline + 4_000_000_000);
        let mut events = client.start(order).await.unwrap();
        until_output(&mut events, "ready").await;
        client.extend(id.clone(), later).await.unwrap();
        for earlier in [0, 1, later - 2_000_000_000] {
            client.extend(id.clone(), earlier).await.unwrap();
        }
        client.extend(fresh_id(), u64::MAX).await.unwrap();
        until_output(&mut events, "past").await;
        let told = loop {
            if let Some(countersign_runspace::Event::Finished(result)) = events.next().await {
                break result;
            }
        };
        let expected = json!({"outcome": "stopped", "why": "deadline", "confirmed": "confirmed"});
        assert_eq!(json!(told.outcome), expected);
        assert!(told.ended >= later, "{} {later}", told.ended);
        // The longest run time stays, whatever the deadline.
        let mut order = shell("echo ready; sleep 60");
        order.limits.run_time_ms = 1_000;
        let id = order.execution.clone();
        let mut events = client.start(order).await.unwrap();
        until_output(&mut events, "ready").await;
        client.extend(id, u64::MAX).await.unwrap();
        let told = loop {
            if let Some(countersign_runspace::Event::Finished(result)) = events.next().await {
                break result;
            }
        };
        assert_eq!(json!(told.outcome)["why"], json!("run_time"));
    }
}
