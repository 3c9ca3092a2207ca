//! Stops: the remote process ends.

use countersign_runspace::StopReason;
use serde_json::json;

use super::script;
use super::sshd::Sshd;
use crate::support::{SECOND, run, start, wait_for};

#[test]
fn g15_a_stop_ends_the_remote_process() {
    let server = Sshd::start();
    let host = server.runspace();
    let host = host.as_ref();
    let signalled = server.user != "root";
    for (how, trap) in [("stop", ""), ("kill", ""), ("stop", "trap '' TERM; ")] {
        let file = server.writable().join(format!("pid-{how}-{}", trap.len()));
        let line = format!("{trap}echo $$ > {}; while :; do sleep 1; done", file.display());
        let mut started = start(host, script(&server, &line)).unwrap();
        started.until_started();
        wait_for("the process", || std::fs::read_to_string(&file).is_ok_and(|text| text.ends_with('\n')));
        let pid = std::fs::read_to_string(&file).unwrap().trim().to_owned();
        match how {
            "stop" => started.running.stop(StopReason::try_from("revoked".to_owned()).unwrap()),
            _ => started.running.kill(),
        }
        let told = started.end();
        let why = if how == "stop" { json!({"requested": "revoked"}) } else { json!("server_lost") };
        // sshd refuses to signal what root runs.
        let confirmed = if signalled { "confirmed" } else { "unconfirmed" };
        assert_eq!(
            told.outcome(),
            json!({"outcome": "stopped", "why": why, "confirmed": confirmed}),
            "{how} {trap}"
        );
        if signalled {
            wait_for("its end", || !std::path::Path::new(&format!("/proc/{pid}")).exists());
        } else {
            let _ = std::process::Command::new("kill").args(["-9", &pid]).status();
        }
    }
    let mut short = script(&server, "sleep 50");
    short.limits.run_time_ms = 500;
    assert_eq!(run(host, short).outcome()["why"], "run_time");
    let mut late = script(&server, "sleep 50");
    late.start_by = countersign_runspace::clock::boot_now();
    late.deadline = late.start_by + SECOND;
    assert_eq!(run(host, late).refusal(), "start_too_late");
    run(host, script(&server, "true")).succeeds();
}
