//! What an executor costs over the tool that one would use without it: each beside its control, in turn, in the same minute.
//!
//! `cargo xtask bench`, or `cargo bench -p countersign-remote`. Needs PostgreSQL's and OpenSSH's servers.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a benchmark may fail loudly")]
#![allow(clippy::indexing_slicing, reason = "a benchmark may fail loudly")]
#![allow(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "it starts servers, measures time and prints it"
)]
#![allow(dead_code, reason = "the tests use more of what they have in common")]

#[path = "../tests/it/needs_postgres/cluster.rs"]
mod cluster;
#[path = "../tests/it/needs_sshd/sshd.rs"]
mod sshd;
#[path = "../tests/it/support/mod.rs"]
mod support;

use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::mpsc::{Sender, channel};
use std::time::{Duration, Instant};

use countersign_runspace::{Event, ExecutionId, Outcome, Runspace, Sink, WorkOrder};
use serde_json::json;

use cluster::{Cluster, PASSWORD};
use sshd::Sshd;
use support::order;

const STATEMENT: &str = "SELECT count(*) FROM pg_class WHERE relname LIKE $1";

struct End(Sender<Event>);

impl Sink for End {
    fn event(&self, _: &ExecutionId, event: Event) {
        if matches!(event, Event::Finished(_) | Event::Refused(_)) {
            let _ = self.0.send(event);
        }
    }
}

/// From the order to its end.
fn execute(host: &dyn Runspace, order: WorkOrder) {
    let (sender, ends) = channel();
    host.preflight(&order).unwrap();
    let _running = host.start(order, Arc::new(End(sender))).unwrap();
    match ends.recv_timeout(Duration::from_secs(60)).unwrap() {
        Event::Finished(result) => {
            assert!(matches!(result.outcome, Outcome::Succeeded { .. }), "{:?}", result.outcome);
        }
        other => panic!("{other:?}"),
    }
}

fn quiet(command: &mut Command) {
    let status = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status();
    assert!(status.unwrap().success(), "{command:?}");
}

/// Takes turns, so that noise meets all alike, and prints milliseconds and the ratio to the first.
fn compare(title: &str, rounds: usize, ways: &mut [(&str, &mut dyn FnMut())]) {
    let mut times: Vec<Vec<f64>> = ways.iter().map(|_| Vec::new()).collect();
    for round in 0..rounds + 3 {
        for (at, (_, way)) in ways.iter_mut().enumerate() {
            let begun = Instant::now();
            way();
            if round >= 3 {
                times[at].push(begun.elapsed().as_secs_f64() * 1000.0);
            }
        }
    }
    println!("\n{title} ({rounds} rounds, ms)");
    println!("{:<46} {:>8} {:>8} {:>8} {:>7}", "", "p50", "p95", "over", "ratio");
    let mut control = 0.0;
    for (at, (name, _)) in ways.iter().enumerate() {
        times[at].sort_by(f64::total_cmp);
        let part = |part: f64| times[at][((times[at].len() - 1) as f64 * part) as usize];
        if at == 0 {
            control = part(0.5);
        }
        let (p50, p95) = (part(0.5), part(0.95));
        println!("{name:<46} {p50:>8.2} {p95:>8.2} {:>8.2} {:>7.2}", p50 - control, p50 / control);
    }
}

fn main() {
    if std::env::args().any(|argument| argument == "--list") {
        return;
    }
    postgresql();
    ssh();
}

fn postgresql() {
    let cluster = Cluster::start();
    let host = cluster.runspace();
    let task = || {
        let definition = json!({"executor": "postgresql", "target": "db", "role": "worker",
            "statements": [{"sql": STATEMENT, "parameters": [{"name": "V"}]}]});
        execute(host.as_ref(), order(definition, json!({"V": {"string": "pg_%"}})));
    };
    let mut pooled = cluster.client_of("countersign", PASSWORD);
    let mut unprepared = cluster.client_of("countersign", PASSWORD);
    let statement = pooled.prepare(STATEMENT).unwrap();
    let port = cluster.port.to_string();
    let psql = || {
        let line = "SELECT count(*) FROM pg_class WHERE relname LIKE 'pg_%'";
        quiet(
            Command::new("psql")
                .args(["-X", "-h", "127.0.0.1", "-p", &port, "-U", "countersign", "-d", "work", "-c", line])
                .env("PGPASSWORD", PASSWORD),
        );
    };
    compare(
        "PostgreSQL: one SELECT",
        200,
        &mut [
            ("pooled client, prepared", &mut || _ = pooled.query_one(&statement, &[&"pg_%"]).unwrap()),
            ("pooled client, not prepared", &mut || _ = unprepared.query_one(STATEMENT, &[&"pg_%"]).unwrap()),
            ("task on a pooled connection", &mut || task()),
        ],
    );
    compare(
        "PostgreSQL: beside psql",
        20,
        &mut [("psql -c", &mut || psql()), ("task on a pooled connection", &mut || task())],
    );
}

fn ssh() {
    let server = Sshd::start();
    let known = server.place.path().join("known_hosts");
    let line = format!("[127.0.0.1]:{} {}", server.port, server.file("host.pub"));
    std::fs::write(&known, line).unwrap();
    let client = |control: Option<&str>| {
        let mut command = Command::new("ssh");
        command.args(["-F", "none", "-o", "BatchMode=yes", "-o", "IdentitiesOnly=yes", "-p"]);
        command.arg(server.port.to_string()).arg("-i").arg(server.place.path().join("key"));
        command.arg("-o").arg(format!("UserKnownHostsFile={}", known.display()));
        if let Some(path) = control {
            command.args(["-o", "ControlMaster=auto", "-o", "ControlPersist=120", "-S", path]);
        }
        command.arg(format!("{}@127.0.0.1", server.user)).arg("/bin/true");
        quiet(&mut command);
    };
    let definition = json!({"executor": "ssh", "target": "web", "user": server.user, "program": "/bin/true"});
    let reused = server.runspace();
    let task = |host: &dyn Runspace| execute(host, order(definition.clone(), json!({})));
    let control = tempfile::tempdir().unwrap();
    let path = control.path().join("c").display().to_string();
    compare(
        "SSH: /bin/true on a connection that is there",
        60,
        &mut [
            ("ssh with ControlMaster", &mut || client(Some(&path))),
            ("task on a reused connection", &mut || task(reused.as_ref())),
        ],
    );
    let _ = Command::new("ssh")
        .args(["-F", "none", "-S", &path, "-O", "exit", "x"])
        .stderr(Stdio::null())
        .status();
    let rules = json!({"key": null, "certificate": {"authority": "ca"}});
    let certified = || {
        let authority = vec![("ca", server.credential("authority"))];
        sshd::hosts(vec![("web", server.table(rules.clone()))], authority)
    };
    compare(
        "SSH: /bin/true on a new connection",
        20,
        &mut [
            ("ssh", &mut || client(None)),
            ("task, with a key", &mut || task(server.runspace().as_ref())),
            ("task, with a certificate of its own", &mut || task(certified().as_ref())),
        ],
    );
}
