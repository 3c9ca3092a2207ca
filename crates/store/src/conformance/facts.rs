use countersign_core::actor::Actor;
use countersign_core::event::body::{Credential, RequestEnd};
use countersign_core::event::{Body, Cause};
use countersign_core::id::RequestNumber;
use countersign_ledger::hash::sha256;

use super::{Backend, Script, Story};
use crate::batch::{BlobCitation, Reply, SecretWrite};

pub(super) fn sign_in_names_are_found_whatever_their_case(backend: &dyn Backend) {
    let mut opened = backend.open().unwrap();
    let mut script = Script::default();
    script.create(1, "Ada@Example.com", "Ada");
    script.create(2, "ÅSA@example.com", "Åsa");
    opened.store.append(&script.batch()).unwrap();
    for upn in ["ada@example.com", "ADA@EXAMPLE.COM", " Ada@Example.com "] {
        assert_eq!(opened.store.person_by_upn(upn).unwrap(), Some(Script::person(1)), "{upn}");
    }
    assert_eq!(opened.store.person_by_upn("åsa@example.com").unwrap(), Some(Script::person(2)));
    for upn in ["", "ada@example.co", "ada%", "' OR 1=1 --"] {
        assert_eq!(opened.store.person_by_upn(upn).unwrap(), None, "{upn}");
    }
    let (upn, name, mail) =
        (script.seal(&"countess@example.com"), script.seal(&"Ada"), script.seal(&"c@example.com"));
    script.host(Body::PersonChanged { person: Script::person(1), upn, display_name: name, mail });
    opened.store.append(&script.batch()).unwrap();
    let reader = opened.store.reader();
    assert_eq!(reader.person_by_upn("ada@example.com").unwrap(), None);
    assert_eq!(reader.person_by_upn("Countess@example.com").unwrap(), Some(Script::person(1)));
}

