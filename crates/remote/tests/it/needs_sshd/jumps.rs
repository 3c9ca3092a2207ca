//! Hosts that are reached through others.

use countersign_remote::SshTarget;
use countersign_runspace::Runspace;
use serde_json::{Value, json};

use super::script;
use super::sshd::{Sshd, hosts};
use crate::support::{SECOND, run, start, wait_for};

/// `web` behind `bastion`, each with its keys.
fn behind(bastion: (&Sshd, SshTarget), web: (&Sshd, SshTarget)) -> Box<dyn Runspace> {
    hosts(
        vec![("bastion", bastion.1), ("web", web.1)],
        vec![
            ("bastion-key", bastion.0.credential("key")),
            ("bastion-ca", bastion.0.credential("authority")),
            ("key", web.0.credential("key")),
            ("ca", web.0.credential("authority")),
        ],
    )
}

fn lets_through(server: &Sshd, change: Value) -> SshTarget {
    let mut all = json!({"key": "bastion-key", "users": [], "jump_as": server.user});
    for (key, value) in change.as_object().unwrap() {
        all[key] = value.clone();
    }
    server.table(all)
}

#[test]
fn a_host_is_reached_through_another_and_each_is_verified() {
    let (bastion, web) = (Sshd::start(), Sshd::start());
    let through = json!({"via": "bastion"});
    let host = behind((&bastion, lets_through(&bastion, json!({}))), (&web, web.table(through.clone())));
    for _ in 0..2 {
        let told = run(host.as_ref(), script(&web, "echo $SSH_CONNECTION")).succeeds();
        assert!(told.out().contains("127.0.0.1"), "{}", told.out());
    }
    assert_eq!((bastion.sign_ins(), web.sign_ins()), (1, 1), "both connections are used again");
    assert!(!bastion.file("log").contains("Starting session"), "nothing is executed on the way");

    // Nothing runs on a host that only lets others through.
    let mut direct = script(&web, "id");
    direct.definition = serde_json::from_value(
        json!({"executor": "ssh", "target": "bastion", "user": web.user, "program": "/bin/true"}),
    )
    .unwrap();
    assert_eq!(run(host.as_ref(), direct).refusal(), "user_not_allowed");

    // Another key at either end of the way.
    let other = |server: &Sshd| json!([server.file("other.pub")]);
    let first = lets_through(&bastion, json!({"host_keys": other(&bastion)}));
    let told =
        run(behind((&bastion, first), (&web, web.table(through.clone()))).as_ref(), script(&web, "id"));
    assert_eq!(told.refusal(), "target_not_verified");
    assert!(told.end.unwrap_err().message.starts_with("through bastion: the host shows the key SHA256:"));
    let second = web.table(json!({"via": "bastion", "host_keys": other(&web)}));
    let told = run(
        behind((&bastion, lets_through(&bastion, json!({}))), (&web, second)).as_ref(),
        script(&web, "id"),
    );
    assert_eq!(told.refusal(), "target_not_verified");
    assert_eq!(web.sign_ins(), 1, "nobody signed in");

    // A bastion that lets nobody through, and a host behind it that is not there.
    let closed = Sshd::with(&["AllowTcpForwarding no"]);
    let host = behind((&closed, lets_through(&closed, json!({}))), (&web, web.table(through)));
    assert_eq!(run(host.as_ref(), script(&web, "id")).refusal(), "target_unreachable");
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let nobody = web.table(json!({"via": "bastion", "port": free}));
    let host = behind((&bastion, lets_through(&bastion, json!({}))), (&web, nobody));
    assert_eq!(run(host.as_ref(), script(&web, "id")).refusal(), "target_unreachable");
}

#[test]
fn s2_a_certificate_for_the_way_executes_nothing() {
    let (bastion, web) = (Sshd::start(), Sshd::start());
    let first = json!({"key": null, "certificate": {"authority": "bastion-ca"}});
    let second = json!({"via": "bastion", "key": null, "certificate": {"authority": "ca"}});
    let host = behind((&bastion, lets_through(&bastion, first)), (&web, web.table(second)));
    let mut started = start(host.as_ref(), script(&web, "sleep 60")).unwrap();
    started.until_started();
    wait_for("the command", || web.file("log").contains("Starting session"));
    started.running.kill();
    assert_eq!(started.end().outcome()["confirmed"], "confirmed", "ended through the bastion as well");
    assert!(bastion.file("log").contains("ID countersign x-"), "{}", bastion.file("log"));
    assert!(!bastion.file("log").contains("Starting session"));
    // An account's certificate, though any command is allowed it, opens no way.
    let any = json!({"key": null, "users": [bastion.user],
        "certificate": {"authority": "bastion-ca", "command": "any"}});
    let host = behind((&bastion, lets_through(&bastion, any)), (&web, web.table(json!({"via": "bastion"}))));
    run(host.as_ref(), script(&web, "id")).succeeds();
}

#[test]
fn f1_a_way_that_breaks_leaves_the_outcome_unknown() {
    let (bastion, web) = (Sshd::start(), Sshd::start());
    let (port, cable) = crate::support::proxy::cuttable(bastion.port);
    let first = lets_through(&bastion, json!({"port": port}));
    let host = behind((&bastion, first), (&web, web.table(json!({"via": "bastion"}))));
    let file = web.writable().join("ran");
    let mut started =
        start(host.as_ref(), script(&web, &format!("touch {}; sleep 20", file.display()))).unwrap();
    started.until_started();
    wait_for("the command", || file.exists());
    cable.cut();
    assert_eq!(started.end().outcome(), json!({"outcome": "unknown", "reason": "connection_lost"}));
    // A silent bastion is no reason to wait beyond the start.
    let silent = crate::support::proxy::before(bastion.port, crate::support::proxy::Fault::Silent);
    let first = lets_through(&bastion, json!({"port": silent}));
    let host = behind((&bastion, first), (&web, web.table(json!({"via": "bastion"}))));
    let mut soon = script(&web, "id");
    soon.start_by = countersign_runspace::clock::boot_now() + SECOND;
    assert_eq!(run(host.as_ref(), soon).refusal(), "target_unreachable");
}
