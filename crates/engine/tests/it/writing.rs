//! Order, durability, idempotency, many at once.

use countersign_core::actor::Principal;
use countersign_core::command::Command;
use countersign_core::decide::Reply;
use countersign_core::event::body::Credential;
use countersign_core::refusal::Code;
use countersign_engine::Submission;
use countersign_ledger::checkpoint::Checkpoint;
use countersign_ledger::hash::sha256;
use countersign_store::SecretWrite;
use serde_json::json;

use crate::world::*;

#[tokio::test(flavor = "multi_thread")]
async fn what_was_acknowledged_is_there_after_a_restart() {
    let mut world = World::new(|_| {}).await.enabled().await;
    world.ask("rita", "Host\\Sleep", &json!({"Seconds": "1"})).await;
    let (shape, events) = (world.shape(), world.events());
    world.engine.stop().await;
    world.reopen().unwrap();
    assert_eq!(world.shape(), shape);
    assert_eq!(world.events(), events);
    let seqs: Vec<u64> = events.iter().map(|event| event.seq).collect();
    assert_eq!(seqs, (0..u64::try_from(events.len()).unwrap()).collect::<Vec<_>>());
    assert!(events.windows(2).all(|pair| pair[0].time <= pair[1].time));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_key_is_answered_by_what_happened_first() {
    let mut world = World::new(|_| {}).await;
    let make = |world: &World, name: &str| {
        let upn = format!("{name}@fabrikam.example");
        let values = json!({"UserPrincipalName": upn, "DisplayName": name});
        Submission::new(world.session("ada"), execution("Countersign\\New-User", values)).with_key("k1")
    };
    let first = world.engine.submit(make(&world, "bob")).await.unwrap();
    assert!(!first.replayed);
    let size = world.events().len();
    let again = world.engine.submit(make(&world, "bob")).await.unwrap();
    assert_eq!((again.reply.clone(), again.replayed), (first.reply.clone(), true));
    assert_eq!(world.events().len(), size, "nothing happened twice");
    let other = world.engine.submit(make(&world, "cyd")).await.unwrap();
    assert_eq!(other.reply.unwrap_err().code, Code::IdempotencyMismatch);
    assert_eq!(world.kinds().last(), Some(&"Refused"), "a refusal is recorded");
    world.engine.stop().await;
    world.reopen().unwrap();
    let after = world.engine.submit(make(&world, "bob")).await.unwrap();
    assert_eq!((after.reply, after.replayed), (first.reply, true));
    let mine = Submission::new(Principal::host(), Command::AcceptClock).with_key("k1");
    assert!(!world.engine.submit(mine).await.unwrap().replayed, "a key belongs to its principal");
}

#[tokio::test(flavor = "multi_thread")]
async fn a5_the_same_key_sent_64_times_at_once_happens_once() {
    let world = World::new(|_| {}).await;
    let values = json!({"UserPrincipalName": "bob@fabrikam.example", "DisplayName": "Bob"});
    let all = (0..64).map(|_| {
        let command = execution("Countersign\\New-User", values.clone());
        let submission = Submission::new(world.session("ada"), command).with_key("once");
        let engine = world.engine.clone();
        tokio::spawn(async move { engine.submit(submission).await.unwrap() })
    });
    let mut replies = Vec::new();
    for one in all.collect::<Vec<_>>() {
        replies.push(one.await.unwrap());
    }
    assert_eq!(replies.iter().filter(|receipt| !receipt.replayed).count(), 1);
    assert!(replies.iter().all(|receipt| receipt.reply == replies[0].reply));
    assert_eq!(world.kinds().iter().filter(|kind| **kind == "PersonCreated").count(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn sixty_four_at_once_are_all_recorded_and_of_two_like_names_one_wins() {
    let mut world = World::new(|_| {}).await;
    let all = (0..64).map(|n| {
        // Every name twice, spelt differently.
        let upn = if n % 2 == 0 {
            format!("p{}@fabrikam.example", n / 2)
        } else {
            format!("P{}@Fabrikam.example", n / 2)
        };
        let values = json!({"UserPrincipalName": upn, "DisplayName": "P"});
        let submission = Submission::new(world.session("ada"), execution("Countersign\\New-User", values));
        let engine = world.engine.clone();
        tokio::spawn(async move { engine.submit(submission).await.unwrap() })
    });
    let (mut made, mut refused) = (0, 0);
    for one in all.collect::<Vec<_>>() {
        let receipt = one.await.unwrap();
        match receipt.reply {
            Ok(Reply::Ran { .. }) => made += 1,
            Err(refusal) => {
                assert_eq!(refusal.code, Code::AlreadyExists);
                refused += 1;
            }
            other => panic!("{other:?}"),
        }
        assert!(receipt.size <= world.engine.state().next_seq, "published before it is answered");
    }
    assert_eq!((made, refused), (32, 32));
    let recorded = world.kinds().iter().filter(|kind| **kind == "Refused").count();
    assert_eq!(recorded, 20, "more of one account within a minute are counted");
    let shape = world.shape();
    world.engine.kill().await;
    world.reopen().unwrap();
    assert_eq!(world.shape(), shape);
}

#[tokio::test(flavor = "multi_thread")]
async fn credentials_are_kept_with_their_event_and_not_for_a_refused_command() {
    let world = World::new(|_| {}).await;
    let ada = world.people["ada"];
    let set = |principal, secret: &str| {
        let (credential, digest) = (Credential::Recovery, sha256(secret.as_bytes()));
        let command = Command::SetCredential { person: ada, link: None, credential, digest };
        let write = SecretWrite { person: ada, credential, secret: Some(secret.to_owned()) };
        Submission::new(principal, command).with_secret(write)
    };
    world.engine.submit(set(world.session("ada"), "good")).await.unwrap().reply.unwrap();
    assert!(world.engine.submit(set(Principal::host(), "bad")).await.unwrap().reply.is_err());
    let kept = world.engine.reader().secret(ada, Credential::Recovery).unwrap();
    assert_eq!(kept.as_deref(), Some("good"));
}

#[tokio::test(flavor = "multi_thread")]
async fn before_there_is_an_organization_nothing_is_recorded() {
    let place = place();
    let clock = std::sync::Arc::new(countersign_engine::ManualClock::at(START));
    let engine = countersign_engine::start(config(&place.path().join("data"), clock)).unwrap();
    let receipt = engine.submit(Submission::new(Principal::system(), Command::Tick)).await.unwrap();
    assert_eq!(receipt.reply.unwrap_err().code, Code::SetUpMode);
    assert_eq!(engine.checkpoint().await.unwrap(), None);
    assert_eq!(engine.state().next_seq, 0);
    engine.stop().await;
    assert!(engine.submit(Submission::new(Principal::system(), Command::Tick)).await.is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_checkpoint_speaks_of_what_is_in_the_database() {
    let world = World::new(|_| {}).await;
    let note = world.engine.checkpoint().await.unwrap().unwrap();
    let checkpoint = Checkpoint::open(note.as_bytes(), &world.engine.log_key().unwrap()).unwrap();
    let head = world.engine.reader().head().unwrap().unwrap();
    assert_eq!((checkpoint.size, checkpoint.root), (head.size, head.root));
    assert_eq!(checkpoint.size, world.engine.state().next_seq);
    let again = world.engine.checkpoint().await.unwrap().unwrap();
    assert_eq!(again, note, "at most one a second");
}

#[tokio::test(flavor = "multi_thread")]
async fn f3_when_space_is_short_new_work_is_refused_and_ends_are_recorded() {
    let mut world = World::new(|_| {}).await.enabled().await;
    let number = world.granted("Host\\Sleep", &json!({"Seconds": "1"})).await;
    world.engine.stop().await;
    world.config.keep_free = u64::MAX / 4;
    world.reopen().unwrap();
    let size = world.events().len();
    let refused = world.execute("rita", "Host\\Say", json!({"Text": "x", "Secret": "y"})).await.unwrap_err();
    assert_eq!(refused.code, Code::NoSpace);
    assert_eq!(world.events().len(), size, "a record would take the room that is missing");
    world.revoke(number).await;
    assert!(world.kinds().contains(&"AuthorizationEnded"));
    assert!(world.engine.health().notes.iter().any(|note| note.contains("disk")));
}
