//! F12: what a program may use up.

use countersign_runspace::{Limits, Outcome, WorkOrder};
use serde_json::json;

use crate::support::*;

fn limited(mut order: WorkOrder, change: impl Fn(&mut Limits)) -> WorkOrder {
    change(&mut order.limits);
    order
}

#[tokio::test]
async fn output_beyond_the_limit_is_counted_and_digested_but_not_kept() {
    let runner = Runner::start(As::Tester);
    let client = runner.connect().await.client;
    let told = run(&client, limited(shell("head -c 300000 /dev/zero"), |l| l.output_bytes = 1000)).await;
    assert_eq!(told.stdout, vec![0; 1000]);
    let stdout = &told.result().stdout;
    assert_eq!((stdout.bytes, stdout.kept), (300_000, 1000));
    assert_eq!(stdout.sha256, digest_of_zeroes(300_000));
    assert_eq!(told.result().outcome, Outcome::Succeeded { exit: 0 });
}

fn digest_of_zeroes(count: usize) -> String {
    use sha2::Digest as _;
    hex::encode(sha2::Sha256::digest(vec![0; count]))
}

#[tokio::test]
async fn f12_a_fork_bomb_stays_small_and_ends() {
    for who in everyone() {
        let runner = Runner::start(who);
        let client = runner.connect().await.client;
        let word = odd_seconds();
        // A shell gives up at the first process that it can't start: the last number it says is the limit.
        let count = format!("i=0; while [ $i -lt 300 ]; do sleep {word} & i=$((i+1)); echo $i; done");
        let counted = run(&client, limited(shell(&count), |l| l.processes = 40)).await;
        let last: u32 = counted.text().lines().last().unwrap().parse().unwrap();
        assert!((20..=45).contains(&last), "{last} processes as {who:?}");
        assert_eq!(processes_with(&word), [0; 0], "{who:?}");

        let bomb = format!("f() {{ f | f & sleep {word}; }}; f");
        let told = run(
            &client,
            limited(shell(&bomb), |l| {
                l.processes = 40;
                l.run_time_ms = 1500;
            }),
        )
        .await;
        assert!(!matches!(told.result().outcome, Outcome::Unknown { .. }));
        assert_eq!(processes_with(&word), [0; 0], "{who:?}");
    }
}

#[tokio::test]
async fn f12_memory_is_bounded() {
    for who in everyone() {
        let runner = Runner::start(who);
        let client = runner.connect().await.client;
        let hog = || shell("head -c 300000000 /dev/zero | tail | wc -c");
        let free = run(&client, limited(hog(), |l| l.memory_bytes = 2_000_000_000)).await;
        assert_eq!(free.text().trim(), "300000000");
        let bound = run(&client, limited(hog(), |l| l.memory_bytes = 64_000_000)).await;
        assert_ne!(bound.text().trim(), "300000000", "{who:?}");
        let peak = bound.result().usage.peak_memory_bytes;
        assert!(peak <= 64_000_000, "{peak} bytes as {who:?}");
        if bound.result().applied.cgroup.is_some() {
            let told = run(
                &client,
                limited(shell("head -c 300000000 /dev/zero | tail >/dev/null"), |l| {
                    l.memory_bytes = 64_000_000
                }),
            )
            .await;
            assert_eq!(
                json!(told.result().outcome),
                json!({"outcome": "failed", "failure": "out_of_memory"})
            );
        }
    }
}

#[tokio::test]
async fn f12_descriptors_processor_time_and_files_are_bounded() {
    for who in everyone() {
        let runner = Runner::start(who);
        let client = runner.connect().await.client;
        let told = run(&client, limited(shell("ulimit -n; ulimit -c"), |l| l.open_files = 33)).await;
        assert_eq!(told.text(), "33\n0\n");
        let told = run(&client, limited(shell("while :; do :; done"), |l| l.cpu_seconds = 1)).await;
        let outcome = json!(told.result().outcome);
        let signal = outcome["failure"]["signal"].as_i64();
        assert!(matches!(signal, Some(9 | 24)), "{outcome}");
    }
}

#[tokio::test]
async fn the_host_file_lowers_every_limit() {
    let host =
        format!("{EVERYTHING}\n[process.limits]\nopen_files = 20\noutput_bytes = 3\nrun_time_ms = 400\n");
    let runner = Runner::with_host_file(As::Tester, &host);
    let client = runner.connect().await.client;
    let told = run(&client, shell("ulimit -n; sleep 20")).await;
    assert_eq!(told.text(), "20\n");
    assert_eq!(
        json!(told.result().outcome),
        json!({"outcome": "stopped", "why": "run_time", "confirmed": "confirmed"})
    );
    assert_eq!(told.result().limits.output_bytes, 3);
}