pub(super) fn commands_are_answered_once(backend: &dyn Backend) {
    let mut opened = backend.open().unwrap();
    let mut script = Script::default();
    let cause = Cause { key: sha256(b"key"), command: sha256(b"command") };
    script.set_password(1);
    for _ in 0..2 {
        let body = Body::SignInFailed { person: None, count: 1 };
        script.add(Actor::System, None, Some(cause), body);
    }
    let mut batch = script.batch();
    batch.replies = vec![Reply { key: cause.key, json: r#"{"ok":"Größe"}"#.to_owned() }];
    opened.store.append(&batch).unwrap();
    let done = opened.store.idempotent(&cause.key).unwrap().unwrap();
    assert_eq!((done.command, done.first_seq), (cause.command, 1));
    assert_eq!(done.reply.as_deref(), Some(r#"{"ok":"Größe"}"#));
    assert_eq!(opened.store.idempotent(&sha256(b"another")).unwrap(), None);
    opened.store.trim(1, 0).unwrap();
    let done = opened.store.reader().idempotent(&cause.key).unwrap().unwrap();
    assert_eq!((done.first_seq, done.reply), (1, None));
}

pub(super) fn credentials_come_and_go(backend: &dyn Backend) {
    let mut opened = backend.open().unwrap();
    let mut script = Script::default();
    let write = |credential, secret: Option<&str>| SecretWrite {
        person: Script::person(1),
        credential,
        secret: secret.map(str::to_owned),
    };
    let mut append = |writes: Vec<SecretWrite>| {
        script.set_password(1);
        let mut batch = script.batch();
        batch.secrets = writes;
        opened.store.append(&batch).unwrap();
        let read = |credential| opened.store.secret(Script::person(1), credential).unwrap();
        [Credential::Password, Credential::Totp].map(read)
    };
    let some = |text: &str| Some(text.to_owned());
    let both = append(vec![write(Credential::Password, Some("one")), write(Credential::Totp, Some("two"))]);
    assert_eq!(both, [some("one"), some("two")]);
    assert_eq!(append(vec![write(Credential::Password, Some("three"))]), [some("three"), some("two")]);
    assert_eq!(append(vec![write(Credential::Totp, None)]), [some("three"), None]);
    assert!(!format!("{:?}", write(Credential::Password, Some("hush"))).contains("hush"));
}

pub(super) fn the_latest_denial_is_found(backend: &dyn Backend) {
    let mut opened = backend.open().unwrap();
    let mut script = Script::default();
    Story::tell(&mut script);
    opened.store.append(&script.batch()).unwrap();
    let same = sha256(Story::OTHER.as_bytes());
    assert_eq!(opened.store.denied_before(&same).unwrap().unwrap().number, RequestNumber::new(2));
    assert!(opened.store.denied_before(&sha256(Story::TASK.as_bytes())).unwrap().is_none());
    script.ask(2, 4, Story::OTHER, "again", "db7");
    script
        .by(3, Body::RequestEnded { number: RequestNumber::new(4), how: RequestEnd::Denied, comment: None });
    script.ask(2, 5, Story::OTHER, "and again", "db7");
    script.by(
        2,
        Body::RequestEnded { number: RequestNumber::new(5), how: RequestEnd::Cancelled, comment: None },
    );
    opened.store.append(&script.batch()).unwrap();
    let denial = opened.store.denied_before(&same).unwrap().unwrap();
    assert_eq!(denial.number, RequestNumber::new(4));
}

pub(super) fn erased_values_are_gone_and_forged_ones_do_not_hold(backend: &dyn Backend) {
    let mut opened = backend.open().unwrap();
    let mut script = Script::default();
    script.create(1, "ada@example.com", "Ada Lovelace");
    script.create(2, "bob@example.com", "Bob Stone");
    let batch = script.batch();
    opened.store.append(&batch).unwrap();
    let all: Vec<_> = batch.sealed.iter().map(|value| value.commitment).collect();
    let found = opened.store.sealed(&all).unwrap();
    assert_eq!(found.len(), all.len());
    assert!(found.iter().all(countersign_core::sealing::SealedValue::holds));
    drop(opened);
    backend.tamper(
        "DELETE FROM sealed WHERE commitment = (SELECT commitment FROM sealed ORDER BY commitment LIMIT 1)",
    );
    backend.tamper("UPDATE sealed SET value = salt WHERE commitment = (SELECT commitment FROM sealed ORDER BY commitment LIMIT 1)");
    let mut opened = backend.open().unwrap();
    let found = opened.store.reader().sealed(&all).unwrap();
    assert_eq!(found.len(), all.len() - 1);
    assert_eq!(found.iter().filter(|value| !value.holds()).count(), 1);
    // Values that are gone or do not hold are left out of a rebuilt index, and nothing else is.
    let rebuilt = opened.store.rebuild(&mut |_| {}).unwrap();
    assert!(rebuilt.differed.contains(&"person"));
    assert_eq!(rebuilt.entries, 2);
}

pub(super) fn cited_blobs_are_known(backend: &dyn Backend) {
    let mut opened = backend.open().unwrap();
    let mut script = Script::default();
    for _ in 0..2 {
        let seq = script.set_password(1);
        let mut batch = script.batch();
        batch.blobs = vec![BlobCitation { digest: sha256(b"list"), seq }];
        opened.store.append(&batch).unwrap();
    }
    let reader = opened.store.reader();
    assert!(reader.cites(&sha256(b"list")).unwrap());
    assert!(!reader.cites(&sha256(b"other")).unwrap());
}

/// What an event refers to is what a rebuild looks up and an erasure removes: nothing sealed may be left out.
pub(super) fn every_sealed_value_is_named_by_its_event(backend: &dyn Backend) {
    let mut opened = backend.open().unwrap();
    let mut script = Script::default();
    Story::tell(&mut script);
    let number = RequestNumber::new(3);
    let (text, label, reason) = (script.seal(&"which one?"), script.seal(&"laptop"), script.seal(&"backup"));
    script.by(3, Body::QuestionAsked { number, text });
    let answer = script.seal(&"the second");
    script.by(2, Body::QuestionAnswered { number, text: answer });
    script.by(
        1,
        Body::TokenIssued {
            token: countersign_core::id::TokenId::from_bytes([1; 16]),
            person: Script::person(1),
            secret: sha256(b"token"),
            scopes: std::collections::BTreeSet::new(),
            until: script.time,
            label,
        },
    );
    script.host(Body::SystemAccountAdded { person: Script::person(9), reason, until: script.time });
    let filter = Some(script.seal(&"words"));
    let what = countersign_core::event::body::AuditRead::Search;
    script.by(3, Body::AuditWasRead { what, filter, execution: None });
    let batch = script.batch();
    opened.store.append(&batch).unwrap();
    let named = batch.entries.iter().flat_map(|entry| countersign_core::view::commitments(&entry.event));
    let lists = batch.entries.iter().filter_map(|entry| match &entry.event.body {
        Body::RequestSubmitted { covers, .. } => Some(covers.list),
        _ => None,
    });
    let named: std::collections::BTreeSet<_> = named.chain(lists).collect();
    assert_eq!(named, batch.sealed.iter().map(|value| value.commitment).collect());
    let people =
        crate::people(&*opened.store.reader(), &[Script::person(1), Script::person(2), Script::person(9)]);
    let people = people.unwrap();
    assert_eq!(people.len(), 2);
    assert_eq!(people[&Script::person(2)].display_name.as_deref(), Some("Bob Stone"));
}
