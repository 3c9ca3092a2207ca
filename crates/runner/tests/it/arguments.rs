//! I1: what a program is given, and what it is not.

use std::collections::BTreeSet;

use countersign_runspace::Outcome;
use serde_json::json;

use crate::support::*;

#[tokio::test]
async fn a_program_runs_and_its_output_and_end_are_told() {
    for who in everyone() {
        let runner = Runner::start(who);
        let client = runner.connect().await.client;
        let told = run(&client, shell("echo out; echo err >&2; exit 0")).await;
        assert_eq!((told.text().as_str(), told.stderr.as_slice()), ("out\n", b"err\n".as_slice()));
        let result = told.result();
        assert_eq!(result.outcome, Outcome::Succeeded { exit: 0 });
        assert_eq!(result.stdout.bytes, 4);
        assert_eq!(result.stdout.sha256, "54034ac5c6e9ea95734ec2b729fd6d62abf64af34a9f9ce5d466cb788191a73d");
        assert!(result.started <= result.ended && told.started == Some(result.started));
        let failed = run(&client, shell("exit 3")).await;
        assert_eq!(json!(failed.result().outcome), json!({"outcome": "failed", "failure": {"exit": 3}}));
        let killed = run(&client, shell("kill -9 $$")).await;
        assert_eq!(json!(killed.result().outcome), json!({"outcome": "failed", "failure": {"signal": 9}}));
    }
}

#[tokio::test]
async fn i1_every_value_arrives_as_one_argument_unchanged() {
    let runner = Runner::start(As::Tester);
    let client = runner.connect().await.client;
    let long = "x".repeat(100_000);
    let hostile = [
        "; id",
        "| id",
        "& id",
        "$(id)",
        "`id`",
        "a\nb",
        "a b",
        "*",
        "?",
        "[a]",
        "~",
        "~root",
        "$HOME",
        "${IFS}",
        "%s%n",
        "@/etc/passwd",
        "'",
        "\"",
        "\\",
        "\u{7f}\u{1b}[31m",
        "\u{202e}evil",
        "é",
        "",
        " ",
        "> /tmp/x",
        "a=b",
        "!!",
        "#",
        "{a,b}",
        long.as_str(),
    ];
    for value in hostile {
        let definition = json!({
            "program": "/usr/bin/printf", "arguments": [{"literal": "<%s>"}, {"parameter": {"name": "Value"}}]
        });
        let told = run(&client, order(definition, json!({"Value": {"string": value}}))).await;
        assert_eq!(told.text(), format!("<{value}>"), "{value:.40}");
    }
}

#[tokio::test]
async fn i1_a_value_that_could_be_an_option_is_refused_and_nothing_runs() {
    let runner = Runner::start(As::Tester);
    let client = runner.connect().await.client;
    for (value, code) in [
        ("-oProxyCommand=id", "value_starts_with_dash"),
        ("--", "value_starts_with_dash"),
        ("-", "value_starts_with_dash"),
        ("a\u{0}b", "argument_has_nul"),
    ] {
        let definition = json!({"program": "/bin/echo", "arguments": [{"parameter": {"name": "Value"}}]});
        assert_eq!(
            run(&client, order(definition, json!({"Value": {"string": value}}))).await.refusal(),
            code
        );
    }
    let definition =
        json!({"program": "/bin/echo", "arguments": [{"parameter": {"name": "Value", "prefix": "--of="}}]});
    assert_eq!(run(&client, order(definition, json!({"Value": {"string": "-x"}}))).await.text(), "--of=-x\n");
}

