//! Lists of tasks: beside the ledger, in the transaction of the entry that cites them, and never erased.

use countersign_core::covers::{ListError, TaskList};
use countersign_core::erasure::Subject;
use countersign_core::event::Body;
use countersign_core::id::RequestNumber;
use countersign_ledger::hash::Digest;

use super::{Backend, Script, Story};
use crate::store::Reader;

/// The list as the store has it, checked.
fn read(reader: &dyn Reader, list: Digest) -> Option<Result<TaskList, ListError>> {
    let found = reader.sealed(&[list]).unwrap();
    assert!(found.len() <= 1, "a list is kept once");
    found.first().map(|value| TaskList::from_bytes(&value.value, list))
}

fn cited(batch: &crate::Batch) -> Vec<Digest> {
    let cited = batch.entries.iter().filter_map(|entry| match &entry.event.body {
        Body::RequestSubmitted { covers, .. } => Some(covers.list),
        _ => None,
    });
    cited.collect()
}

pub(super) fn a_list_of_tasks_is_kept_with_the_entry_that_cites_it(backend: &dyn Backend) {
    let mut script = Script::default();
    Story::tell(&mut script);
    let batch = script.batch();
    let lists = cited(&batch);
    assert!(!lists.is_empty());
    let names: Vec<String> =
        (0..10_000).map(|index| format!("Exchange\\A task of a long name {index}")).collect();
    let long = script.list(&names.iter().map(String::as_str).collect::<Vec<_>>());
    script.ask(1, 90, "Exchange\\Again", "the same once more", "jane");
    let mut refused = script.batch();
    let more = cited(&refused);
    {
        let mut opened = backend.open().unwrap();
        opened.store.append(&batch).unwrap();
        // A batch that is not taken leaves no list.
        refused.size += 1;
        assert!(opened.store.append(&refused).is_err());
        assert!(read(&*opened.store.reader(), more[0]).is_none());
        refused.size -= 1;
        opened.store.append(&refused).unwrap();
    }
    let opened = backend.open().unwrap();
    let reader = opened.store.reader();
    for list in lists.iter().chain(&more) {
        assert_eq!(read(&*reader, *list).unwrap().unwrap().digest(), *list);
    }
    assert_eq!(read(&*reader, long.list).unwrap().unwrap().tasks().len(), 10_000);
}

pub(super) fn an_erased_request_leaves_its_list_of_tasks(backend: &dyn Backend) {
    let mut opened = backend.open().unwrap();
    let mut script = Script::default();
    Story::tell(&mut script);
    let batch = script.batch();
    let lists = cited(&batch);
    opened.store.append(&batch).unwrap();
    script.host(Body::Erased { subject: Subject::Request { number: RequestNumber::new(1) } });
    opened.store.append(&script.batch()).unwrap();
    let reader = opened.store.reader();
    assert!(lists.iter().all(|list| read(&*reader, *list).unwrap().is_ok()), "others may cite it");
}

pub(super) fn an_altered_list_of_tasks_is_found_out(backend: &dyn Backend) {
    let mut script = Script::default();
    Story::tell(&mut script);
    let batch = script.batch();
    let mut lists = cited(&batch);
    lists.sort_unstable();
    lists.dedup();
    assert!(lists.len() > 1);
    backend.open().unwrap().store.append(&batch).unwrap();
    let wrong = || {
        let opened = backend.open().unwrap();
        let reader = opened.store.reader();
        let wrong =
            lists.iter().filter(|list| matches!(read(&*reader, **list), Some(Err(ListError::Digest))));
        wrong.count()
    };
    assert_eq!(wrong(), 0);
    // One list whole and well formed in the place of every other.
    backend.tamper(
        "UPDATE sealed SET value = (SELECT s.value FROM sealed s WHERE length(s.salt) = 0 ORDER BY s.value DESC LIMIT 1) WHERE length(salt) = 0",
    );
    assert_eq!(wrong(), lists.len() - 1);
    backend.tamper("UPDATE sealed SET value = salt WHERE length(salt) = 0");
    assert_eq!(wrong(), lists.len());
    backend.tamper("DELETE FROM sealed");
    let opened = backend.open().unwrap();
    let reader = opened.store.reader();
    assert!(lists.iter().all(|list| read(&*reader, *list).is_none()));
}
