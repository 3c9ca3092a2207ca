//! Stops: the server's own work ends, and nothing of it remains.

use countersign_runspace::StopReason;
use serde_json::json;

use super::cluster::Cluster;
use super::sql;
use crate::support::{SECOND, run, start, wait_for};

#[test]
fn g15_a_stop_ends_the_statement_and_rolls_back() {
    let cluster = Cluster::start();
    let host = cluster.runspace();
    let host = host.as_ref();
    let mut oracle = cluster.client("work");
    let mut sleeping = move || -> i64 {
        let query = "SELECT count(*) FROM pg_stat_activity WHERE usename = 'countersign' AND state <> 'idle'";
        oracle.query_one(query, &[]).unwrap().get(0)
    };
    let slow = || sql(&[("INSERT INTO canary VALUES ('x')", &[]), ("SELECT pg_sleep(50)", &[])], json!({}));
    for how in ["stop", "kill"] {
        let mut started = start(host, slow()).unwrap();
        started.until_started();
        wait_for("the statement", || sleeping() == 1);
        match how {
            "stop" => started.running.stop(StopReason::try_from("revoked".to_owned()).unwrap()),
            _ => started.running.kill(),
        }
        let told = started.end();
        let why = if how == "stop" { json!({"requested": "revoked"}) } else { json!("server_lost") };
        assert_eq!(told.outcome(), json!({"outcome": "stopped", "why": why, "confirmed": "confirmed"}));
        wait_for("the end of the statement", || sleeping() == 0);
        assert_eq!(cluster.canaries(), 0);
    }
    let mut short = slow();
    short.deadline = countersign_runspace::clock::boot_now() + 2 * SECOND;
    short.start_by = short.deadline - SECOND;
    let told = run(host, short);
    let outcome = told.outcome();
    assert!(
        outcome["why"] == "deadline" || outcome["failure"]["target"] == "sqlstate_57014",
        "{outcome}: {}",
        told.err()
    );
    assert_eq!(cluster.canaries(), 0);

    // Too late is not at all.
    let mut late = slow();
    late.start_by = countersign_runspace::clock::boot_now();
    assert_eq!(run(host, late).refusal(), "start_too_late");
    // Places are given back.
    for _ in 0..20 {
        run(host, sql(&[("SELECT 1", &[])], json!({}))).succeeds();
    }
}
