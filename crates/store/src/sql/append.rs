//! One transaction per batch.

use countersign_core::event::Body;
use countersign_core::view::{Cell, Column};

use super::db::{Db, Existing, Insert, Values, int, value};
use super::erase;
use super::facts;
use super::index::Indexer;
use super::ledger;
use crate::batch::{Batch, SecretWrite};
use crate::error::{AppendError, Error};
use crate::schema::Dialect;

pub(crate) fn append(db: &mut dyn Db, indexer: &mut Indexer, batch: &Batch) -> Result<(), AppendError> {
    check(batch).map_err(|why| AppendError::Definite(Error::Usage(why)))?;
    db.begin().map_err(AppendError::Definite)?;
    let written = write(db, indexer, batch);
    let result = match written {
        Ok(()) => db.commit(),
        Err(error) => {
            db.rollback();
            Err(error)
        }
    };
    match &result {
        Err(_) => indexer.forget(),
        Ok(()) if erases(batch) && db.dialect() == Dialect::Sqlite => {
            // What was overwritten still stands in the log of changes; a reader may keep it there until the next start.
            let _ = db.run("PRAGMA wal_checkpoint(TRUNCATE)");
        }
        Ok(()) => {}
    }
    result
}

fn erases(batch: &Batch) -> bool {
    batch.entries.iter().any(|entry| matches!(entry.event.body, Body::Erased { .. }))
}

fn check(batch: &Batch) -> Result<(), &'static str> {
    let count = u64::try_from(batch.entries.len()).unwrap_or(u64::MAX);
    if count == 0 {
        return Err("a batch has entries");
    }
    if batch.first_seq.checked_add(count) != Some(batch.size) {
        return Err("a batch's size is that of the ledger after it");
    }
    let in_order = batch.entries.iter().zip(batch.first_seq..).all(|(entry, seq)| entry.event.seq == seq);
    if in_order { Ok(()) } else { Err("a batch's events follow one another") }
}

fn write(db: &mut dyn Db, indexer: &mut Indexer, batch: &Batch) -> Result<(), AppendError> {
    let found = ledger::size(db).map_err(AppendError::Definite)?;
    if found != batch.first_seq {
        return Err(AppendError::Conflict { expected: batch.first_seq, found });
    }
    rows(db, indexer, batch).map_err(AppendError::Definite)
}

fn rows(db: &mut dyn Db, indexer: &mut Indexer, batch: &Batch) -> Result<(), Error> {
    let entries: Vec<Values> = batch
        .entries
        .iter()
        .map(|entry| vec![int(entry.event.seq), Cell::Blob(entry.bytes.clone())])
        .collect();
    insert(db, "entry", &["seq", "bytes"], Existing::Refuse, &entries)?;
    let sealed: Vec<Values> = batch
        .sealed
        .iter()
        .map(|value| {
            vec![value.commitment.to_cell(), Cell::Blob(value.salt.clone()), Cell::Blob(value.value.clone())]
        })
        .collect();
    insert(db, "sealed", &["commitment", "salt", "value"], Existing::Keep, &sealed)?;
    let tiles: Vec<Values> = batch
        .tiles
        .iter()
        .map(|tile| vec![int(tile.level.into()), int(tile.index), Cell::Blob(tile.bytes.clone())])
        .collect();
    insert(db, "tile", &["level", "idx", "bytes"], Existing::Refuse, &tiles)?;
    let head = vec![
        int(batch.first_seq),
        int(batch.size),
        batch.root.to_cell(),
        Cell::Blob(batch.frontier.clone()),
        Cell::Blob(batch.seal.as_bytes().to_vec()),
    ];
    insert(db, "batch", &["first_seq", "size", "root", "frontier", "seal"], Existing::Refuse, &[head])?;
    let opened = batch.sealed.iter().map(|value| (value.commitment, value)).collect();
    for entry in &batch.entries {
        indexer.add(db, &entry.event, &opened)?;
    }
    indexer.flush(db)?;
    beside(db, batch)?;
    for entry in &batch.entries {
        if let Body::Erased { subject } = entry.event.body {
            erase::erase(db, indexer, subject)?;
        }
    }
    Ok(())
}

fn beside(db: &mut dyn Db, batch: &Batch) -> Result<(), Error> {
    if !batch.outbox.is_empty() {
        let first: u64 = value(db, "SELECT COALESCE(MAX(id), 0) + 1 FROM outbox", &[])?.unwrap_or(1);
        let first = first.max(kept(db)?);
        let outbox: Vec<Values> = (first..)
            .zip(&batch.outbox)
            .map(|(id, row)| vec![int(id), int(row.seq), Cell::text(&row.audience)])
            .collect();
        insert(db, "outbox", &["id", "seq", "audience"], Existing::Refuse, &outbox)?;
        remember(db, first + u64::try_from(outbox.len()).unwrap_or(0))?;
    }
    let replies: Vec<Values> = batch
        .replies
        .iter()
        .map(|reply| vec![reply.key.to_cell(), int(batch.first_seq), Cell::text(&reply.json)])
        .collect();
    insert(db, "reply", &["key", "seq", "json"], Existing::Keep, &replies)?;
    let blobs: Vec<Values> =
        batch.blobs.iter().map(|blob| vec![blob.digest.to_cell(), int(blob.seq)]).collect();
    insert(db, "blob", &["digest", "seq"], Existing::Keep, &blobs)?;
    batch.secrets.iter().try_for_each(|write| secret(db, write))
}

/// Outbox rows are forgotten once told; their numbers are not used again.
fn kept(db: &mut dyn Db) -> Result<u64, Error> {
    Ok(value(db, "SELECT value FROM meta WHERE name = 'outbox'", &[])?.unwrap_or(1))
}

fn remember(db: &mut dyn Db, next: u64) -> Result<(), Error> {
    let sql = "INSERT INTO meta (name, value) VALUES ('outbox', ?1) \
               ON CONFLICT (name) DO UPDATE SET value = excluded.value";
    db.execute(sql, &[int(next)])?;
    Ok(())
}

fn secret(db: &mut dyn Db, write: &SecretWrite) -> Result<(), Error> {
    let key = [write.person.to_cell(), facts::word(write.credential)];
    match &write.secret {
        Some(secret) => {
            let sql = "INSERT INTO secret (person, credential, secret) VALUES (?1, ?2, ?3) \
                       ON CONFLICT (person, credential) DO UPDATE SET secret = excluded.secret";
            let [person, credential] = key;
            db.execute(sql, &[person, credential, Cell::text(secret)])?;
        }
        None => {
            db.execute("DELETE FROM secret WHERE person = ?1 AND credential = ?2", &key)?;
        }
    }
    Ok(())
}

fn insert(
    db: &mut dyn Db,
    table: &str,
    columns: &[&str],
    existing: Existing,
    rows: &[Values],
) -> Result<(), Error> {
    db.insert(&Insert { table, columns, existing }, rows)
}
