//! The kit's faults: refused, hang, trickle, cut, endless.

use std::net::TcpListener;

use serde_json::json;

use super::script;
use super::sshd::Sshd;
use crate::support::proxy::{Fault, before};
use crate::support::{SECOND, run, start, wait_for};

#[test]
fn f1_what_cannot_be_known_is_unknown_and_nothing_else_is() {
    let server = Sshd::start();
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let nobody = server.runspace_of(server.target_at(free), "key");
    assert_eq!(run(nobody.as_ref(), script(&server, "id")).refusal(), "target_unreachable");
    assert!(nobody.health().notes.iter().any(|note| note.starts_with("host web: ")));

    let silent = server.runspace_of(server.target_at(before(server.port, Fault::Silent)), "key");
    let mut soon = script(&server, "id");
    soon.start_by = countersign_runspace::clock::boot_now() + SECOND;
    assert_eq!(run(silent.as_ref(), soon).refusal(), "target_unreachable");
    let hung = start(silent.as_ref(), script(&server, "id")).unwrap();
    hung.running.kill();
    assert_eq!(hung.end().refusal(), "stopped_before_start");

    let slow = server.runspace_of(server.target_at(before(server.port, Fault::Trickle)), "key");
    assert_eq!(run(slow.as_ref(), script(&server, "echo slow")).succeeds().out(), "slow\n");

    // Cut while it is said who is who: nothing ran.
    let cut = server.runspace_of(server.target_at(before(server.port, Fault::CutBefore(b"SSH-2.0"))), "key");
    assert_eq!(run(cut.as_ref(), script(&server, "id")).refusal(), "target_unreachable");

    // Cut while it runs: nobody can know.
    let (port, cable) = crate::support::proxy::cuttable(server.port);
    let host = server.runspace_of(server.target_at(port), "key");
    let file = server.writable().join("ran");
    let line = format!("touch {}; sleep 20", file.display());
    let mut started = start(host.as_ref(), script(&server, &line)).unwrap();
    started.until_started();
    wait_for("the command", || file.exists());
    cable.cut();
    assert_eq!(started.end().outcome(), json!({"outcome": "unknown", "reason": "connection_lost"}));
}

#[test]
fn f12_what_a_host_says_without_end_is_bounded() {
    let server = Sshd::start();
    let host = server.runspace();
    let mut endless = script(&server, "yes");
    endless.limits.output_bytes = 10_000;
    endless.limits.run_time_ms = 2_000;
    let told = run(host.as_ref(), endless);
    assert_eq!(told.outcome()["why"], "run_time");
    let result = told.end.as_ref().unwrap();
    assert!(told.stdout.len() == 10_000 && result.stdout.bytes > 10_000, "{:?}", result.stdout);
}
