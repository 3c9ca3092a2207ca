//! The readers of any SQL store.

use countersign_core::event::body::Credential;
use countersign_core::id::PersonId;
use countersign_core::sealing::SealedValue;
use countersign_core::time::Instant;
use countersign_core::view::{Cell, EventRow, Noun};
use countersign_ledger::hash::Digest;

use super::db::{Db, reading};
use super::{facts, ledger, list, search};
use crate::error::Error;
use crate::query::{Cursor, Direction, EventFilter, ListQuery, Page, Visibility};
use crate::store::{Done, ExportLine, Head, Pending, Reader, StoredEntry};

/// Lines of an export read at once.
const AT_ONCE: usize = 500;

/// Connections for reading.
pub(crate) trait Pool: Send + Sync {
    type Connection: Db;

    fn take(&self) -> Result<Self::Connection, Error>;

    fn give(&self, connection: Self::Connection);
}

/// Readers over a pool.
pub(crate) struct Readers<P> {
    pool: P,
}

impl<P: Pool> Readers<P> {
    pub(crate) const fn new(pool: P) -> Self {
        Self { pool }
    }

    /// A connection goes back only after success: after a failure nobody knows its state.
    fn read<T>(&self, read: impl FnOnce(&mut dyn Db) -> Result<T, Error>) -> Result<T, Error> {
        let mut connection = self.pool.take()?;
        let value = reading(&mut connection, read)?;
        self.pool.give(connection);
        Ok(value)
    }
}

impl<P: Pool> Reader for Readers<P> {
    fn head(&self) -> Result<Option<Head>, Error> {
        self.read(ledger::head)
    }

    fn entries(&self, from: u64, limit: usize) -> Result<Vec<StoredEntry>, Error> {
        self.read(|db| ledger::entries(db, from, limit))
    }

    fn batches(&self, from: u64, limit: usize) -> Result<Vec<Head>, Error> {
        self.read(|db| ledger::batches(db, from, limit))
    }

    fn tile(&self, level: u8, index: u64) -> Result<Option<Vec<u8>>, Error> {
        self.read(|db| ledger::tile(db, level, index))
    }

    fn sealed(&self, commitments: &[Digest]) -> Result<Vec<SealedValue>, Error> {
        self.read(|db| facts::sealed(db, commitments))
    }

    fn person_by_upn(&self, upn: &str) -> Result<Option<PersonId>, Error> {
        self.read(|db| facts::person_by_upn(db, upn))
    }

    fn idempotent(&self, key: &Digest) -> Result<Option<Done>, Error> {
        self.read(|db| facts::idempotent(db, key))
    }

    fn secret(&self, person: PersonId, credential: Credential) -> Result<Option<String>, Error> {
        self.read(|db| facts::secret(db, person, credential))
    }

    fn events(
        &self,
        filter: &EventFilter,
        visibility: &Visibility,
        direction: Direction,
        cursor: Option<&Cursor>,
        limit: usize,
    ) -> Result<Page<EventRow>, Error> {
        self.read(|db| search::search(db, filter, visibility, direction, cursor, limit))
    }

    fn histogram(
        &self,
        filter: &EventFilter,
        visibility: &Visibility,
        between: (Instant, Instant),
        parts: usize,
    ) -> Result<Vec<u64>, Error> {
        self.read(|db| search::histogram(db, filter, visibility, between, parts))
    }

    fn export(
        &self,
        filter: &EventFilter,
        visibility: &Visibility,
        line: &mut ExportLine<'_>,
    ) -> Result<u64, Error> {
        let end = self.read(ledger::size)?;
        let mut cursor: Option<Cursor> = None;
        let mut written = 0;
        loop {
            let (page, leaves) = self.read(|db| {
                let page =
                    search::search(db, filter, visibility, Direction::OldestFirst, cursor.as_ref(), AT_ONCE)?;
                let leaves = page.rows.iter().map(|row| leaf(db, row.seq)).collect::<Result<Vec<_>, _>>()?;
                Ok((page, leaves))
            })?;
            for (row, leaf) in page.rows.iter().zip(&leaves) {
                if row.seq >= end {
                    return Ok(written);
                }
                written += 1;
                if line(row, leaf).is_break() {
                    return Ok(written);
                }
            }
            cursor = page.next;
            if cursor.is_none() {
                return Ok(written);
            }
        }
    }

    fn page(&self, noun: &'static Noun, query: &ListQuery) -> Result<Page<Vec<Cell>>, Error> {
        self.read(|db| list::page(db, noun, query))
    }

    fn row(&self, noun: &'static Noun, key: &[Cell]) -> Result<Option<Vec<Cell>>, Error> {
        self.read(|db| list::row(db, noun, key))
    }

    fn outbox(&self, after: u64, limit: usize) -> Result<Vec<Pending>, Error> {
        self.read(|db| ledger::outbox(db, after, limit))
    }

    fn cites(&self, blob: &Digest) -> Result<bool, Error> {
        self.read(|db| ledger::cites(db, blob))
    }
}

fn leaf(db: &mut dyn Db, seq: u64) -> Result<Vec<u8>, Error> {
    let entry = ledger::entries(db, seq, 1)?.into_iter().next().filter(|entry| entry.seq == seq);
    entry.map(|entry| entry.bytes).ok_or_else(|| Error::Corrupt(format!("entry {seq} is missing")))
}
