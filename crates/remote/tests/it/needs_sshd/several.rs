//! One task on several hosts.

use countersign_runspace::{Runspace, StopReason, WorkOrder};
use serde_json::{Value, json};

use super::sshd::{Sshd, hosts};
use crate::support::{Told, order, run, start, wait_for};

/// The same server under several names, and one name under which nobody answers.
struct Fleet {
    server: Sshd,
    host: Box<dyn Runspace>,
}

impl Fleet {
    fn new(names: &[&str]) -> Self {
        let server = Sshd::start();
        let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let mut targets: Vec<_> = names.iter().map(|name| (*name, server.target())).collect();
        targets.push(("gone", server.target_at(free)));
        targets.push(("closed", server.table(json!({"users": ["somebody"]}))));
        let host = hosts(targets, vec![("key", server.credential("key"))]);
        Self { server, host }
    }

    fn order(&self, bounds: Value, names: &[&str], script: &str) -> WorkOrder {
        let mut target = json!({"parameter": "Hosts"});
        for (key, value) in bounds.as_object().unwrap() {
            target[key] = value.clone();
        }
        let definition = json!({"executor": "ssh", "target": target, "user": self.server.user,
            "program": "/bin/sh", "arguments": [{"literal": "-c"}, {"literal": script}]});
        order(definition, json!({"Hosts": {"list": names}}))
    }

    fn run(&self, bounds: Value, names: &[&str], script: &str) -> Told {
        run(self.host.as_ref(), self.order(bounds, names, script))
    }
}

#[test]
fn each_host_is_told_apart() {
    let fleet = Fleet::new(&["web1", "web2", "web3"]);
    let script = "echo one; printf two; echo problem >&2";
    let told = fleet.run(json!({"at_once": 3}), &["web2", "web1"], script).succeeds();
    let mut lines: Vec<&str> = std::str::from_utf8(&told.stdout).unwrap().lines().collect();
    lines.sort_unstable();
    assert_eq!(lines, ["web1: one", "web1: two", "web2: one", "web2: two"]);
    let said = told.err();
    let (problems, ends) = said.split_at(said.find("web2: succeeded").unwrap());
    assert!(problems.contains("web1: problem\n") && problems.contains("web2: problem\n"), "{said}");
    assert_eq!(ends, "web2: succeeded\nweb1: succeeded\n", "in the order of the request");

    // One name is enough, and its output bears it as well.
    let mut one = fleet.order(json!({}), &[], "echo x");
    one.parameters = serde_json::from_value(json!({"Hosts": {"string": "web3"}})).unwrap();
    assert_eq!(run(fleet.host.as_ref(), one).succeeds().out(), "web3: x\n");
}

#[test]
fn no_host_begins_after_too_many_failed() {
    let fleet = Fleet::new(&["web1", "web2", "web3", "web4"]);
    let told = fleet.run(json!({}), &["web1", "gone", "web3", "web4"], "echo x");
    assert_eq!(told.outcome(), json!({"outcome": "failed", "failure": {"target": "some_hosts_failed"}}));
    assert_eq!(told.out(), "web1: x\n");
    let said = told.err();
    assert!(said.starts_with("web1: succeeded\ngone: nothing ran, target_unreachable: "), "{said}");
    assert!(said.ends_with("web3: nothing ran, not tried\nweb4: nothing ran, not tried\n"), "{said}");
    let told = fleet.run(json!({"stop_after": 2}), &["gone", "web1", "web2"], "exit 3");
    assert_eq!(told.outcome()["failure"], json!({"target": "no_host_succeeded"}));
    assert!(told.err().ends_with("web1: failed, exit 3\nweb2: nothing ran, not tried\n"), "{}", told.err());
    let told = fleet.run(json!({"stop_after": 9}), &["gone", "web1", "web2"], "echo y");
    assert_eq!(told.out(), "web1: y\nweb2: y\n");
    // Nothing anywhere is a refusal.
    let told = fleet.run(json!({}), &["gone", "web1"], "echo x");
    assert_eq!(told.refusal(), "target_unreachable");
    assert!(told.end.unwrap_err().message.starts_with("gone: "));
}

#[test]
fn only_so_many_work_at_one_time() {
    let fleet = Fleet::new(&["web1", "web2", "web3", "web4", "web5"]);
    let place = fleet.server.writable();
    let script = format!("mkdir {0}/$$; ls {0} | wc -l; sleep 0.4; rmdir {0}/$$", place.display());
    let names = ["web1", "web2", "web3", "web4", "web5"];
    let told = fleet.run(json!({"at_once": 2}), &names, &script).succeeds();
    let most = told.out().lines().map(|line| line.rsplit(' ').next().unwrap().parse::<u32>().unwrap()).max();
    assert_eq!(most, Some(2), "{}", told.out());
}

