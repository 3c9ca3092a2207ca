//! A copy that is not what was served: it is read, not written, until it is accepted, and then it is a new epoch.

use std::collections::BTreeSet;
use std::path::PathBuf;

use countersign_core::actor::Principal;
use countersign_core::command::Command;
use countersign_core::decide::Reply;
use countersign_core::epoch::Doubt;
use countersign_core::event::Body;
use countersign_core::event::body::{AuthorizationEnd, RequestEnd};
use countersign_core::policy::Assurance;
use countersign_core::refusal::Code;
use countersign_engine::{StartError, SubmitError};
use countersign_ledger::checkpoint::Checkpoint;
use serde_json::json;

use crate::world::*;

const ACCEPT: Command = Command::AcceptRestore(None);

type Copy = Vec<(PathBuf, Vec<u8>)>;

/// The database's files, with the engine stopped.
fn copy(world: &World) -> Copy {
    let files = std::fs::read_dir(world.data()).unwrap().flatten().map(|entry| entry.path());
    let ledger = files.filter(|path| path.file_name().unwrap().to_string_lossy().starts_with("ledger.db"));
    ledger.map(|path| (path.clone(), std::fs::read(path).unwrap())).collect()
}

fn restore(world: &World, files: &Copy) {
    for (path, _) in copy(world) {
        std::fs::remove_file(path).unwrap();
    }
    for (path, bytes) in files {
        std::fs::write(path, bytes).unwrap();
    }
}

fn mark(world: &World) -> PathBuf {
    world.data().join("high-water")
}

fn doubts(world: &World) -> BTreeSet<Doubt> {
    world.engine.restored().map(|restored| restored.doubts.clone()).unwrap_or_default()
}

async fn checkpoint(world: &World) -> Checkpoint {
    let note = world.engine.checkpoint().await.unwrap().unwrap();
    Checkpoint::open(note.as_bytes(), &world.engine.log_key().unwrap()).unwrap()
}

/// An older copy in the place of a newer ledger: the newer one granted and ran on. Also the head that was lost.
async fn older() -> (World, Checkpoint) {
    let mut world = World::new(|_| {}).await.enabled().await;
    let granted = world.granted("Host\\Sleep", &json!({"Seconds": "1"})).await;
    let pending = world.ask("rita", "Host\\Sleep", &json!({"Seconds": "2"})).await;
    world.engine.stop().await;
    let older = copy(&world);
    world.reopen().unwrap();
    world.revoke(granted).await;
    world.approve("cyd", pending).await.unwrap();
    let lost = checkpoint(&world).await;
    world.engine.stop().await;
    restore(&world, &older);
    world.reopen().unwrap();
    (world, lost)
}

