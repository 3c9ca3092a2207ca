use super::{Backend, Script, Story};
use crate::error::Error;
use crate::query::{Direction, EventFilter, Visibility};
use crate::store::Store;

pub(super) fn a_rebuild_finds_nothing_different(backend: &dyn Backend) {
    let mut opened = backend.open().unwrap();
    let mut script = Script::default();
    for _ in 0..40 {
        Story::tell(&mut script);
        opened.store.append(&script.batch()).unwrap();
    }
    let mut seen = Vec::new();
    let rebuilt = opened.store.rebuild(&mut |done| seen.push(done)).unwrap();
    assert_eq!(rebuilt.entries, script.size());
    assert!(rebuilt.differed.is_empty(), "{:?}", rebuilt.differed);
    assert_eq!(seen.last(), Some(&script.size()));
    Story::tell(&mut script);
    opened.store.append(&script.batch()).unwrap();
    assert!(opened.store.rebuild(&mut |_| {}).unwrap().differed.is_empty());
}

pub(super) fn a_rebuild_repairs_what_was_tampered_with(backend: &dyn Backend) {
    let mut script = Script::default();
    Story::tell(&mut script);
    let mut opened = backend.open().unwrap();
    opened.store.append(&script.batch()).unwrap();
    let denied = EventFilter { outcome: Some("denied".to_owned()), ..EventFilter::default() };
    drop(opened);
    backend.tamper("UPDATE request SET status = 'approved' WHERE number = 2");
    backend.tamper("DELETE FROM term");
    backend.tamper("DELETE FROM person");
    let mut opened = backend.open().unwrap();
    let find = |store: &dyn Store| {
        let page = store.reader().events(&denied, &Visibility::All, Direction::NewestFirst, None, 9);
        page.unwrap().rows.len()
    };
    assert_eq!(find(&*opened.store), 0);
    let rebuilt = opened.store.rebuild(&mut |_| {}).unwrap();
    assert_eq!(rebuilt.differed, ["person", "request", "term"]);
    assert_eq!(find(&*opened.store), 1);
    assert!(opened.store.reader().person_by_upn("bob@example.com").unwrap().is_some());
    assert!(opened.store.rebuild(&mut |_| {}).unwrap().differed.is_empty());
}

pub(super) fn a_missing_entry_is_found(backend: &dyn Backend) {
    let mut script = Script::default();
    Story::tell(&mut script);
    let mut opened = backend.open().unwrap();
    opened.store.append(&script.batch()).unwrap();
    drop(opened);
    backend.tamper("DELETE FROM entry WHERE seq = 5");
    let mut opened = backend.open().unwrap();
    match opened.store.rebuild(&mut |_| {}) {
        Err(Error::Corrupt(_)) => {}
        other => panic!("{other:?}"),
    }
    // Nothing changed: the tables are what they were.
    assert!(opened.store.reader().person_by_upn("bob@example.com").unwrap().is_some());
    // The last entries cut off are found out against the head, whose batch still says how many there were.
    drop(opened);
    backend.tamper("DELETE FROM entry WHERE seq >= 5");
    let mut opened = backend.open().unwrap();
    assert!(matches!(opened.store.rebuild(&mut |_| {}), Err(Error::Corrupt(_))));
}