#[test]
fn what_is_not_known_of_one_is_not_known_of_the_whole() {
    let fleet = Fleet::new(&["web1", "web2", "web3"]);
    let (port, cable) = crate::support::proxy::cuttable(fleet.server.port);
    let targets = vec![("web1", fleet.server.target()), ("cut", fleet.server.target_at(port))];
    let host = hosts(targets, vec![("key", fleet.server.credential("key"))]);
    let file = fleet.server.writable().join("ran");
    let script = format!("echo here; test -e {0} && {{ touch {0}2; sleep 30; }}; touch {0}", file.display());
    let mut started = start(host.as_ref(), fleet.order(json!({}), &["web1", "cut"], &script)).unwrap();
    started.until_started();
    wait_for("the second", || file.with_file_name("ran2").exists());
    cable.cut();
    let told = started.end();
    assert_eq!(told.outcome(), json!({"outcome": "unknown", "reason": "connection_lost: cut"}));
    assert!(told.err().ends_with("web1: succeeded\ncut: unknown, connection_lost\n"), "{}", told.err());
}

#[test]
fn g15_a_stop_ends_all_and_begins_none() {
    let fleet = Fleet::new(&["web1", "web2", "web3"]);
    let place = fleet.server.writable();
    let script = format!("echo $$ > {}/pid-$$; exec sleep 60", place.display());
    let order = fleet.order(json!({"at_once": 2}), &["web1", "web2", "web3"], &script);
    let mut started = start(fleet.host.as_ref(), order).unwrap();
    started.until_started();
    let pids = || std::fs::read_dir(&place).unwrap().count();
    wait_for("both", || pids() == 2);
    started.running.stop(StopReason::try_from("revoked".to_owned()).unwrap());
    let told = started.end();
    let stopped = json!({"outcome": "stopped", "why": {"requested": "revoked"}, "confirmed": "confirmed"});
    assert_eq!(told.outcome(), stopped);
    assert_eq!(told.err(), "web1: stopped\nweb2: stopped\nweb3: nothing ran, not tried\n");
    assert_eq!(pids(), 2);
}

#[test]
fn what_names_no_host_is_refused_before_anything_is_done() {
    let fleet = Fleet::new(&["web1", "web2"]);
    let many: Vec<String> = (0..101).map(|n| format!("web{n}")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    for (names, code) in [
        (vec!["web1", "unheard-of"], "target_unknown"),
        (vec!["web1", "../etc"], "target_unknown"),
        (vec!["web1", "Web2"], "target_unknown"),
        (vec!["web1", ""], "target_unknown"),
        (vec!["web1", "127.0.0.1"], "target_unknown"),
        (vec!["web1", "web2", "web1"], "target_repeated"),
        (vec!["web1", "closed"], "user_not_allowed"),
        (vec![], "parameter_missing"),
        (many, "too_many_targets"),
    ] {
        assert_eq!(fleet.run(json!({}), &names, "echo x").refusal(), code, "{names:?}");
    }
    assert_eq!(fleet.server.sign_ins(), 0);
}

#[test]
fn s1_no_host_takes_another_s_share_nor_its_name() {
    let fleet = Fleet::new(&["web1", "web2"]);
    let mut order =
        fleet.order(json!({"at_once": 2}), &["web1", "web2"], "printf 'web2: '; yes | head -c 100000");
    order.limits.output_bytes = 4_096;
    let told = run(fleet.host.as_ref(), order).succeeds();
    let text = told.out();
    for name in ["web1", "web2"] {
        let own = text.lines().filter(|line| line.starts_with(&format!("{name}: "))).count();
        assert!(own > 100, "{name}: {own}");
    }
    assert!(text.lines().all(|line| line.starts_with("web1: ") || line.starts_with("web2: ")), "{text}");
    assert!(text.contains("web1: web2: y\n"), "a host that says it is another");
    assert!(
        told.err().contains("web1: succeeded; ") && told.err().contains("were left out"),
        "{}",
        told.err()
    );

    // A secret that comes in pieces, between another host's.
    let mut order = fleet.order(
        json!({"at_once": 2}),
        &["web1", "web2"],
        "for c in hush hu shh; do printf $c; sleep 0.2; done; read s; echo $s",
    );
    order.definition = serde_json::from_value({
        let mut definition = serde_json::to_value(&order.definition).unwrap();
        definition["stdin"] = json!("S");
        definition
    })
    .unwrap();
    order
        .parameters
        .insert("S".parse().unwrap(), serde_json::from_value(json!({"secret": "hushhush"})).unwrap());
    let told = run(fleet.host.as_ref(), order).succeeds();
    assert!(!told.out().contains("hushhush"), "{}", told.out());
    assert_eq!(told.out().matches("(secret)").count(), 4, "{}", told.out());
}
