//! Certificates: ours, for each execution another, and the host's.

use countersign_remote::SshTarget;
use countersign_runspace::Runspace;
use serde_json::{Value, json};

use super::sshd::{Sshd, hosts};
use super::{program, script};
use crate::support::{hostile, run};

fn rules(rules: Value) -> Value {
    let mut all = json!({"authority": "ca"});
    for (key, value) in rules.as_object().unwrap() {
        all[key] = value.clone();
    }
    json!({"key": null, "certificate": all})
}

fn with(server: &Sshd, target: SshTarget) -> Box<dyn Runspace> {
    hosts(
        vec![("web", target)],
        vec![("ca", server.credential("authority")), ("key", server.credential("key"))],
    )
}

#[test]
fn s2_each_execution_has_a_certificate_of_its_own_for_its_command_alone() {
    let server = Sshd::start();
    let host = with(&server, server.table(rules(json!({}))));
    let order = script(&server, "echo $SSH_ORIGINAL_COMMAND; id -un; exit 4");
    let execution = order.execution.to_string();
    let told = run(host.as_ref(), order);
    assert_eq!(told.out(), format!("{execution}\n{}\n", server.user));
    assert_eq!(told.outcome()["failure"], json!({"exit": 4}));
    // The host's log says for whom, and the command is the certificate's.
    let log = server.file("log");
    assert!(log.contains(&format!("ID countersign {execution} p-1 Ada Lovelace <ada@x>")), "{log}");
    assert!(log.contains("forced-command (key-option)"), "{log}");
    assert_eq!(server.sign_ins(), 1);
    run(host.as_ref(), script(&server, "true")).succeeds();
    assert_eq!(server.sign_ins(), 2, "a certificate's connection is its execution's alone");
    // Without the rule any command would do, and the program gets signals like any other.
    let free = with(&server, server.table(rules(json!({"command": "any"}))));
    assert_eq!(run(free.as_ref(), script(&server, "echo x$SSH_ORIGINAL_COMMAND")).succeeds().out(), "x\n");
}

#[test]
fn i1_what_was_typed_is_one_argument_of_the_forced_command() {
    let server = Sshd::start();
    let host = with(&server, server.table(rules(json!({}))));
    let list: Vec<String> = hostile::values().into_iter().filter(|value| value.len() < 200).collect();
    let place = json!([{"literal": "%s\\0"}, {"parameter": {"name": "V", "leading_dash": "allow"}}]);
    let order = program(&server, "/usr/bin/printf", place.clone(), json!({"V": {"list": list}}));
    let told = run(host.as_ref(), order).succeeds();
    assert_eq!(told.out().split_terminator('\0').collect::<Vec<_>>(), list);
    let long = "x".repeat(100_000);
    let order = program(&server, "/usr/bin/printf", place, json!({"V": {"string": long}}));
    assert_eq!(run(host.as_ref(), order).succeeds().out(), format!("{long}\0"));
}

#[test]
fn s2_what_the_host_does_not_trust_signs_nobody_in() {
    let server = Sshd::with(&["AuthorizedPrincipalsFile %HERE%/principals"]);
    std::fs::write(server.place.path().join("principals"), "web-read\n").unwrap();
    let refused = |target: SshTarget, host_of: &dyn Fn(SshTarget) -> Box<dyn Runspace>| {
        let told = run(host_of(target).as_ref(), script(&server, "id"));
        assert_eq!(told.refusal(), "target_sign_in");
        assert_eq!(server.sign_ins(), 0);
    };
    let ours = |target| with(&server, target);
    refused(server.table(rules(json!({}))), &ours);
    let principal = json!({"principals": {server.user.as_str(): "web-read"}});
    let strangers = |target| hosts(vec![("web", target)], vec![("ca", server.credential("stranger"))]);
    refused(server.table(rules(principal.clone())), &strangers);
    let mut elsewhere = principal.clone();
    elsewhere["source_addresses"] = json!(["192.0.2.0/24"]);
    refused(server.table(rules(elsewhere)), &ours);
    let mut here = principal;
    here["source_addresses"] = json!(["127.0.0.0/8", "::1"]);
    run(ours(server.table(rules(here))).as_ref(), script(&server, "id")).succeeds();
}

#[test]
fn s1_a_host_is_believed_by_its_authority_for_its_own_name() {
    let server = Sshd::start();
    let authority = |names: &str| format!("@cert-authority {names} {}", server.file("host-authority.pub"));
    let by = |change: Value| run(with(&server, server.table(change)).as_ref(), script(&server, "id"));
    by(json!({"host_keys": [authority("127.0.0.*")]})).succeeds();
    by(json!({"host_keys": [authority("*"), server.file("host.pub")]})).succeeds();
    for change in [
        json!({"host_keys": [authority("*")], "known_as": "web1.contoso.example"}),
        json!({"host_keys": [format!("@cert-authority * {}", server.file("authority.pub"))]}),
        // The authority's key does not make it the host, and the host's key no authority.
        json!({"host_keys": [server.file("host-authority.pub")]}),
        json!({"host_keys": [format!("@cert-authority * {}", server.file("host.pub"))]}),
        json!({"host_keys": [authority("*"), format!("@revoked * {}", server.file("host.pub"))]}),
    ] {
        let told = by(change.clone());
        assert_eq!(told.refusal(), "target_not_verified", "{change}");
    }
    assert_eq!(server.sign_ins(), 2, "nobody else signed in");
}
