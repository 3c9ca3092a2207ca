//! A copy of the embedded store's database, read and never written, as the verifier sees it.

use std::path::Path;

use countersign_ledger::Digest;
use countersign_ledger::seal::Seal;
use countersign_verify::{Holds, Source, StoredBatch, StoredEntry, StoredValue};
use rusqlite::{Connection, OpenFlags, OptionalExtension as _, Row};

/// The database of a data directory.
pub(super) struct Copy {
    connection: Connection,
}

impl Copy {
    /// Opens `ledger.db` in a data directory. A running server is not disturbed.
    pub(super) fn open(directory: &Path) -> rusqlite::Result<Self> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(directory.join("ledger.db"), flags)?;
        // The copy may be somebody's who wants more from us than to be read.
        connection.execute_batch(
            "PRAGMA trusted_schema = OFF; PRAGMA query_only = ON; PRAGMA cell_size_check = ON;",
        )?;
        Ok(Self { connection })
    }

    fn rows<T>(
        &self,
        sql: &str,
        from: u64,
        limit: usize,
        read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
    ) -> rusqlite::Result<Vec<T>> {
        let mut statement = self.connection.prepare_cached(sql)?;
        let (from, limit) =
            (i64::try_from(from).unwrap_or(i64::MAX), i64::try_from(limit).unwrap_or(i64::MAX));
        statement.query_map([from, limit], read)?.collect()
    }
}

impl Source for Copy {
    type Error = rusqlite::Error;

    fn holds(&self) -> Holds {
        Holds { batches: true, tiles: true, sealed: true }
    }

    fn entries(&mut self, from: u64, limit: usize) -> rusqlite::Result<Vec<StoredEntry>> {
        self.rows("SELECT seq, bytes FROM entry WHERE seq >= ?1 ORDER BY seq LIMIT ?2", from, limit, |row| {
            Ok(StoredEntry { position: number(row, 0)?, bytes: row.get(1)? })
        })
    }

    fn batches(&mut self, from: u64, limit: usize) -> rusqlite::Result<Vec<StoredBatch>> {
        let sql = "SELECT first_seq, size, root, frontier, seal FROM batch WHERE first_seq >= ?1 ORDER BY first_seq LIMIT ?2";
        self.rows(sql, from, limit, |row| {
            Ok(StoredBatch {
                first_seq: number(row, 0)?,
                size: number(row, 1)?,
                root: Digest::from_bytes(row.get(2)?),
                frontier: row.get(3)?,
                seal: row.get::<_, Option<[u8; 32]>>(4)?.map(Seal::from_bytes),
            })
        })
    }

    fn sealed(&mut self, commitments: &[Digest]) -> rusqlite::Result<Vec<StoredValue>> {
        let mut statement =
            self.connection.prepare_cached("SELECT salt, value FROM sealed WHERE commitment = ?1")?;
        let mut values = Vec::new();
        for commitment in commitments {
            let found = statement.query_row([commitment.as_bytes().as_slice()], |row| {
                Ok(StoredValue { commitment: *commitment, salt: row.get(0)?, value: row.get(1)? })
            });
            values.extend(found.optional()?);
        }
        Ok(values)
    }

    fn tile(&mut self, level: u8, index: u64) -> rusqlite::Result<Option<Vec<u8>>> {
        let index = i64::try_from(index).unwrap_or(i64::MAX);
        let mut statement =
            self.connection.prepare_cached("SELECT bytes FROM tile WHERE level = ?1 AND idx = ?2")?;
        statement.query_row((level, index), |row| row.get(0)).optional()
    }
}

fn number(row: &Row<'_>, column: usize) -> rusqlite::Result<u64> {
    let number: i64 = row.get(column)?;
    u64::try_from(number).map_err(|_| rusqlite::Error::IntegralValueOutOfRange(column, number))
}
