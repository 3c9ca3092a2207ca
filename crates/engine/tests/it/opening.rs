//! What an engine refuses to serve.

use countersign_core::refusal::Code;
use countersign_engine::{StartError, start};
use serde_json::json;

use crate::world::*;

#[tokio::test(flavor = "multi_thread")]
async fn f19_two_engines_on_one_directory_refuse() {
    let world = World::new(|_| {}).await;
    let error = start(world.config.clone()).unwrap_err();
    assert!(error.to_string().contains("in use by another server"), "{error}");
    world.engine.stop().await;
    start(world.config.clone()).unwrap().stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn l10_batches_sealed_with_another_key_are_refused() {
    let mut world = World::new(|_| {}).await;
    world.engine.stop().await;
    std::fs::write(world.data().join("keys/seal.key"), [7; 32]).unwrap();
    let error = world.reopen().unwrap_err();
    assert!(matches!(error, StartError::Damaged { seq: 0, .. }), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn f5_a_changed_entry_is_refused() {
    let mut world = World::new(|_| {}).await;
    world.engine.stop().await;
    // The next start moves everything out of the WAL, whose frames SQLite checks itself.
    world.reopen().unwrap();
    world.engine.stop().await;
    let path = world.data().join("ledger.db");
    let mut bytes = std::fs::read(&path).unwrap();
    let needle = b"\"Fabrikam\"";
    let at = bytes.windows(needle.len()).position(|window| window == needle).unwrap();
    bytes[at + 1] = b'f';
    std::fs::write(&path, bytes).unwrap();
    let error = world.reopen().unwrap_err();
    assert!(matches!(error, StartError::Damaged { .. } | StartError::Store(_)), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_start_from_a_snapshot_gives_the_same_state_and_goes_on_with_the_same_tree() {
    let mut world = World::new(|config| config.snapshot_every = 40).await.enabled().await;
    for n in 0..110 {
        world.ask_or_cancel(n).await;
    }
    assert!(world.kinds().iter().filter(|kind| **kind == "SnapshotTaken").count() > 3);
    world.engine.stop().await;
    let shape = world.shape();
    world.reopen().unwrap();
    assert_eq!(world.shape(), shape);
    world.ask_or_cancel(0).await;
    world.engine.stop().await;
    let (shape, head) = (world.shape(), world.engine.reader().head().unwrap().unwrap());
    // The same without snapshots: everything is replayed, and every root and seal compared.
    spoil_snapshots(&world);
    world.reopen().unwrap();
    assert_eq!(world.shape(), shape);
    assert_eq!(world.engine.reader().head().unwrap().unwrap().root, head.root);
    world.engine.stop().await;
}

/// Changes the stored snapshots, as somebody with the database's password could.
fn spoil_snapshots(world: &World) {
    let mut opened = countersign_store::sqlite::open(&world.data()).unwrap();
    let mut snapshot = opened.store.latest_snapshot(countersign_core::state::SCHEMA).unwrap().unwrap();
    let text =
        String::from_utf8(snapshot.bytes).unwrap().replacen("\"enabled\":true", "\"enabled\":false", 1);
    snapshot.bytes = text.into_bytes();
    snapshot.digest = countersign_ledger::hash::sha256(&snapshot.bytes);
    opened.store.put_snapshot(&snapshot).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn g07_a_list_of_tasks_that_was_altered_opens_nothing_from_the_next_start_on() {
    let mut world = World::new(|_| {}).await.enabled().await;
    let values = json!({"Seconds": "1"});
    let number = world.granted("Host\\Sleep", &values).await;
    let list = world.engine.state().authorizations[&number].asked.covers.list;
    let shape = |world: &World| world.engine.state().lists.get(&list).is_some();
    for (altered, known) in [(false, true), (true, false), (true, true)] {
        world.engine.stop().await;
        if altered {
            // The next start moves everything out of the WAL, which would bring back what was there.
            world.reopen().unwrap();
            world.engine.stop().await;
            flip_lists(&world);
        }
        world.reopen().unwrap();
        assert_eq!(shape(&world), known);
        let state = world.engine.state();
        assert!(
            state.authorizations.contains_key(&number),
            "that there is an authorization is in the ledger"
        );
        let ran = world.execute("rita", "Host\\Sleep", values.clone()).await;
        match known {
            true => assert!(ran.is_ok() || ran.is_err_and(|refusal| refusal.code == Code::AlreadyRunning)),
            false => assert_eq!(ran.unwrap_err().code, Code::EvidenceMissing),
        }
    }
    world.engine.stop().await;
}

/// Changes a digit of every list of tasks, as somebody with the database's file could; the second time changes it back.
fn flip_lists(world: &World) {
    let path = world.data().join("ledger.db");
    let mut bytes = std::fs::read(&path).unwrap();
    let needle = br#"{"tasks":{"Host\\Sleep":""#;
    let found: Vec<usize> =
        (0..bytes.len() - needle.len()).filter(|at| bytes[*at..].starts_with(needle)).collect();
    assert!(!found.is_empty());
    for at in found {
        let digit = &mut bytes[at + needle.len()];
        *digit = other(*digit);
    }
    std::fs::write(&path, bytes).unwrap();
}

/// Pairs of digits, so that twice is nothing.
const fn other(digit: u8) -> u8 {
    match digit {
        b'0'..=b'9' => b'0' + ((digit - b'0') ^ 1),
        _ => b'a' + ((digit - b'a') ^ 1),
    }
}
