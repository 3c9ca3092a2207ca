//! The ledger's own tables, read.

use countersign_core::view::Column;
use countersign_ledger::hash::Digest;
use countersign_ledger::seal::Seal;

use super::db::{Db, Take, Values, first, int, rows, value};
use crate::error::Error;
use crate::store::{Head, Pending, StoredEntry};

const BATCH: &str = "SELECT first_seq, size, root, frontier, seal FROM batch";

pub(crate) fn head(db: &mut dyn Db) -> Result<Option<Head>, Error> {
    first(db, &format!("{BATCH} ORDER BY first_seq DESC LIMIT 1"), &[])?.map(batch).transpose()
}

/// The number of entries, as the last batch has it.
pub(crate) fn size(db: &mut dyn Db) -> Result<u64, Error> {
    Ok(value(db, "SELECT size FROM batch ORDER BY first_seq DESC LIMIT 1", &[])?.unwrap_or(0))
}

pub(crate) fn batches(db: &mut dyn Db, from: u64, limit: usize) -> Result<Vec<Head>, Error> {
    let sql = format!("{BATCH} WHERE first_seq >= ?1 ORDER BY first_seq LIMIT ?2");
    rows(db, &sql, &[int(from), limit_cell(limit)])?.into_iter().map(batch).collect()
}

pub(crate) fn entries(db: &mut dyn Db, from: u64, limit: usize) -> Result<Vec<StoredEntry>, Error> {
    let sql = "SELECT seq, bytes FROM entry WHERE seq >= ?1 ORDER BY seq LIMIT ?2";
    let entry = |row| {
        let mut row = Take::new(row);
        Ok(StoredEntry { seq: row.take()?, bytes: row.bytes()? })
    };
    rows(db, sql, &[int(from), limit_cell(limit)])?.into_iter().map(entry).collect()
}

pub(crate) fn tile(db: &mut dyn Db, level: u8, index: u64) -> Result<Option<Vec<u8>>, Error> {
    let row =
        first(db, "SELECT bytes FROM tile WHERE level = ?1 AND idx = ?2", &[int(level.into()), int(index)])?;
    row.map(|row| Take::new(row).bytes()).transpose()
}

pub(crate) fn outbox(db: &mut dyn Db, after: u64, limit: usize) -> Result<Vec<Pending>, Error> {
    let sql = "SELECT id, seq, audience FROM outbox WHERE id > ?1 ORDER BY id LIMIT ?2";
    let pending = |row| {
        let mut row = Take::new(row);
        Ok(Pending { id: row.take()?, seq: row.take()?, audience: row.take()? })
    };
    rows(db, sql, &[int(after), limit_cell(limit)])?.into_iter().map(pending).collect()
}

pub(crate) fn cites(db: &mut dyn Db, blob: &Digest) -> Result<bool, Error> {
    Ok(first(db, "SELECT seq FROM blob WHERE digest = ?1", &[blob.to_cell()])?.is_some())
}

pub(crate) fn limit_cell(limit: usize) -> countersign_core::view::Cell {
    u64::try_from(limit).unwrap_or(u64::MAX).to_cell()
}

fn batch(row: Values) -> Result<Head, Error> {
    let mut row = Take::new(row);
    Ok(Head {
        first_seq: row.take()?,
        size: row.take()?,
        root: row.take()?,
        frontier: row.bytes()?,
        seal: Seal::from_bytes(
            row.bytes()?.try_into().map_err(|_| Error::Corrupt("a seal has another length".to_owned()))?,
        ),
    })
}
