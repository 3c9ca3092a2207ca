//! The kit's faults: refused, hang, trickle, cut, endless.

use std::net::TcpListener;

use serde_json::json;

use super::cluster::Cluster;
use super::{definition, sql};
use crate::support::proxy::{Fault, before};
use crate::support::{SECOND, order, run};

#[test]
fn f1_what_cannot_be_known_is_unknown_and_nothing_else_is() {
    let cluster = Cluster::start();
    let behind = |fault| cluster.runspace_of(cluster.target_at(before(cluster.port, fault)));
    let insert = || sql(&[("INSERT INTO canary VALUES ('x')", &[])], json!({}));

    // The answer to COMMIT is lost: it was committed, or not.
    let told = run(behind(Fault::CutAfter(b"COMMIT\0")).as_ref(), insert());
    assert_eq!(told.outcome(), json!({"outcome": "unknown", "reason": "commit_unanswered"}));
    assert_eq!(cluster.canaries(), 1, "this time it was");
    let told = run(behind(Fault::CutBefore(b"COMMIT\0")).as_ref(), insert());
    assert_eq!(told.outcome(), json!({"outcome": "unknown", "reason": "commit_unanswered"}));
    assert_eq!(cluster.canaries(), 1, "this time it was not");

    // Before COMMIT nothing remains, whatever the server heard: a Bind of the first statement.
    for fault in [Fault::CutAfter(b"\0s0\0\0"), Fault::CutBefore(b"\0s0\0\0")] {
        run(behind(fault).as_ref(), insert()).fails("connection_lost");
        assert_eq!(cluster.canaries(), 1);
    }
    // While it prepares nothing was done.
    let told = run(behind(Fault::CutAfter(b"BEGIN")).as_ref(), insert());
    assert_eq!(told.refusal(), "target_unreachable");

    // Each statement by itself: an answer that is lost is not known.
    let mut alone = definition(&[("INSERT INTO canary VALUES ('x')", &[])]);
    alone["transaction"] = json!("none");
    let told = run(behind(Fault::CutAfter(b"\0s0\0\0")).as_ref(), order(alone, json!({})));
    assert_eq!(told.outcome(), json!({"outcome": "unknown", "reason": "connection_lost"}));

    run(behind(Fault::Trickle).as_ref(), sql(&[("SELECT repeat('x', 1000) AS a", &[])], json!({})))
        .succeeds();

    // Nobody listens; somebody listens and says nothing.
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let told = run(cluster.runspace_of(cluster.target_at(free)).as_ref(), insert());
    assert_eq!(told.refusal(), "target_unreachable");
    let silent = behind(Fault::Silent);
    let mut soon = insert();
    soon.start_by = countersign_runspace::clock::boot_now() + SECOND;
    assert_eq!(run(silent.as_ref(), soon).refusal(), "target_unreachable");
    let hung = crate::support::start(silent.as_ref(), insert()).unwrap();
    hung.running.kill();
    assert_eq!(hung.end().refusal(), "stopped_before_start");
    let health = cluster.runspace_of(cluster.target_at(free));
    run(health.as_ref(), insert());
    assert!(
        health.health().notes.iter().any(|note| note.starts_with("database db: ")),
        "{:?}",
        health.health()
    );
}

#[test]
fn f12_what_a_server_says_without_end_is_bounded() {
    let cluster = Cluster::start();
    let host = cluster.runspace();
    // One row larger than any message that is taken.
    let wide = sql(&[("SELECT repeat('x', 20000000) AS a", &[])], json!({}));
    let told = run(host.as_ref(), wide).fails("connection_lost");
    assert!(told.err().contains("at most 16 MiB"), "{}", told.err());
    // More rows than are kept.
    for format in ["csv", "table", "json_lines"] {
        let mut many = definition(&[("SELECT repeat('x', 1000) AS a FROM generate_series(1, 20000)", &[])]);
        many["output"] = json!(format);
        many["max_rows"] = json!(1_000_000);
        let mut many = order(many, json!({}));
        many.limits.output_bytes = 10_000;
        let told = run(host.as_ref(), many).succeeds();
        let result = told.end.as_ref().unwrap();
        assert!(told.stdout.len() <= 10_000 && result.stdout.kept <= 10_000, "{format}");
        if format != "table" {
            assert!(result.stdout.bytes > 20_000_000, "{format}");
        }
    }
}