#[tokio::test]
async fn i1_the_environment_holds_nothing_of_the_runners() {
    for who in everyone() {
        let runner = Runner::with(who, EVERYTHING, own_uid(), |command| {
            command
                .env("BASH_ENV", "/tmp/evil")
                .env("LD_BIND_NOW", "1")
                .env("SECRET", "hunter2")
                .env("IFS", "x");
            command.env("GIT_SSH", "/tmp/evil").env("TZ", "Asia/Tokyo").env("PATH", "/tmp/evil:/bin");
        });
        let client = runner.connect().await.client;
        let definition = json!({"program": "/usr/bin/env", "environment": {"TZ": "Europe/Berlin"}});
        let text = run(&client, order(definition, json!({}))).await.text();
        let lines: BTreeSet<&str> = text.lines().collect();
        let names: BTreeSet<&str> = lines.iter().map(|line| line.split('=').next().unwrap()).collect();
        let expected = [
            "COUNTERSIGN_EXECUTION",
            "COUNTERSIGN_ON_BEHALF_OF",
            "COUNTERSIGN_TASK",
            "HOME",
            "LANG",
            "LOGNAME",
            "PATH",
            "TZ",
            "USER",
        ];
        assert_eq!(names, expected.into());
        assert!(lines.contains("TZ=Europe/Berlin") && lines.contains("COUNTERSIGN_TASK=Test\\Run"));
        assert!(lines.contains("COUNTERSIGN_ON_BEHALF_OF=p-1 Ada Lovelace"), "{text}");
        assert!(lines.contains("PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"));
    }
}

#[tokio::test]
async fn i1_variables_that_the_host_does_not_allow_are_refused() {
    let runner = Runner::with_host_file(As::Tester, &EVERYTHING.replace("TZ", "LD_PRELOAD\", \"PATH"));
    let client = runner.connect().await.client;
    for name in ["TZ", "LD_PRELOAD", "PATH", "BASH_ENV", "COUNTERSIGN_EXECUTION"] {
        let definition = json!({"program": "/usr/bin/env", "environment": {name: "x"}});
        assert_eq!(
            run(&client, order(definition, json!({}))).await.refusal(),
            "environment_not_allowed",
            "{name}"
        );
    }
}

#[tokio::test]
async fn i1_no_descriptor_of_the_runner_is_inherited() {
    for who in everyone() {
        // A descriptor that the runner itself was carelessly given.
        let leak = std::fs::File::open("/etc/passwd").unwrap();
        let leak = rustix::io::fcntl_dupfd_cloexec(&leak, 40).unwrap();
        rustix::io::fcntl_setfd(&leak, rustix::io::FdFlags::empty()).unwrap();
        let runner = Runner::start(who);
        drop(leak);
        let client = runner.connect().await.client;
        // The fourth is the directory that ls reads.
        let told = run(
            &client,
            order(json!({"program": "/bin/ls", "arguments": [{"literal": "/proc/self/fd"}]}), json!({})),
        )
        .await;
        assert_eq!(told.text(), "0\n1\n2\n3\n");
    }
}

#[tokio::test]
async fn s1_a_secret_goes_to_standard_input_and_nowhere_else() {
    for who in everyone() {
        let runner = Runner::start(who);
        let client = runner.connect().await.client;
        let script = "cat; tr '\\0' '\\n' < /proc/self/environ | grep -c hunter2; \
                      cat /proc/[0-9]*/cmdline 2>/dev/null | tr '\\0' '\\n' | grep -c '^hunter2$'";
        let definition = json!({
            "program": "/bin/sh", "arguments": [{"literal": "-c"}, {"literal": script}], "stdin": "Password", "success": [0, 1]
        });
        let told = run(&client, order(definition, json!({"Password": {"secret": "hunter2\n"}}))).await;
        assert_eq!(told.text(), "hunter2\n0\n0\n");
        let nothing = run(&client, order(json!({"program": "/bin/cat"}), json!({}))).await;
        assert_eq!(nothing.text(), "");
    }
}

#[tokio::test]
async fn a_file_is_given_whole_and_only_with_its_own_digest() {
    let runner = Runner::start(As::Tester);
    let client = runner.connect().await.client;
    let file = |sha256: &str| json!({"F": {"file": {"name": "f", "sha256": sha256, "content": "aGk="}}});
    let definition = || json!({"program": "/bin/cat", "stdin": "F"});
    let good = file("8f434346648f6b96df89dda901c5176b10a6d83961dd3c1ac88b59b2dc327aa4");
    assert_eq!(run(&client, order(definition(), good)).await.text(), "hi");
    assert_eq!(run(&client, order(definition(), file("00"))).await.refusal(), "file_digest_mismatch");
}
