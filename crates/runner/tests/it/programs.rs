//! A4: what was checked is what runs.

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use serde_json::{Value, json};
use sha2::Digest as _;

use crate::support::*;

fn script(path: &Path, text: &str, mode: u32) {
    std::fs::write(path, text).unwrap();
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
}

fn program(path: &Path) -> Value {
    json!({"program": path})
}

#[tokio::test]
async fn a_script_runs_by_descriptor() {
    for who in everyone() {
        let runner = Runner::start(who);
        let client = runner.connect().await.client;
        let path = runner.place.path().join("hello");
        script(&path, "#!/bin/sh\necho hello \"$1\"\n", 0o755);
        let mut definition = program(&path);
        definition["arguments"] = json!([{"literal": "you"}]);
        assert_eq!(run(&client, order(definition, json!({}))).await.text(), "hello you\n");
    }
}

#[tokio::test]
async fn a4_a_program_that_others_could_change_is_refused() {
    let runner = Runner::start(As::Tester);
    let client = runner.connect().await.client;
    let place = runner.place.path();
    script(&place.join("group"), "#!/bin/sh\necho ran\n", 0o775);
    script(&place.join("world"), "#!/bin/sh\necho ran\n", 0o757);
    std::fs::create_dir(place.join("open")).unwrap();
    script(&place.join("open/inside"), "#!/bin/sh\necho ran\n", 0o755);
    std::fs::set_permissions(place.join("open"), std::fs::Permissions::from_mode(0o1777)).unwrap();
    std::os::unix::fs::symlink(place.join("world"), place.join("link")).unwrap();
    script(&place.join("shebang"), &format!("#!{}\n", place.join("world").display()), 0o755);
    script(&place.join("relative"), "#!sh\necho ran\n", 0o755);
    for name in ["group", "world", "open/inside", "link", "shebang", "relative", "open"] {
        let told = run(&client, order(program(&place.join(name)), json!({}))).await;
        assert_eq!(told.refusal(), "program_untrusted", "{name}");
    }
    for (path, code) in [("/nonexistent/x", "program_missing"), ("/dev/null", "program_untrusted")] {
        assert_eq!(run(&client, order(program(Path::new(path)), json!({}))).await.refusal(), code);
    }
    script(&place.join("data"), "no program\n", 0o644);
    let told = run(&client, order(program(&place.join("data")), json!({}))).await;
    assert_eq!(told.refusal(), "program_not_executable");
}

/// An ordinary runner's init may live in a user namespace, where every foreign owner looks like one and the same.
#[tokio::test]
async fn a4_a_program_of_another_user_is_refused() {
    if !is_root() {
        return;
    }
    for who in everyone() {
        let runner = Runner::start(who);
        let client = runner.connect().await.client;
        let place = runner.place.path();
        script(&place.join("theirs"), "#!/bin/sh\necho ran\n", 0o755);
        std::os::unix::fs::chown(place.join("theirs"), Some(1), None).unwrap();
        std::os::unix::fs::symlink("/bin/true", place.join("their-link")).unwrap();
        std::os::unix::fs::lchown(place.join("their-link"), Some(1), None).unwrap();
        for name in ["theirs", "their-link"] {
            let told = run(&client, order(program(&place.join(name)), json!({}))).await;
            assert_eq!(told.refusal(), "program_untrusted", "{name} as {who:?}");
        }
    }
}

#[tokio::test]
async fn a4_a_pinned_program_that_was_replaced_is_refused() {
    let runner = Runner::start(As::Tester);
    let client = runner.connect().await.client;
    let path = runner.place.path().join("tool");
    let text = "#!/bin/sh\necho first\n";
    script(&path, text, 0o755);
    let mut definition = program(&path);
    definition["sha256"] = json!(hex::encode(sha2::Sha256::digest(text)));
    assert_eq!(run(&client, order(definition.clone(), json!({}))).await.text(), "first\n");
    std::fs::rename(&path, runner.place.path().join("old")).unwrap();
    script(&path, "#!/bin/sh\necho second\n", 0o755);
    let told = run(&client, order(definition, json!({}))).await;
    assert_eq!(told.refusal(), "program_digest_mismatch");
}

#[tokio::test]
async fn a4_the_allowed_directory_is_that_of_the_real_file() {
    let host = EVERYTHING.replace("[\"/\"]", "[\"/usr/bin\"]");
    let runner = Runner::with_host_file(As::Tester, &host);
    let client = runner.connect().await.client;
    let place = runner.place.path();
    script(&place.join("own"), "#!/bin/sh\necho ran\n", 0o755);
    let told = run(&client, order(program(&place.join("own")), json!({}))).await;
    assert_eq!(told.refusal(), "program_directory_not_allowed");
    // A way around through an allowed directory ends where it ends.
    let up = Path::new("/usr/bin/..").join("../").join(place.strip_prefix("/").unwrap()).join("own");
    assert_eq!(run(&client, order(program(&up), json!({}))).await.refusal(), "program_directory_not_allowed");
    std::os::unix::fs::symlink("/usr/bin/printf", place.join("link")).unwrap();
    let mut definition = program(&place.join("link"));
    definition["arguments"] = json!([{"literal": "ran"}]);
    assert_eq!(run(&client, order(definition, json!({}))).await.text(), "ran");
}

#[tokio::test]
async fn the_host_file_says_who_a_program_may_be() {
    // Two accounts that every system has; the tester may be one of them.
    let (user, uid) = if own_uid() == 1 { ("bin", 2) } else { ("daemon", 1) };
    let host = format!("[process]\nrun_as = [\"{user}\"]\nprogram_directories = [\"/\"]\n");
    let runner = Runner::with_host_file(As::Tester, &host);
    let client = runner.connect().await.client;
    let as_user = |user: Option<&str>| {
        let mut definition = json!({"program": "/usr/bin/id"});
        if let Some(user) = user {
            definition["run_as"] = json!(user);
        }
        run_owned(&client, definition)
    };
    // Not even the runner's own, which nobody listed.
    assert_eq!(as_user(None).await.refusal(), "run_as_not_allowed");
    assert_eq!(as_user(Some("nobody")).await.refusal(), "run_as_not_allowed");
    assert_eq!(as_user(Some("no-such-user")).await.refusal(), "run_as_missing");
    assert_eq!(as_user(Some("../root")).await.refusal(), "run_as_missing");
    let daemon = as_user(Some(user)).await;
    if is_root() {
        assert!(
            daemon.text().starts_with(&format!("uid={uid}({user}) gid={uid}({user}) groups={uid}({user})")),
            "{}",
            daemon.text()
        );
    } else {
        assert_eq!(daemon.refusal(), "run_as_not_possible");
    }
}

fn run_owned(client: &countersign_runner::RunnerClient, definition: Value) -> impl Future<Output = Told> {
    let client = client.clone();
    async move { run(&client, order(definition, json!({}))).await }
}

#[tokio::test]
async fn without_a_host_file_nothing_is_allowed() {
    let runner = Runner::start(As::Tester);
    drop(runner);
    let mut runner = Runner::start(As::Tester);
    std::fs::remove_file(runner.place.path().join("runner.toml")).unwrap();
    runner.restart();
    let client = runner.connect().await.client;
    let health = client.health().await.unwrap();
    assert_eq!(health.host_file_sha256, None);
    assert!(health.notes.iter().any(|note| note.contains("no host file")));
    assert_eq!(run(&client, shell("true")).await.refusal(), "run_as_not_allowed");
}
