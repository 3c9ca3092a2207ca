//! Stops: the remote process ends.

use countersign_runspace::{Runspace, StopReason};
use serde_json::json;

use super::script;
use super::sshd::{Sshd, hosts, is_root};
use crate::support::{SECOND, run, start, wait_for};

#[test]
fn g15_a_stop_ends_the_remote_process() {
    let server = Sshd::start();
    let host = server.runspace();
    ends(&server, host.as_ref());
    let host = host.as_ref();
    let mut short = script(&server, "sleep 50");
    short.limits.run_time_ms = 500;
    assert_eq!(run(host, short).outcome()["why"], "run_time");
    let mut late = script(&server, "sleep 50");
    late.start_by = countersign_runspace::clock::boot_now();
    late.deadline = late.start_by + SECOND;
    assert_eq!(run(host, late).refusal(), "start_too_late");
    run(host, script(&server, "true")).succeeds();
}

/// OpenSSH does not let a channel signal what a certificate forced, nor what root runs.
#[test]
fn g15_a_stop_ends_what_the_host_does_not_let_us_signal() {
    let mut server = Sshd::start();
    let rules = json!({"key": null, "certificate": {"authority": "ca"}});
    let forced =
        hosts(vec![("web", server.table(rules.clone()))], vec![("ca", server.credential("authority"))]);
    ends(&server, forced.as_ref());
    // What the shell said of itself is not told.
    let told = run(forced.as_ref(), script(&server, "echo problem >&2; kill -ABRT $$"));
    assert_eq!((told.err(), &told.outcome()["failure"]), ("problem\n".to_owned(), &json!({"signal": 6})));
    if is_root() {
        server.user = "root".to_owned();
        ends(&server, server.runspace().as_ref());
        let told = run(server.runspace().as_ref(), script(&server, "echo problem >&2; id -u")).succeeds();
        assert_eq!((told.err(), told.out()), ("problem\n".to_owned(), "0\n".to_owned()));
    }
}

fn ends(server: &Sshd, host: &dyn Runspace) {
    for (how, trap) in [("stop", ""), ("kill", ""), ("stop", "trap '' TERM; ")] {
        let file = server.writable().join(format!("pid-{}-{how}-{}", server.user, trap.len()));
        let line = format!("{trap}echo $$ > {}; while :; do sleep 1; done", file.display());
        let mut started = start(host, script(server, &line)).unwrap();
        started.until_started();
        wait_for("the process", || std::fs::read_to_string(&file).is_ok_and(|text| text.ends_with('\n')));
        let pid = std::fs::read_to_string(&file).unwrap().trim().to_owned();
        match how {
            "stop" => started.running.stop(StopReason::try_from("revoked".to_owned()).unwrap()),
            _ => started.running.kill(),
        }
        let told = started.end();
        let why = if how == "stop" { json!({"requested": "revoked"}) } else { json!("server_lost") };
        assert_eq!(
            told.outcome(),
            json!({"outcome": "stopped", "why": why, "confirmed": "confirmed"}),
            "{how} {trap}"
        );
        wait_for("its end", || !std::path::Path::new(&format!("/proc/{pid}")).exists());
    }
}
