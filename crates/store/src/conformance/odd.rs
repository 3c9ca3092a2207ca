use countersign_core::id::RequestNumber;
use countersign_core::view::rows::{person, request};
use countersign_core::view::{Column, words};

use super::{Backend, Script, Story};
use crate::query::{Condition, Direction, EventFilter, ListQuery, Visibility};
use crate::store::{get, list};

const ODD: [&str; 9] = [
    "plain",
    "it's \"quoted\"; DROP TABLE entry; --",
    "100%_sure!",
    "tab\tline\nfeed\r",
    "Größe Straße ÅNGSTRÖM",
    "東京 \u{1f980}\u{200d}\u{1f980}",
    "\u{202e}evil\u{2066}",
    "back\\slash $1 ?1 :name @name",
    "nul\u{0}inside",
];

pub(super) fn odd_characters_are_kept_and_found(backend: &dyn Backend) {
    let mut opened = backend.open().unwrap();
    let mut script = Script::default();
    for (n, text) in (1..).zip(ODD) {
        script.ask(1, n, Story::TASK, text, text);
    }
    opened.store.append(&script.batch()).unwrap();
    let reader = opened.store.reader();
    for (n, text) in (1..).zip(ODD) {
        let row = get::<request::Row>(&*reader, &[RequestNumber::new(n).to_cell()]).unwrap().unwrap();
        assert_eq!(row.reason.unwrap(), text.replace('\0', "\u{fffd}"));
        let same = Condition::Is(request::reason(&Some(text.to_owned())));
        assert_eq!(
            list::<request::Row>(&*reader, &ListQuery::all().with(same)).unwrap().rows.len(),
            1,
            "{text:?}"
        );
        let mut found = std::collections::BTreeSet::new();
        words::collect(text, &mut found);
        for word in found {
            let filter = EventFilter { text: word.clone(), ..EventFilter::default() };
            let page = reader.events(&filter, &Visibility::All, Direction::NewestFirst, None, 50).unwrap();
            assert!(
                page.rows.iter().any(|row| row.request == Some(RequestNumber::new(n))),
                "{word:?} of {text:?}"
            );
        }
    }
    assert!(opened.store.rebuild(&mut |_| {}).unwrap().differed.is_empty());
}

/// Whatever a search or a condition holds, it is looked for and never run, and no character stands for others.
pub(super) fn statements_are_not_made_of_values(backend: &dyn Backend) {
    let mut opened = backend.open().unwrap();
    let mut script = Script::default();
    Story::tell(&mut script);
    script.create(8, "percent@example.com", "100% _sure_");
    opened.store.append(&script.batch()).unwrap();
    let reader = opened.store.reader();
    for text in ["%", "_", "' OR '1'='1", "*", "\"", "\\", "a_a", "%@example.com*", "\u{1}kind:votecast"] {
        let filter = EventFilter { text: text.to_owned(), ..EventFilter::default() };
        reader.events(&filter, &Visibility::All, Direction::NewestFirst, None, 50).unwrap();
        let subject = EventFilter { subject: Some(text.to_owned()), ..EventFilter::default() };
        let page = reader.events(&subject, &Visibility::All, Direction::NewestFirst, None, 50).unwrap();
        assert!(page.rows.is_empty(), "{text:?}");
    }
    let named =
        |condition| list::<person::Row>(&*reader, &ListQuery::all().with(condition)).unwrap().rows.len();
    let name = |text: &str| person::display_name(&Some(text.to_owned()));
    assert_eq!(named(Condition::Contains(name("%"))), 1);
    assert_eq!(named(Condition::Contains(name("_sure"))), 1);
    assert_eq!(named(Condition::Contains(name("%sure"))), 0);
    assert_eq!(named(Condition::Prefix(name("100%"))), 1);
    assert_eq!(named(Condition::Prefix(name("1_0"))), 0);
}
