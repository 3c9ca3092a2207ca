use countersign_core::event::wire;
use countersign_core::time::Span;
use countersign_ledger::hash::sha256;
use countersign_ledger::tile::decode_tile;

use super::{Backend, Script, Story};
use crate::batch::{OutboxRow, TileRow};
use crate::error::AppendError;
use crate::store::Snapshot;

pub(super) fn an_empty_ledger_has_no_head(backend: &dyn Backend) {
    let mut opened = backend.open().unwrap();
    assert!(opened.store.head().unwrap().is_none());
    let reader = opened.store.reader();
    assert!(reader.head().unwrap().is_none());
    assert!(reader.entries(0, 10).unwrap().is_empty());
    assert!(reader.tile(0, 0).unwrap().is_none());
}

pub(super) fn what_was_appended_is_read_back(backend: &dyn Backend) {
    let mut opened = backend.open().unwrap();
    let mut script = Script::default();
    Story::tell(&mut script);
    let first = script.batch();
    opened.store.append(&first).unwrap();
    script.set_password(2);
    let second = script.batch();
    opened.store.append(&second).unwrap();
    let reader = opened.store.reader();
    for head in [opened.store.head().unwrap().unwrap(), reader.head().unwrap().unwrap()] {
        assert_eq!((head.first_seq, head.size, head.root), (second.first_seq, second.size, second.root));
        assert_eq!(head.frontier, second.frontier);
        assert_eq!(head.seal.as_bytes(), second.seal.as_bytes());
    }
    let entries = reader.entries(0, 1_000).unwrap();
    assert_eq!(entries.len(), first.entries.len() + 1);
    for (stored, entry) in entries.iter().zip(first.entries.iter().chain(&second.entries)) {
        assert_eq!(stored.bytes, entry.bytes);
        assert_eq!(wire::from_bytes(&stored.bytes).unwrap(), entry.event);
    }
    assert_eq!(reader.entries(3, 2).unwrap().iter().map(|entry| entry.seq).collect::<Vec<_>>(), [3, 4]);
    let batches = reader.batches(0, 10).unwrap();
    assert_eq!(batches.iter().map(|batch| batch.first_seq).collect::<Vec<_>>(), [0, first.size]);
    assert_eq!(reader.batches(1, 10).unwrap().len(), 1);
}

pub(super) fn a_batch_for_another_head_is_refused(backend: &dyn Backend) {
    let mut opened = backend.open().unwrap();
    let mut script = Script::default();
    script.set_password(1);
    let first = script.batch();
    opened.store.append(&first).unwrap();
    match opened.store.append(&first) {
        Err(AppendError::Conflict { expected: 0, found: 1 }) => {}
        other => panic!("{other:?}"),
    }
    script.set_password(2);
    script.batch();
    script.set_password(3);
    assert!(matches!(
        opened.store.append(&script.batch()),
        Err(AppendError::Conflict { expected: 2, found: 1 })
    ));
    assert_eq!(opened.store.head().unwrap().unwrap().size, 1);
}

pub(super) fn a_batch_that_makes_no_sense_is_refused(backend: &dyn Backend) {
    let mut opened = backend.open().unwrap();
    let mut script = Script::default();
    script.set_password(1);
    script.set_password(2);
    let good = script.batch();
    let mut empty = good.clone();
    empty.entries.clear();
    let mut longer = good.clone();
    longer.size += 1;
    let mut twisted = good.clone();
    twisted.entries.reverse();
    for bad in [empty, longer, twisted] {
        assert!(matches!(opened.store.append(&bad), Err(AppendError::Definite(_))));
    }
    assert!(opened.store.head().unwrap().is_none());
    opened.store.append(&good).unwrap();
}

/// The last thing written fails; all that came before it in the batch must be gone, in memory too.
pub(super) fn a_failed_batch_leaves_nothing(backend: &dyn Backend) {
    let mut opened = backend.open().unwrap();
    let mut script = Script::default();
    script.create(1, "ada@example.com", "Ada Lovelace");
    let mut first = script.batch();
    first.tiles.push(TileRow { level: 0, index: 0, bytes: vec![1; 8_192] });
    opened.store.append(&first).unwrap();
    Story::tell(&mut script);
    let good = script.batch();
    let mut bad = good.clone();
    bad.tiles.push(TileRow { level: 0, index: 0, bytes: vec![2; 8_192] });
    bad.outbox.push(OutboxRow { seq: 1, audience: "{}".to_owned() });
    assert!(matches!(opened.store.append(&bad), Err(AppendError::Definite(_))));
    let reader = opened.store.reader();
    assert_eq!(opened.store.head().unwrap().unwrap().size, 1);
    assert_eq!(reader.entries(0, 10).unwrap().len(), 1);
    assert!(reader.outbox(0, 10).unwrap().is_empty());
    assert!(reader.person_by_upn("bob@example.com").unwrap().is_none());
    assert!(reader.sealed(&[good.sealed[0].commitment]).unwrap().is_empty());
    opened.store.append(&good).unwrap();
    assert!(opened.store.rebuild(&mut |_| {}).unwrap().differed.is_empty());
}