#[tokio::test(flavor = "multi_thread")]
async fn f7_an_older_copy_is_read_and_nothing_is_appended_to_it() {
    let (world, lost) = older().await;
    assert_eq!(doubts(&world), BTreeSet::from([Doubt::Shorter]));
    let restored = world.engine.restored().unwrap();
    assert_eq!((restored.epoch, restored.cites.size, restored.cites.root), (2, lost.size, lost.root));
    let size = world.engine.state().next_seq;
    assert!(size < lost.size && world.engine.reader().head().unwrap().unwrap().size == size);
    // What was revoked in the lost part lives here, and opens nothing.
    let run = world.execute("rita", "Host\\Sleep", json!({"Seconds": "1"})).await.unwrap_err();
    assert_eq!(run.code, Code::RestoredCopy);
    for (principal, command) in [
        (world.session("rita"), Command::Submit(asking("Host\\Sleep", &json!({"Seconds": "3"})))),
        (world.session("ada"), execution("Countersign\\Disable-User", json!({"Identity": "x"}))),
        (Principal::host(), Command::AcceptClock),
        (Principal::host(), Command::Recover { person: world.people["ada"], secret: lost.root }),
    ] {
        assert_eq!(world.submit(principal, command).await.reply.unwrap_err().code, Code::RestoredCopy);
    }
    let signed_in = Command::RecordSignIn { person: world.people["ada"], assurance: Assurance::SecondFactor };
    assert!(world.submit(Principal::system(), signed_in).await.reply.is_ok(), "people can come and look");
    assert_eq!(world.engine.checkpoint().await, Err(SubmitError::Restored));
    assert!(world.engine.log_key().is_none());
    let health = world.engine.health();
    assert!(health.restored && !health.writing && health.notes[0].contains("restored copy"));
    world.engine.stop().await;
    let files = std::fs::read(mark(&world)).unwrap();
    let mut world = world;
    world.reopen().unwrap();
    assert_eq!(world.engine.state().next_seq, size, "nothing was written");
    assert_eq!(std::fs::read(mark(&world)).unwrap(), files, "nor was it forgotten what was served");
    world.engine.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn f7_the_host_accepts_a_copy_which_ends_all_that_lives_by_it() {
    let (mut world, lost) = older().await;
    let size = world.engine.state().next_seq;
    world.submit(Principal::host(), ACCEPT).await.reply.unwrap();
    let event = world.until("the epoch", |event| matches!(event.body, Body::EpochOpened { .. })).await;
    let Body::EpochOpened { epoch, cites, key, doubts: why, accepted, ends } = &event.body else { panic!() };
    assert_eq!((*epoch, event.seq, accepted.len()), (2, size, 0));
    assert_eq!((cites.origin.as_str(), cites.size, cites.root), ("fabrikam/1", lost.size, lost.root));
    assert_eq!(*why, BTreeSet::from([Doubt::Shorter]));
    assert!(ends.authorizations.values().all(|how| *how == AuthorizationEnd::Restored));
    assert!(ends.requests.values().all(|how| *how == RequestEnd::Restored));
    assert_eq!((ends.authorizations.len(), ends.requests.len()), (1, 1));
    assert!(world.engine.state().authorizations.is_empty() && world.engine.state().requests.is_empty());
    let now = checkpoint(&world).await;
    assert_eq!(now.origin.as_str(), "fabrikam/2");
    assert_eq!(*key, world.engine.log_key().unwrap().to_string());
    assert!(world.engine.restored().is_none() && world.engine.health().writing);
    let refused = world.submit(Principal::host(), ACCEPT).await.reply.unwrap_err();
    assert_eq!(refused.code, Code::AlreadyInState, "there is nothing to accept any more");
    world.engine.stop().await;
    world.reopen().unwrap();
    assert!(world.engine.restored().is_none(), "the shorter ledger is the one that is served");
    world.ask("rita", "Host\\Sleep", &json!({"Seconds": "2"})).await;
    world.engine.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn f7_two_default_approvers_accept_a_copy_and_no_less() {
    let (world, _) = older().await;
    let said = async |principal| world.submit(principal, ACCEPT).await.reply;
    for nobody in [world.session("rita"), Principal::system()] {
        assert_eq!(said(nobody).await.unwrap_err().code, Code::Forbidden);
    }
    let weak = Principal::session(world.people["bob"], Assurance::Session, world.engine.now());
    assert_eq!(said(weak).await.unwrap_err().code, Code::SecondFactorRequired);
    assert_eq!(said(world.session("bob")).await, Ok(Reply::Done));
    assert!(world.engine.restored().unwrap().vouched.contains(&world.people["bob"]));
    assert_eq!(said(world.session("bob")).await.unwrap_err().code, Code::AlreadyVoted);
    assert!(world.engine.restored().is_some(), "one is not two");
    assert_eq!(said(world.session("cyd")).await, Ok(Reply::Done));
    let event = world.until("the epoch", |event| matches!(event.body, Body::EpochOpened { .. })).await;
    let Body::EpochOpened { accepted, .. } = &event.body else { panic!() };
    assert_eq!(*accepted, ["bob", "cyd"].map(|name| world.people[name]).into());
    assert_eq!(event.actor.person(), Some(world.people["cyd"]));
    world.engine.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn f7_another_history_is_found_out_wherever_its_batches_end() {
    // The fork has one entry less, as many, or more than was served; none of its batches ends where the mark stands.
    for (more, doubt) in [(0, Doubt::Shorter), (2, Doubt::Different)] {
        let mut world = World::new(|_| {}).await;
        world.engine.stop().await;
        let (fork, before) = (copy(&world), std::fs::read(mark(&world)).unwrap());
        world.reopen().unwrap();
        world.person("bob").await;
        world.engine.stop().await;
        let served = std::fs::read(mark(&world)).unwrap();
        restore(&world, &fork);
        std::fs::write(mark(&world), before).unwrap();
        world.reopen().unwrap();
        for n in 0..=more {
            let mail = format!("g{n}@fabrikam.example");
            world.run("New-Group", json!({"Name": format!("Group {n}"), "Mail": mail})).await;
        }
        world.engine.stop().await;
        std::fs::write(mark(&world), served).unwrap();
        world.reopen().unwrap();
        assert_eq!(doubts(&world), BTreeSet::from([doubt]));
        world.submit(Principal::host(), ACCEPT).await.reply.unwrap();
        world.engine.stop().await;
        world.reopen().unwrap();
        assert!(world.engine.restored().is_none());
        world.engine.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn f7_the_lost_ledger_itself_is_in_doubt_once_a_copy_was_accepted() {
    let mut world = World::new(|_| {}).await.enabled().await;
    world.engine.stop().await;
    let older = copy(&world);
    world.reopen().unwrap();
    world.ask_or_cancel(1).await;
    world.engine.stop().await;
    let newer = copy(&world);
    restore(&world, &older);
    world.reopen().unwrap();
    world.submit(Principal::host(), ACCEPT).await.reply.unwrap();
    world.engine.stop().await;
    restore(&world, &newer);
    world.reopen().unwrap();
    assert_eq!(doubts(&world), BTreeSet::from([Doubt::Different]));
    world.submit(Principal::host(), ACCEPT).await.reply.unwrap();
    let event = world.until("the epoch", |event| matches!(event.body, Body::EpochOpened { .. })).await;
    let Body::EpochOpened { epoch, cites, .. } = &event.body else { panic!() };
    assert_eq!((*epoch, cites.origin.as_str()), (3, "fabrikam/2"), "a number is never used again");
    world.engine.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn f7_a_kept_checkpoint_finds_a_copy_out_that_brings_its_own_mark() {
    let mut world = World::new(|_| {}).await.enabled().await;
    world.engine.stop().await;
    let (older, before) = (copy(&world), std::fs::read(mark(&world)).unwrap());
    world.reopen().unwrap();
    world.ask_or_cancel(1).await;
    let kept = checkpoint(&world).await;
    world.engine.stop().await;
    world.config.kept = vec![kept.clone()];
    world.reopen().unwrap();
    assert!(world.engine.restored().is_none(), "what was kept is there");
    world.engine.stop().await;
    restore(&world, &older);
    std::fs::write(mark(&world), before).unwrap();
    world.reopen().unwrap();
    assert_eq!(doubts(&world), BTreeSet::from([Doubt::Shorter]));
    assert_eq!(world.engine.restored().unwrap().cites.size, kept.size);
    world.submit(Principal::host(), ACCEPT).await.reply.unwrap();
    world.engine.stop().await;
    world.reopen().unwrap();
    assert!(world.engine.restored().is_none(), "its loss was accepted");
    world.engine.stop().await;
    let other = countersign_ledger::checkpoint::Origin::new("other", 1).unwrap();
    world.config.kept = vec![Checkpoint { origin: other, ..kept }];
    assert!(matches!(world.reopen().unwrap_err(), StartError::OtherLedger(_)));
}

#[tokio::test(flavor = "multi_thread")]
async fn f7_a_ledger_without_mark_or_signing_key_is_in_doubt_and_gets_a_new_key() {
    let mut world = World::new(|_| {}).await.enabled().await;
    let before = world.engine.log_key().unwrap().to_string();
    world.engine.stop().await;
    std::fs::remove_file(mark(&world)).unwrap();
    world.reopen().unwrap();
    assert_eq!(doubts(&world), BTreeSet::from([Doubt::Unmarked]));
    world.engine.stop().await;
    std::fs::remove_file(world.data().join("keys/log.key")).unwrap();
    world.reopen().unwrap();
    assert_eq!(doubts(&world), BTreeSet::from([Doubt::Unmarked, Doubt::KeyGone]));
    let size = world.engine.state().next_seq;
    world.submit(Principal::host(), ACCEPT).await.reply.unwrap();
    let event = world.until("the epoch", |event| matches!(event.body, Body::EpochOpened { .. })).await;
    let Body::EpochOpened { cites, key, .. } = &event.body else { panic!() };
    assert_eq!(
        (cites.origin.as_str(), cites.size),
        ("fabrikam/1", size),
        "its own head, for want of another"
    );
    let hash = |key: &str| key.rsplit('+').next().unwrap().to_owned();
    assert_ne!(hash(key), hash(&before), "another key");
    world.engine.stop().await;
    world.reopen().unwrap();
    assert!(world.engine.restored().is_none());
    world.engine.stop().await;
    std::fs::write(world.data().join("keys/log.key"), [7; 32]).unwrap();
    world.reopen().unwrap();
    assert_eq!(doubts(&world), BTreeSet::from([Doubt::KeyGone]), "a key is the ledger's by its event only");
    world.engine.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn f7_nothing_in_the_place_of_a_ledger_is_no_new_beginning() {
    let mut world = World::new(|_| {}).await;
    world.engine.stop().await;
    restore(&world, &Vec::new());
    assert!(matches!(world.reopen().unwrap_err(), StartError::Gone { .. }));
}
