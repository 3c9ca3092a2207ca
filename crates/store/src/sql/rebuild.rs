//! The derived tables thrown away, built from the ledger, and compared with what was there.

use std::collections::BTreeMap;

use countersign_core::event::wire;
use countersign_core::view::Cell;
use countersign_ledger::hash::{Digest, sha256_parts};

use super::db::{Db, writing};
use super::index::Indexer;
use super::{ledger, migrate};
use crate::error::Error;
use crate::schema::{Class, columns, quote, tables};
use crate::store::Rebuilt;

/// Entries read at once.
const AT_ONCE: usize = 500;

pub(crate) fn rebuild(db: &mut dyn Db, progress: &mut dyn FnMut(u64)) -> Result<Rebuilt, Error> {
    writing(db, |db| {
        let before = digests(db)?;
        let entries = build(db, progress)?;
        let after = digests(db)?;
        let differed = after.iter().filter(|(name, digest)| before.get(*name) != Some(digest));
        Ok(Rebuilt { entries, differed: differed.map(|(name, _)| *name).collect() })
    })
}

/// The same when the tables there are of another form and nothing can be compared.
pub(crate) fn build_anew(db: &mut dyn Db) -> Result<(), Error> {
    writing(db, |db| build(db, &mut |_| {}).map(|_| ()))
}

fn build(db: &mut dyn Db, progress: &mut dyn FnMut(u64)) -> Result<u64, Error> {
    migrate::renew_index(db)?;
    let mut indexer = Indexer::default();
    let mut next = 0;
    loop {
        let entries = ledger::entries(db, next, AT_ONCE)?;
        if entries.is_empty() {
            let size = ledger::size(db)?;
            return if next == size {
                Ok(next)
            } else {
                Err(Error::Corrupt(format!("{next} of {size} entries are there")))
            };
        }
        for entry in entries {
            let event =
                wire::from_bytes(&entry.bytes).map_err(|source| Error::Entry { seq: entry.seq, source })?;
            if entry.seq != next || event.seq != next {
                return Err(Error::Corrupt(format!("entry {next} is missing")));
            }
            indexer.add(db, &event, &BTreeMap::new())?;
            next += 1;
        }
        indexer.flush(db)?;
        progress(next);
    }
}

/// A digest over the rows of each derived table.
fn digests(db: &mut dyn Db) -> Result<BTreeMap<&'static str, Digest>, Error> {
    let mut digests = BTreeMap::new();
    for table in tables().into_iter().filter(|table| table.class == Class::Derived) {
        let names = columns(table.columns.iter().map(|(name, _, _)| *name));
        let key = columns(table.key.iter().copied());
        let mut digest = sha256_parts(&[]);
        db.each(&format!("SELECT {names} FROM {} ORDER BY {key}", quote(table.name)), &[], &mut |row| {
            let row: Vec<_> = row.iter().flat_map(bytes).collect();
            digest = sha256_parts(&[digest.as_bytes(), &row]);
            Ok(())
        })?;
        digests.insert(table.name, digest);
    }
    Ok(digests)
}

/// A value so that no two rows give the same bytes.
fn bytes(cell: &Cell) -> Vec<u8> {
    let (kind, value) = match cell {
        Cell::Null => (0, Vec::new()),
        Cell::Int(int) => (1, int.to_be_bytes().to_vec()),
        Cell::Text(text) => (2, text.as_bytes().to_vec()),
        Cell::Blob(blob) => (3, blob.clone()),
    };
    let length = u64::try_from(value.len()).unwrap_or(u64::MAX).to_be_bytes();
    [&[kind][..], &length, &value].concat()
}
