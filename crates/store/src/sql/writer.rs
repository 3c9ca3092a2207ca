//! The writer of any SQL store.

use std::sync::Arc;

use countersign_core::event::body::Credential;
use countersign_core::id::PersonId;
use countersign_core::sealing::SealedValue;
use countersign_core::view::{Cell, Column};
use countersign_ledger::hash::Digest;

use super::db::{Db, Take, first, int, writing};
use super::index::Indexer;
use super::{append, facts, ledger, rebuild};
use crate::batch::Batch;
use crate::error::{AppendError, Error};
use crate::store::{Denial, Done, Head, Lookup, Reader, Rebuilt, Snapshot, Store};

/// A store over one writing connection.
pub(crate) struct Writer<D: Db> {
    db: D,
    indexer: Indexer,
    reader: Arc<dyn Reader>,
}

impl<D: Db> Writer<D> {
    pub(crate) fn new(db: D, reader: Arc<dyn Reader>) -> Self {
        Self { db, indexer: Indexer::default(), reader }
    }
}

impl<D: Db> Lookup for Writer<D> {
    fn head(&mut self) -> Result<Option<Head>, Error> {
        ledger::head(&mut self.db)
    }

    fn sealed(&mut self, commitments: &[Digest]) -> Result<Vec<SealedValue>, Error> {
        facts::sealed(&mut self.db, commitments)
    }

    fn person_by_upn(&mut self, upn: &str) -> Result<Option<PersonId>, Error> {
        facts::person_by_upn(&mut self.db, upn)
    }

    fn idempotent(&mut self, key: &Digest) -> Result<Option<Done>, Error> {
        facts::idempotent(&mut self.db, key)
    }

    fn denied_before(&mut self, same: &Digest) -> Result<Option<Denial>, Error> {
        facts::denied_before(&mut self.db, same)
    }

    fn secret(&mut self, person: PersonId, credential: Credential) -> Result<Option<String>, Error> {
        facts::secret(&mut self.db, person, credential)
    }
}

impl<D: Db> Store for Writer<D> {
    fn append(&mut self, batch: &Batch) -> Result<(), AppendError> {
        append::append(&mut self.db, &mut self.indexer, batch)
    }

    fn reader(&self) -> Arc<dyn Reader> {
        Arc::clone(&self.reader)
    }

    fn put_snapshot(&mut self, snapshot: &Snapshot) -> Result<(), Error> {
        writing(&mut self.db, |db| {
            let sql = "INSERT INTO snapshot (size, schema, digest, bytes) VALUES (?1, ?2, ?3, ?4) \
                       ON CONFLICT (size) DO UPDATE \
                       SET schema = excluded.schema, digest = excluded.digest, bytes = excluded.bytes";
            let cells = [
                int(snapshot.size),
                snapshot.schema.to_cell(),
                snapshot.digest.to_cell(),
                Cell::Blob(snapshot.bytes.clone()),
            ];
            db.execute(sql, &cells)?;
            let keep = "DELETE FROM snapshot WHERE size NOT IN (SELECT size FROM snapshot ORDER BY size DESC LIMIT 2)";
            db.execute(keep, &[])?;
            Ok(())
        })
    }

    fn latest_snapshot(&mut self, schema: u32) -> Result<Option<Snapshot>, Error> {
        let sql =
            "SELECT size, schema, digest, bytes FROM snapshot WHERE schema = ?1 ORDER BY size DESC LIMIT 1";
        let Some(row) = first(&mut self.db, sql, &[schema.to_cell()])? else { return Ok(None) };
        let mut row = Take::new(row);
        Ok(Some(Snapshot {
            size: row.take()?,
            schema: row.take()?,
            digest: row.take()?,
            bytes: row.bytes()?,
        }))
    }

    fn rebuild(&mut self, progress: &mut dyn FnMut(u64)) -> Result<Rebuilt, Error> {
        self.indexer.forget();
        rebuild::rebuild(&mut self.db, progress)
    }

    fn trim(&mut self, replies_before: u64, outbox_through: u64) -> Result<(), Error> {
        writing(&mut self.db, |db| {
            db.execute("DELETE FROM reply WHERE seq < ?1", &[int(replies_before)])?;
            db.execute("DELETE FROM outbox WHERE id <= ?1", &[int(outbox_through)])?;
            Ok(())
        })
    }
}
