//! An older copy in the place of the ledger, and an approver appointed, by the lines that people type on a host.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::PathBuf;

use serde_json::Value as Json;

use crate::world::{As, World};

/// Privileged access on, with `ada` and `bob` to decide.
fn enabled() -> World {
    let (world, link) = World::open(As::Ordinary);
    world.join("ada", &link);
    person(&world, "bob");
    world.line("ada", &["group", "new", "Approvers", "--mail", "approvers@contoso.example"]).ends(0);
    for name in ["ada@contoso.example", "bob@contoso.example"] {
        world.line("ada", &["group", "add-member", "Approvers", name]).ends(0);
    }
    world.line("ada", &["Enable-ElevatedAccessControl", "-AdminGroup", "Approvers"]).ends(0);
    world
}

fn person(world: &World, name: &str) {
    let upn = format!("{name}@contoso.example");
    let made = world
        .line("ada", &["person", "new", &upn, "--display-name", name, "--print-link", "--output", "json"]);
    world.join(name, &made.ends(0).text("/link"));
}

fn ledger(world: &World) -> Vec<(PathBuf, Vec<u8>)> {
    let files = std::fs::read_dir(world.path("data")).unwrap().flatten().map(|entry| entry.path());
    let ledger = files.filter(|path| path.file_name().unwrap().to_string_lossy().starts_with("ledger.db"));
    ledger.map(|path| (path.clone(), std::fs::read(path).unwrap())).collect()
}

/// In place, so that whose files they are stays as it was.
fn put_back(world: &World, files: &[(PathBuf, Vec<u8>)]) {
    for (path, _) in ledger(world) {
        match files.iter().find(|(known, _)| *known == path) {
            Some((_, bytes)) => std::fs::write(path, bytes).unwrap(),
            None => std::fs::remove_file(path).unwrap(),
        }
    }
}

fn kept(world: &World, name: &str) -> (String, String) {
    let (checkpoint, vkey) = (world.file(&format!("{name}.checkpoint")), world.file(&format!("{name}.vkey")));
    std::fs::write(&checkpoint, world.line("ada", &["ledger", "checkpoint"]).ends(0).out).unwrap();
    std::fs::write(&vkey, world.line("ada", &["ledger", "vkey"]).ends(0).out).unwrap();
    (checkpoint, vkey)
}

/// An answer's head and body, as they come.
fn get(world: &World, path: &str) -> (String, Json) {
    let address = world.url().replace("http://", "");
    let mut stream = TcpStream::connect(&address).unwrap();
    write!(stream, "GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    (head.to_lowercase(), serde_json::from_str(body).unwrap_or(Json::Null))
}

#[test]
fn an_older_copy_is_read_until_two_approvers_accept_it_as_a_new_epoch() {
    let mut world = enabled();
    world.stop();
    let older = ledger(&world);
    world.serve();
    let first = kept(&world, "first");
    let lost = world.line("ada", &["token", "new", "lost"]);
    lost.ends(0);
    std::thread::sleep(std::time::Duration::from_millis(1_100));
    let second = kept(&world, "second");
    world.stop();
    put_back(&world, &older);
    let config = world.file("countersign.toml");
    world
        .host(&["recover", "--administrator", "ada@contoso.example", "--config", &config])
        .ends(1)
        .says("restored_copy");
    world.serve();
    let (head, ready) = get(&world, "/readyz");
    assert!(
        head.starts_with("http/1.1 503") && head.contains("countersign-read-only: restored-copy"),
        "{head}"
    );
    assert_eq!((&ready["ready"], &ready["read_only"]), (&Json::Bool(false), &Json::Bool(true)));
    world.line("ada", &["person", "list"]).ends(0).says("restored copy").prints("bob@contoso.example");
    let refused = world.line("ada", &["token", "new", "x"]);
    assert_ne!(refused.says("restored_copy").code, 0);
    assert_ne!(world.line("ada", &["ledger", "checkpoint"]).says("restored_copy").code, 0);
    world.line("ada", &["ledger", "vouch-restore"]).ends(0).says("restored copy").prints("Your word is kept");
    assert_ne!(world.line("ada", &["ledger", "vouch-restore"]).says("already_voted").code, 0);
    world.line("bob", &["ledger", "vouch-restore"]).ends(0).prints("is accepted");
    let (head, ready) = get(&world, "/readyz");
    assert!(head.starts_with("http/1.1 200") && !head.contains("countersign-read-only"), "{head}");
    assert_eq!(ready["read_only"], Json::Bool(false));
    let third = kept(&world, "third");
    assert!(std::fs::read_to_string(&third.0).unwrap().contains("/2\n"), "the new epoch's");
    world.stop();
    let data = world.file("data");
    let mut arguments = vec!["ledger", "verify", "--data-dir", &data];
    for (checkpoint, vkey) in [&first, &second, &third] {
        arguments.extend(["--checkpoint", checkpoint, "--vkey", vkey]);
    }
    let report = world.host(&arguments).ends(0);
    let report =
        report.prints("epoch 2 from entry").prints("are gone").prints("is the head that epoch 2 cites");
    assert!(!report.out.contains("accepted by the host"), "{}", report.out);
    // The start of the server that read is recorded as soon as anything is.
    world.serve();
    world.line("ada", &["audit", "search", "NodeStarted"]).ends(0);
    world.stop();
}

#[test]
fn the_host_accepts_a_copy_that_a_kept_checkpoint_finds_out() {
    let mut world = enabled();
    world.stop();
    let older = ledger(&world);
    let mark = world.path("data/high-water");
    let before = std::fs::read(&mark).unwrap();
    world.serve();
    world.line("ada", &["token", "new", "lost"]).ends(0);
    std::thread::sleep(std::time::Duration::from_millis(1_100));
    let (checkpoint, vkey) = kept(&world, "kept");
    world.stop();
    put_back(&world, &older);
    std::fs::write(&mark, before).unwrap();
    let config = world.file("countersign.toml");
    let accept = ["ledger", "accept-restore", "--config", &config];
    world.host(&accept).ends(1).says("already_in_state");
    let other = world.file("other.vkey");
    std::fs::write(&other, "fabrikam/1+3f2a5c1e+AdummyAdummyAdummyAdummyAdummyAdummyAdummyAdummyAA=\n")
        .unwrap();
    let wrong = [&accept[..], &["--checkpoint", &checkpoint, "--vkey", &other]].concat();
    assert_ne!(world.host(&wrong).code, 0, "a checkpoint counts by its own key");
    let right = [&accept[..], &["--checkpoint", &checkpoint, "--vkey", &vkey]].concat();
    world.host(&right).ends(0).prints("epoch 2").says("mailed at the next start");
    world.serve();
    world.line("ada", &["ledger", "checkpoint"]).ends(0).prints("/2");
    world.stop();
    let data = world.file("data");
    let verify = ["ledger", "verify", "--data-dir", &data, "--checkpoint", &checkpoint, "--vkey", &vkey];
    world.host(&verify).ends(0).prints("accepted by the host");
}

#[test]
fn the_host_appoints_an_approver() {
    let mut world = enabled();
    let config = world.file("countersign.toml");
    world.stop();
    world.host(&["recover", "--config", &config]).ends(2);
    let carl = ["recover", "--approver", "carl@contoso.example", "--config", &config];
    world.host(&carl).ends(1).says("There is no person");
    let bob = ["recover", "--approver", "bob@contoso.example", "--now", "--config", &config];
    world.host(&bob).ends(1).says("already_in_state");
    world.serve();
    world.stop();
}
