use countersign_core::erasure::Subject;
use countersign_core::event::{Body, Event};
use countersign_core::id::RequestNumber;
use countersign_core::view::Column as _;
use countersign_core::view::rows::{execution, message, person, request, vote};
use countersign_ledger::hash::Digest;

use super::{Backend, Script, Story};
use crate::query::{Direction, EventFilter, ListQuery, Visibility};
use crate::store::{Reader, get, list};

fn found(reader: &dyn Reader, text: &str) -> usize {
    let filter = EventFilter { text: text.to_owned(), ..EventFilter::default() };
    reader.events(&filter, &Visibility::All, Direction::NewestFirst, None, 99).unwrap().rows.len()
}

fn commitments(events: &[Event], subject: Subject) -> Vec<Digest> {
    let concerned = events.iter().filter(|event| countersign_core::erasure::subject(event) == Some(subject));
    concerned.flat_map(countersign_core::view::commitments).collect()
}

pub(super) fn an_erased_request_leaves_no_value_text_or_word(backend: &dyn Backend) {
    let mut opened = backend.open().unwrap();
    let mut script = Script::default();
    Story::tell(&mut script);
    let number = RequestNumber::new(1);
    let text = script.seal(&"which mailbox, precisely");
    script.add(countersign_core::actor::Actor::Host, Some(1), None, Body::QuestionAsked { number, text });
    let batch = script.batch();
    let events: Vec<Event> = batch.entries.iter().map(|entry| entry.event.clone()).collect();
    opened.store.append(&batch).unwrap();
    let subject = Subject::Request { number };
    let gone = commitments(&events, subject);
    let reader = opened.store.reader();
    assert_eq!(reader.sealed(&gone).unwrap().len(), gone.len());
    for word in ["jane", "INC-4711", "ahead", "precisely", "jan*"] {
        assert!(found(&*reader, word) > 0, "{word} is found before");
    }
    let values =
        reader.sealed(&commitments(&events, Subject::Request { number: RequestNumber::new(2) })).unwrap();
    script.host(Body::Erased { subject });
    opened.store.append(&script.batch()).unwrap();
    let reader = opened.store.reader();
    assert!(reader.sealed(&gone).unwrap().is_empty());
    for word in ["jane", "INC-4711", "ahead", "precisely", "jan*"] {
        assert_eq!(found(&*reader, word), 0, "{word}");
    }
    let row = get::<request::Row>(&*reader, &[number.to_cell()]).unwrap().unwrap();
    assert!(row.reason.is_none() && row.ticket.is_none() && row.votes == 1, "the rest of the row stays");
    let votes = list::<vote::Row>(&*reader, &ListQuery::all()).unwrap().rows;
    assert!(votes.iter().all(|vote| vote.comment.is_none()));
    let messages = list::<message::Row>(&*reader, &ListQuery::all()).unwrap().rows;
    assert!(messages.iter().all(|message| message.text.is_none()));
    let run = get::<execution::Row>(&*reader, &[Script::execution(1).to_cell()]).unwrap().unwrap();
    assert!(run.values.is_none());
    // Others' values stay, and what they share with the erased is found as before.
    let digests: Vec<Digest> = values.iter().map(|value| value.commitment).collect();
    assert_eq!(reader.sealed(&digests).unwrap().len(), digests.len());
    assert_eq!(found(&*reader, "mailbox"), 1, "R-3 has it as well");
    assert!(found(&*reader, "R-1") > 3, "that it happened is found");
    let rebuilt = opened.store.rebuild(&mut |_| {}).unwrap();
    assert!(rebuilt.differed.is_empty(), "{:?}", rebuilt.differed);
}

pub(super) fn an_erased_person_is_a_number(backend: &dyn Backend) {
    let mut opened = backend.open().unwrap();
    let mut script = Script::default();
    Story::tell(&mut script);
    let person = Script::person(1);
    let (upn, display_name, mail) = (
        script.seal(&"ada.king@example.com"),
        script.seal(&"Ada King"),
        script.seal(&"ada.king@example.com"),
    );
    script.host(Body::PersonChanged { person, upn, display_name, mail });
    let batch = script.batch();
    let events: Vec<Event> = batch.entries.iter().map(|entry| entry.event.clone()).collect();
    opened.store.append(&batch).unwrap();
    let subject = Subject::Person { person };
    let gone = commitments(&events, subject);
    assert_eq!(gone.len(), 6, "names of before as well");
    script.host(Body::Erased { subject });
    opened.store.append(&script.batch()).unwrap();
    let reader = opened.store.reader();
    assert!(reader.sealed(&gone).unwrap().is_empty());
    assert!(reader.person_by_upn("ada.king@example.com").unwrap().is_none());
    let row = get::<person::Row>(&*reader, &[person.to_cell()]).unwrap().unwrap();
    assert!(
        row.upn.is_none() && row.display_name.is_none() && row.mail.is_none() && row.words.trim().is_empty()
    );
    for word in ["lovelace", "king", "ada.king@example.com", "lovel*"] {
        assert_eq!(found(&*reader, word), 0, "{word}");
    }
    assert!(reader.person_by_upn("bob@example.com").unwrap().is_some());
    let rebuilt = opened.store.rebuild(&mut |_| {}).unwrap();
    assert!(rebuilt.differed.is_empty(), "{:?}", rebuilt.differed);
    // New words get numbers again, and are found.
    script.create(9, "ada@example.com", "Ada Byron");
    opened.store.append(&script.batch()).unwrap();
    assert_eq!(found(&*opened.store.reader(), "byron"), 1);
    assert!(opened.store.rebuild(&mut |_| {}).unwrap().differed.is_empty());
}
