//! The derived tables thrown away, built from the ledger, and compared with what was there.

use std::collections::BTreeMap;

use countersign_core::event::wire;
use countersign_core::view::Cell;
use countersign_ledger::hash::{Digest, sha256_parts};

use super::db::{Db, Take, writing};
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

/// A digest over the rows of each derived table. Texts count, not the numbers that stand for them: those depend on what
/// was there before an erasure.
fn digests(db: &mut dyn Db) -> Result<BTreeMap<&'static str, Digest>, Error> {
    let mut texts = BTreeMap::new();
    db.each("SELECT id, text FROM symbol", &[], &mut |row| {
        let mut row = Take::new(row);
        texts.insert(row.take::<i64>()?, row.take::<String>()?);
        Ok(())
    })?;
    let said = |cell: Cell| match cell {
        Cell::Int(number) => texts.get(&number).map_or(Cell::Null, |text| Cell::text(text)),
        other => other,
    };
    let mut digests = BTreeMap::new();
    for table in tables().into_iter().filter(|table| table.class == Class::Derived) {
        let names = columns(table.columns.iter().map(|(name, _, _)| *name));
        let by = match table.name {
            "symbol" => "\"text\"".to_owned(),
            _ => columns(table.key.iter().copied()),
        };
        let mut sum = Sum::default();
        db.each(&format!("SELECT {names} FROM {} ORDER BY {by}", quote(table.name)), &[], &mut |mut row| {
            match table.name {
                "symbol" => drop(row.remove(0)),
                "term" => {
                    row = row
                        .into_iter()
                        .enumerate()
                        .map(|(n, cell)| if n == 0 { said(cell) } else { cell })
                        .collect()
                }
                "event" => {
                    row = row
                        .into_iter()
                        .enumerate()
                        .map(|(n, cell)| if n < PLAIN { cell } else { said(cell) })
                        .collect()
                }
                _ => {}
            }
            let row: Vec<_> = row.iter().flat_map(bytes).collect();
            sum.add(&sha256_parts(&[&row]));
            Ok(())
        })?;
        digests.insert(table.name, sum.digest());
    }
    Ok(digests)
}

/// The columns of `event` that are no texts: position, time, request.
const PLAIN: usize = 3;

/// A digest of rows in whatever order: texts' numbers say nothing, so neither does an order by them.
#[derive(Default)]
struct Sum {
    lanes: [u64; 4],
    rows: u64,
}

impl Sum {
    fn add(&mut self, row: &Digest) {
        let (lanes, _) = row.as_bytes().as_chunks::<8>();
        for (sum, lane) in self.lanes.iter_mut().zip(lanes) {
            *sum = sum.wrapping_add(u64::from_be_bytes(*lane));
        }
        self.rows += 1;
    }

    fn digest(&self) -> Digest {
        let lanes: Vec<u8> = self.lanes.iter().flat_map(|lane| lane.to_be_bytes()).collect();
        sha256_parts(&[&lanes, &self.rows.to_be_bytes()])
    }
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
