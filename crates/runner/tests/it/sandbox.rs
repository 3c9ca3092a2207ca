//! What a program can't do.

use serde_json::json;

use crate::support::*;

#[tokio::test]
async fn what_health_promises_is_what_is_applied() {
    for who in everyone() {
        let runner = Runner::start(who);
        let client = runner.connect().await.client;
        let health = client.health().await.unwrap();
        let held = health.runspaces.iter().find_map(|runspace| runspace.protections.clone()).unwrap();
        let mut definition = json!({"program": "/bin/true", "writable": ["/nonexistent"]});
        definition["writable"] = json!([runner.place.path()]);
        let applied = run(&client, order(definition, json!({}))).await.result().applied.clone();
        assert_eq!(applied.cgroup, held.cgroup);
        assert_eq!(applied.process_namespace, held.process_namespace);
        assert_eq!(
            (applied.landlock_files, applied.landlock_signals),
            (held.landlock_files, held.landlock_signals)
        );
        assert_eq!(applied.seccomp, held.seccomp);
        assert!(applied.no_new_privileges && applied.rlimits.contains(&"nofile".to_owned()));
        assert_eq!(applied.rlimits.contains(&"as".to_owned()), applied.cgroup.is_none());
    }
}

#[tokio::test]
async fn nothing_above_it_can_be_reached_or_regained() {
    for who in everyone() {
        let runner = Runner::start(who);
        let client = runner.connect().await.client;
        let told = run(
            &client,
            shell("grep NoNewPrivs /proc/self/status; umask; pwd; tty; ps -o sid= -p $$ | wc -l"),
        )
        .await;
        let text = told.text();
        assert!(text.contains("NoNewPrivs:\t1") && text.contains("0077") && text.contains("\n/\n"), "{text}");
        assert!(text.contains("not a tty"), "{text}");
        if told.result().applied.seccomp {
            let told = run(&client, shell("unshare -U true; echo $?; unshare -m true; echo $?")).await;
            assert_eq!(told.text(), "1\n1\n");
        }
    }
}

#[tokio::test]
async fn another_user_is_another_user_for_good() {
    if !is_root() {
        return;
    }
    let runner = Runner::start(As::Tester);
    let client = runner.connect().await.client;
    let script =
        "grep -E '^(Uid|Gid|Groups|CapEff|CapPrm|CapAmb)' /proc/self/status; cat /etc/shadow; su -c id";
    let definition = json!({"program": "/bin/sh", "run_as": "nobody",
        "arguments": [{"literal": "-c"}, {"literal": script}], "success": [1, 126]});
    let text = run(&client, order(definition, json!({}))).await.text();
    let expected = "Uid:\t65534\t65534\t65534\t65534\nGid:\t65534\t65534\t65534\t65534\nGroups:\t65534 \n\
                    CapPrm:\t0000000000000000\nCapEff:\t0000000000000000\nCapAmb:\t0000000000000000\n";
    assert_eq!(text, expected);
}

#[tokio::test]
async fn landlock_confines_writing_to_the_listed_paths() {
    for who in everyone() {
        let runner = Runner::start(who);
        let client = runner.connect().await.client;
        let inside = runner.place.path().join("inside");
        std::fs::create_dir(&inside).unwrap();
        let outside = runner.place.path().join("outside");
        std::fs::create_dir(&outside).unwrap();
        for directory in [&inside, &outside] {
            if who == As::Nobody {
                std::os::unix::fs::chown(directory, Some(65534), None).unwrap();
            }
        }
        let script = format!(
            "echo a > {0}/f; echo b > {1}/f; cat {0}/f; echo c > /dev/null && echo null",
            inside.display(),
            outside.display()
        );
        let mut definition =
            json!({"program": "/bin/sh", "arguments": [{"literal": "-c"}, {"literal": script}]});
        definition["writable"] = json!([inside]);
        let told = run(&client, order(definition, json!({}))).await;
        assert_eq!(told.text(), "a\nnull\n");
        if told.result().applied.landlock_files {
            assert!(!outside.join("f").exists());
        } else {
            assert!(outside.join("f").exists());
        }
    }
}

#[tokio::test]
async fn a_program_can_t_signal_what_is_not_its_own() {
    for who in everyone() {
        let runner = Runner::start(who);
        let client = runner.connect().await.client;
        // The runner has the same user: file modes and users would allow it.
        let told =
            run(&client, shell(&format!("kill -0 {} 2>/dev/null && echo reached || echo safe", runner.id())))
                .await;
        let applied = &told.result().applied;
        if applied.landlock_signals || json!(applied.process_namespace) != json!("none") {
            assert_eq!(told.text(), "safe\n");
        }
        // A task that must signal host processes says so.
        let mut free = shell(&format!("kill -0 {} && echo reached", runner.id()));
        let countersign_runspace::Definition::Process(process) = &mut free.definition else { panic!() };
        process.processes = serde_json::from_value(json!("host")).unwrap();
        assert_eq!(run(&client, free).await.text(), "reached\n");
    }
}
