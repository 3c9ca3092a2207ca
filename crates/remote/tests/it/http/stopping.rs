//! Stops: what only reads is given up; of what was sent, the answer is waited for.

use countersign_runspace::StopReason;
use serde_json::json;

use super::plain;
use super::server::Server;
use crate::support::{SECOND, run, start, wait_for};

fn revoked() -> StopReason {
    StopReason::try_from("revoked".to_owned()).unwrap()
}

#[test]
fn g15_a_stop_says_what_is_known_and_no_more() {
    let server = Server::start();
    let host = server.runspace();
    for (method, expected) in [
        ("GET", json!({"outcome": "stopped", "why": {"requested": "revoked"}, "confirmed": "confirmed"})),
        ("POST", json!({"outcome": "unknown", "reason": "stopped_without_answer"})),
    ] {
        let mut order = plain(method, "/hang");
        order.limits.grace_ms = 500;
        let mut started = start(host.as_ref(), order).unwrap();
        started.until_started();
        wait_for("the request", || server.has_seen("hang"));
        started.running.stop(revoked());
        assert_eq!(started.end().outcome(), expected);
        server.take();
    }
    // The answer comes within the grace: it is done, and said so.
    let mut started = start(host.as_ref(), plain("POST", "/slow")).unwrap();
    started.until_started();
    wait_for("the request", || server.has_seen("slow"));
    started.running.stop(revoked());
    started.end().succeeds();

    let killed = start(host.as_ref(), plain("GET", "/hang")).unwrap();
    wait_for("the request", || server.has_seen("hang"));
    killed.running.kill();
    assert_eq!(killed.end().outcome()["why"], "server_lost");

    let mut short = plain("GET", "/hang");
    short.limits.run_time_ms = 500;
    assert_eq!(run(host.as_ref(), short).outcome()["why"], "run_time");
    let mut late = plain("GET", "/echo");
    late.start_by = countersign_runspace::clock::boot_now();
    late.deadline = late.start_by + SECOND;
    server.take();
    assert_eq!(run(host.as_ref(), late).refusal(), "start_too_late");
    assert!(server.take().is_empty());
}
