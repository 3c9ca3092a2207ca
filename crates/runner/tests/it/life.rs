//! Starting and ending of the runner itself.

use std::os::unix::fs::PermissionsExt as _;
use std::process::{Command, Stdio};
use std::time::Duration;

use countersign_runner::protocol::Separation;
use countersign_runner::{RunnerClient, spawn_child};

use crate::support::*;

fn refused_to_start(prepare: impl Fn(&std::path::Path)) -> String {
    let place = place();
    std::fs::write(place.path().join("runner.toml"), everything()).unwrap();
    prepare(place.path());
    let output = Command::new(BINARY)
        .arg("serve")
        .args([place.path().join("run/s"), place.path().join("runner.toml"), place.path().join("state")])
        .arg("0")
        .stdin(Stdio::null())
        .output()
        .unwrap();
    assert!(!output.status.success());
    String::from_utf8(output.stderr).unwrap()
}

#[test]
fn a_host_file_that_others_can_write_is_not_believed() {
    let world = |place: &std::path::Path| {
        std::fs::set_permissions(place.join("runner.toml"), std::fs::Permissions::from_mode(0o646)).unwrap();
    };
    assert!(refused_to_start(world).contains("others than its owner may write"));
    let directory = |place: &std::path::Path| {
        std::fs::set_permissions(place, std::fs::Permissions::from_mode(0o777)).unwrap();
    };
    assert!(refused_to_start(directory).contains("others than its owner may write"));
    if is_root() {
        let owner = |place: &std::path::Path| {
            std::os::unix::fs::chown(place.join("runner.toml"), Some(65534), None).unwrap();
        };
        assert!(refused_to_start(owner).contains("belongs to user 65534"));
    }
}

#[test]
fn a_host_file_with_an_unknown_key_is_refused_with_its_place() {
    let message = refused_to_start(|place| {
        std::fs::write(place.join("runner.toml"), "[process]\nrunas = [\"root\"]\n").unwrap();
    });
    assert!(message.contains("runner.toml:2:1: unknown field `runas`"), "{message}");
}

#[test]
fn a_socket_directory_that_others_enter_is_refused() {
    let message = refused_to_start(|place| {
        std::fs::create_dir(place.join("run")).unwrap();
        std::fs::set_permissions(place.join("run"), std::fs::Permissions::from_mode(0o755)).unwrap();
    });
    assert!(message.contains("only its owner enters"), "{message}");
}

#[tokio::test]
async fn two_runners_do_not_share_a_state_directory() {
    let runner = Runner::start(As::Tester);
    let output = Command::new(BINARY)
        .arg("serve")
        .arg(runner.place.path().join("run/other"))
        .args([runner.place.path().join("runner.toml"), runner.place.path().join("state")])
        .arg("0")
        .output()
        .unwrap();
    assert!(String::from_utf8(output.stderr).unwrap().contains("does another runner use it?"));
}

#[tokio::test]
async fn separation_is_said() {
    let same = Runner::start(As::Tester);
    let connected = same.connect().await;
    assert_eq!(connected.hello.separation, Separation::Unseparated);
    assert_eq!(connected.client.health().await.unwrap().separation, Separation::Unseparated);
}

#[tokio::test]
async fn a_child_lives_as_long_as_it_is_held() {
    let place = place();
    std::fs::write(place.path().join("runner.toml"), everything()).unwrap();
    let socket = place.path().join("run/s");
    let arguments = |die: bool| {
        let mut arguments = vec!["serve".into(), socket.clone().into_os_string()];
        arguments.push(place.path().join("runner.toml").into_os_string());
        arguments.push(place.path().join("state").into_os_string());
        arguments.push(own_uid().to_string().into());
        arguments.push("-".into());
        if die {
            arguments.push("die-with-parent".into());
        }
        arguments
    };
    let child = spawn_child(BINARY.as_ref(), &arguments(false), &socket).unwrap();
    let client = RunnerClient::connect(child.socket(), "test").await.unwrap().client;
    assert_eq!(run(&client, shell("echo hi")).await.text(), "hi\n");
    let id = child.id();
    drop(child);
    assert!(!std::path::Path::new(&format!("/proc/{id}")).exists());
    client.lost().await;
    assert!(client.health().await.is_err());

    // The kernel takes the end of the starting thread for the parent's.
    let (socket, arguments) = (socket.clone(), arguments(true));
    let mut child = std::thread::spawn(move || spawn_child(BINARY.as_ref(), &arguments, &socket).unwrap())
        .join()
        .unwrap();
    wait_at_most(Duration::from_secs(2), "the parent is gone", &mut || child.ended().unwrap().is_some());
}

#[tokio::test]
async fn a_handed_over_socket_is_served() {
    let place = place();
    std::fs::write(place.path().join("runner.toml"), everything()).unwrap();
    let socket = place.path().join("s");
    let mut child = Command::new(BINARY)
        .arg("hand-over")
        .arg(&socket)
        .args([place.path().join("runner.toml"), place.path().join("state")])
        .arg(own_uid().to_string())
        .spawn()
        .unwrap();
    wait_for("the socket", || socket.exists());
    let client = RunnerClient::connect(&socket, "test").await.unwrap().client;
    assert_eq!(run(&client, shell("echo hi; ls /proc/self/fd")).await.text(), "hi\n0\n1\n2\n3\n");
    child.kill().unwrap();
    child.wait().unwrap();
}

#[tokio::test]
async fn what_an_earlier_runner_left_is_swept() {
    let mut runner = Runner::start(As::Tester);
    let connected = runner.connect().await;
    let order = shell("echo done");
    let id = order.execution.clone();
    run(&connected.client, order).await;
    runner.kill();
    // As if a double-forked child had been missed.
    let seconds = odd_seconds();
    let mut stray =
        Command::new("/bin/sleep").arg(&seconds).env("COUNTERSIGN_EXECUTION", id.as_str()).spawn().unwrap();
    let mut other =
        Command::new("/bin/sleep").arg(&seconds).env("COUNTERSIGN_EXECUTION", "x-0").spawn().unwrap();
    wait_for("both strays", || processes_with(&seconds).len() == 2);
    runner.restart();
    wait_for("the sweep", || stray.try_wait().unwrap().is_some());
    assert!(other.try_wait().unwrap().is_none(), "what is not ours is left alone");
    other.kill().unwrap();
    other.wait().unwrap();
}

#[tokio::test]
async fn nothing_is_left_of_an_execution_that_ended() {
    for who in everyone() {
        let runner = Runner::start(who);
        let client = runner.connect().await.client;
        let open = || std::fs::read_dir(format!("/proc/{}/fd", runner.id())).unwrap().count();
        client.health().await.unwrap();
        let before = open();
        for _ in 0..20 {
            run(&client, shell("true")).await;
        }
        wait_for("inits end", || runner.inits().is_empty());
        wait_for("descriptors are closed", || open() == before);
    }
}
