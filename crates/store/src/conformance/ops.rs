use countersign_core::time::{Instant, Span};
use countersign_ledger::hash::sha256;

use super::{Backend, Script};
use crate::ops::{DeliveryState, Failure, Recipient, Session, Step};

const T0: Instant = Instant::from_micros(1_800_000_000_000_000);

fn after(secs: u64) -> Instant {
    T0.plus(Span::from_secs(secs))
}

fn session(name: &str, person: u8, until: u64) -> Session {
    Session {
        id: sha256(name.as_bytes()),
        person: Script::person(person),
        created: T0,
        seen: T0,
        until: after(until),
        data: format!(r#"{{"device":"{name}"}}"#),
    }
}

pub(super) fn sessions_live_until_they_end(backend: &dyn Backend) {
    let opened = backend.open().unwrap();
    let ops = opened.ops.clone();
    let (phone, laptop, other) =
        (session("phone", 1, 100), session("laptop", 1, 200), session("other", 2, 200));
    for session in [&phone, &laptop, &other] {
        ops.put_session(session).unwrap();
    }
    assert_eq!(ops.session(&phone.id, after(99)).unwrap(), Some(phone.clone()));
    assert_eq!(ops.session(&phone.id, after(100)).unwrap(), None);
    assert_eq!(ops.session(&sha256(b"forged"), after(1)).unwrap(), None);
    ops.touch_session(&laptop.id, after(50)).unwrap();
    ops.touch_session(&laptop.id, after(40)).unwrap();
    let mine = ops.sessions_of(Script::person(1)).unwrap();
    assert_eq!(mine.iter().map(|session| session.id).collect::<Vec<_>>(), [laptop.id, phone.id]);
    assert_eq!(mine[0].seen, after(50));
    ops.put_session(&Session { data: "{}".to_owned(), person: Script::person(2), ..phone.clone() }).unwrap();
    let kept = ops.session(&phone.id, after(1)).unwrap().unwrap();
    assert_eq!((kept.data.as_str(), kept.person), ("{}", Script::person(1)), "a session never changes hands");
    assert_eq!(ops.delete_sessions_of(Script::person(1), Some(&laptop.id)).unwrap(), 1);
    assert_eq!(ops.session(&phone.id, after(1)).unwrap(), None);
    ops.delete_session(&laptop.id).unwrap();
    assert!(ops.sessions_of(Script::person(1)).unwrap().is_empty());
    assert_eq!(ops.sweep_sessions(after(200)).unwrap(), 1);
    assert!(!format!("{other:?}").contains("device"));
}

pub(super) fn throttles_count_and_begin_anew(backend: &dyn Backend) {
    let ops = backend.open().unwrap().ops;
    assert_eq!(ops.throttle("a").unwrap(), None);
    for count in 1..=3 {
        let throttle = ops.count_throttle("a", after(count), T0).unwrap();
        assert_eq!((throttle.count, throttle.since), (count, after(1)));
    }
    assert_eq!(ops.count_throttle("b", after(1), T0).unwrap().count, 1);
    let anew = ops.count_throttle("a", after(100), after(50)).unwrap();
    assert_eq!((anew.count, anew.since), (1, after(100)));
    ops.clear_throttle("a").unwrap();
    assert_eq!(ops.throttle("a").unwrap(), None);
    assert_eq!(ops.sweep_throttles(after(2)).unwrap(), 1);
}

pub(super) fn no_authenticator_step_counts_twice(backend: &dyn Backend) {
    let ops = backend.open().unwrap().ops;
    let (ada, bob) = (Script::person(1), Script::person(2));
    assert_eq!(ops.take_totp_step(ada, 100).unwrap(), Step::Taken);
    assert_eq!(ops.take_totp_step(ada, 100).unwrap(), Step::Replayed);
    assert_eq!(ops.take_totp_step(ada, 99).unwrap(), Step::Replayed);
    assert_eq!(ops.take_totp_step(bob, 99).unwrap(), Step::Taken);
    assert_eq!(ops.take_totp_step(ada, 101).unwrap(), Step::Taken);
}

pub(super) fn deliveries_are_tried_until_they_succeed_or_are_given_up(backend: &dyn Backend) {
    let ops = backend.open().unwrap().ops;
    assert_eq!(ops.outbox_place().unwrap(), None);
    let to = |name: &str| Recipient { recipient: name.to_owned(), audience: "{}".to_owned() };
    ops.enqueue(1, 7, &[to("ada"), to("bob")], T0).unwrap();
    ops.enqueue(1, 7, &[to("ada"), to("bob")], T0).unwrap();
    ops.enqueue(2, 8, &[], T0).unwrap();
    assert_eq!(ops.outbox_place().unwrap(), Some(2));
    let due = ops.due(T0, 10).unwrap();
    assert_eq!(due.iter().map(|delivery| delivery.recipient.as_str()).collect::<Vec<_>>(), ["ada", "bob"]);
    ops.delivered(due[0].id, after(1)).unwrap();
    ops.failed(due[1].id, "421 try later", Failure::Transient(after(60)), after(1)).unwrap();
    assert!(ops.due(after(59), 10).unwrap().is_empty());
    assert_eq!(ops.next_due().unwrap(), Some(after(60)));
    let again = ops.due(after(60), 10).unwrap();
    assert_eq!((again.len(), again[0].tries), (1, 1));
    assert_eq!(again[0].error.as_deref(), Some("421 try later"));
    ops.failed(again[0].id, &"x".repeat(5_000), Failure::Permanent, after(61)).unwrap();
    assert_eq!(ops.next_due().unwrap(), None);
    let all = ops.deliveries_of(7).unwrap();
    assert_eq!([all[0].state, all[1].state], [DeliveryState::Delivered, DeliveryState::Failed]);
    assert_eq!(all[1].error.as_ref().unwrap().len(), 500);
    assert_eq!(ops.deliveries(Some(DeliveryState::Failed), 10).unwrap().len(), 1);
    assert_eq!(ops.deliveries(None, 10).unwrap().len(), 2);
    assert_eq!(ops.count_deliveries(DeliveryState::Delivered).unwrap(), 1);
    assert_eq!(ops.sweep_deliveries(after(61)).unwrap(), 1);
}

pub(super) fn small_values_are_kept(backend: &dyn Backend) {
    let ops = backend.open().unwrap().ops;
    assert_eq!(ops.get("x").unwrap(), None);
    ops.set("x", "1").unwrap();
    ops.set("x", "zwei\u{1f980}").unwrap();
    assert_eq!(ops.get("x").unwrap().as_deref(), Some("zwei\u{1f980}"));
    ops.unset("x").unwrap();
    assert_eq!(ops.get("x").unwrap(), None);
}