pub(super) fn everything_survives_reopening(backend: &dyn Backend) {
    let mut script = Script::default();
    Story::tell(&mut script);
    let batch = script.batch();
    let mut opened = backend.open().unwrap();
    opened.store.append(&batch).unwrap();
    drop(opened);
    let mut opened = backend.open().unwrap();
    assert_eq!(opened.store.head().unwrap().unwrap().root, batch.root);
    Story::tell(&mut script);
    opened.store.append(&script.batch()).unwrap();
    drop(opened);
    let mut opened = backend.open().unwrap();
    assert_eq!(opened.store.head().unwrap().unwrap().root, script.root());
    assert!(opened.store.rebuild(&mut |_| {}).unwrap().differed.is_empty());
}

pub(super) fn full_tiles_are_kept(backend: &dyn Backend) {
    let mut opened = backend.open().unwrap();
    let mut script = Script::default();
    for _ in 0..600 {
        script.set_password(1);
    }
    let batch = script.batch();
    opened.store.append(&batch).unwrap();
    let reader = opened.store.reader();
    for index in [0, 1] {
        let hashes = decode_tile(&reader.tile(0, index).unwrap().unwrap(), 256).unwrap();
        let first = usize::try_from(index).unwrap() * 256;
        assert_eq!(hashes[7], countersign_ledger::hash::leaf_hash(&batch.entries[first + 7].bytes));
    }
    assert!(reader.tile(0, 2).unwrap().is_none());
    assert!(reader.tile(1, 0).unwrap().is_none());
}

pub(super) fn outbox_rows_are_read_and_forgotten_and_numbers_never_return(backend: &dyn Backend) {
    let mut opened = backend.open().unwrap();
    let mut script = Script::default();
    script.set_password(1);
    let mut batch = script.batch();
    let row = |seq, audience: &str| OutboxRow { seq, audience: audience.to_owned() };
    batch.outbox = vec![row(0, r#"{"to":"requester"}"#), row(0, r#"{"to":"approvers"}"#)];
    opened.store.append(&batch).unwrap();
    let reader = opened.store.reader();
    let rows = reader.outbox(0, 10).unwrap();
    assert_eq!(
        rows.iter().map(|row| row.audience.as_str()).collect::<Vec<_>>(),
        [r#"{"to":"requester"}"#, r#"{"to":"approvers"}"#]
    );
    let last = rows[1].id;
    assert_eq!(reader.outbox(rows[0].id, 10).unwrap().len(), 1);
    opened.store.trim(0, last).unwrap();
    assert!(reader.outbox(0, 10).unwrap().is_empty());
    script.set_password(1);
    let mut batch = script.batch();
    batch.outbox = vec![row(1, "{}")];
    opened.store.append(&batch).unwrap();
    assert!(reader.outbox(0, 10).unwrap()[0].id > last);
}

pub(super) fn snapshots_are_kept_in_twos(backend: &dyn Backend) {
    let mut opened = backend.open().unwrap();
    assert!(opened.store.latest_snapshot(1).unwrap().is_none());
    let snapshot =
        |size, schema| Snapshot { size, schema, digest: sha256(b"state"), bytes: b"state".to_vec() };
    for size in 1..=4 {
        opened.store.put_snapshot(&snapshot(size, 1)).unwrap();
    }
    assert_eq!(opened.store.latest_snapshot(1).unwrap(), Some(snapshot(4, 1)));
    assert!(opened.store.latest_snapshot(2).unwrap().is_none());
    opened.store.put_snapshot(&snapshot(5, 2)).unwrap();
    assert_eq!(opened.store.latest_snapshot(1).unwrap(), Some(snapshot(4, 1)));
    opened.store.put_snapshot(&snapshot(6, 2)).unwrap();
    assert!(opened.store.latest_snapshot(1).unwrap().is_none());
}

pub(super) fn ten_thousand_events(backend: &dyn Backend) {
    let mut opened = backend.open().unwrap();
    let mut script = Script::default();
    script.create(1, "ada@example.com", "Ada Lovelace");
    for number in 1..=10_000 {
        script.ask(1, number, Story::TASK, &format!("Reason number {number} of many"), "Jane Doe");
        if number % 500 == 0 {
            opened.store.append(&script.batch()).unwrap();
        }
    }
    let head = opened.store.head().unwrap().unwrap();
    assert_eq!((head.size, head.root), (10_001, script.root()));
    assert!(script.time.since(countersign_core::time::Instant::from_micros(0)) > Span::from_secs(10_000));
    let reader = opened.store.reader();
    let filter = crate::EventFilter { text: "number 7777".to_owned(), ..crate::EventFilter::default() };
    let page =
        reader.events(&filter, &crate::Visibility::All, crate::Direction::NewestFirst, None, 10).unwrap();
    assert_eq!(page.rows.iter().map(|row| row.seq).collect::<Vec<_>>(), [7_777]);
}
