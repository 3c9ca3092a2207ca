//! What a task can do, and what it can't.

use serde_json::json;

use super::sshd::Sshd;
use super::{program, script};
use crate::support::{order, run};

#[test]
fn a_program_runs_there_as_whom_the_host_file_allows() {
    let server = Sshd::start();
    let host = server.runspace();
    let host = host.as_ref();
    let told = run(host, script(&server, "id -un; echo problem >&2; exit 3"));
    assert_eq!((told.out(), told.err()), (format!("{}\n", server.user), "problem\n".to_owned()));
    assert_eq!(told.outcome(), json!({"outcome": "failed", "failure": {"exit": 3}}));
    let told = run(host, script(&server, "kill -ABRT $$"));
    assert_eq!(told.outcome(), json!({"outcome": "failed", "failure": {"signal": 6}}));

    // The host's own environment knows who asked, where sshd accepts that, and nothing else.
    let asked = script(&server, "echo $COUNTERSIGN_ON_BEHALF_OF; echo x$COUNTERSIGN_EXECUTION");
    assert_eq!(run(host, asked).succeeds().out(), "p-1 Ada Lovelace <ada@x>\nx\n");

    // Standard input, whole, and its end.
    let definition = json!({"executor": "ssh", "target": "web", "user": server.user, "program": "/usr/bin/wc",
        "arguments": [{"literal": "-c"}], "stdin": "S"});
    let secret = json!({"S": {"secret": "hush-hush ".repeat(20_000)}});
    assert_eq!(run(host, order(definition, secret)).succeeds().out().trim(), "200000");

    // Several at once on one connection, more than the server allows on one: a second connection.
    let all: Vec<_> = (0..8)
        .map(|n| crate::support::start(host, script(&server, &format!("sleep 1; echo {n}"))).unwrap())
        .collect();
    for (n, started) in all.into_iter().enumerate() {
        assert_eq!(started.end().succeeds().out(), format!("{n}\n"));
    }

    let mut other = server.target();
    other.users = ["somebody".to_owned()].into();
    let told = run(server.runspace_of(other, "key").as_ref(), script(&server, "id"));
    assert_eq!(told.refusal(), "user_not_allowed");
    let long = json!({"A": {"string": "x'".repeat(40_000)}});
    let told = run(host, program(&server, "/bin/echo", json!([{"parameter": {"name": "A"}}]), long));
    assert_eq!(told.refusal(), "argument_too_long");
    let secret = program(
        &server,
        "/bin/echo",
        json!([{"parameter": {"name": "A"}}]),
        json!({"A": {"secret": "hush"}}),
    );
    assert_eq!(run(host, secret).refusal(), "parameter_type");
}

#[test]
fn s1_only_a_pinned_host_is_signed_in_to_and_the_key_is_never_said() {
    let server = Sshd::start();
    let mut other = server.target();
    other.host_keys = vec![server.file("other.pub").try_into().unwrap()];
    let told = run(server.runspace_of(other.clone(), "key").as_ref(), script(&server, "id"));
    assert_eq!(told.refusal(), "target_not_verified");
    assert!(told.end.unwrap_err().message.contains("SHA256:"), "which key it was");
    assert!(!server.file("log").contains("Accepted"), "nobody signed in");
    other.host_keys.clear();
    let told = run(server.runspace_of(other, "key").as_ref(), script(&server, "id"));
    assert_eq!(told.refusal(), "target_not_verified");

    let told = run(server.runspace_of(server.target(), "stranger").as_ref(), script(&server, "id"));
    assert_eq!(told.refusal(), "target_sign_in");
    let told = run(server.runspace_of(server.target(), "key.pub").as_ref(), script(&server, "id"));
    assert_eq!(told.refusal(), "credential_unavailable");

    // The host prints our own key: its lines are taken out.
    std::fs::set_permissions(
        server.place.path().join("key"),
        std::os::unix::fs::PermissionsExt::from_mode(0o644),
    )
    .unwrap();
    let cat = script(&server, &format!("cat {}/key", server.place.path().display()));
    let told = run(server.runspace().as_ref(), cat).succeeds();
    let key = server.file("key");
    let line = key.lines().nth(1).unwrap();
    assert!(told.out().contains("(secret)") && !told.out().contains(line), "{}", told.out());
}
