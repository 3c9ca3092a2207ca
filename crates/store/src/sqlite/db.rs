//! A connection to an SQLite file.

use std::path::Path;
use std::time::Duration;

use countersign_core::view::Cell;
use rusqlite::ffi::ErrorCode;
use rusqlite::types::{ToSqlOutput, Value, ValueRef};
use rusqlite::{Connection, OpenFlags, ToSql};

use crate::error::{AppendError, Error};
use crate::files;
use crate::schema::Dialect;
use crate::sql::db::{Db, Insert, Values};
use crate::sql::symbols::places;

/// How long a statement waits for a lock that another connection of this process holds.
const BUSY: Duration = Duration::from_secs(10);
/// Prepared statements kept per connection.
const STATEMENTS: usize = 200;

pub(crate) struct Sqlite {
    connection: Connection,
}

impl Sqlite {
    /// Makes the file with the right mode before SQLite does; the files beside it get the same. Returns whether a
    /// database was there.
    pub(super) fn prepare(path: &Path) -> Result<bool, Error> {
        let file = files::file(path)?;
        let metadata = file.metadata().map_err(Error::file(path))?;
        Ok(metadata.len() > 0)
    }

    /// For the single writer. Checkpoints what an earlier process left in the WAL.
    pub(super) fn writing(path: &Path) -> Result<Self, Error> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Self::open(path, flags)?;
        let pragmas = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 20000; \
                       PRAGMA wal_checkpoint(TRUNCATE); PRAGMA cache_size = -65536; PRAGMA secure_delete = ON;";
        connection.execute_batch(pragmas).map_err(error)?;
        Ok(Self { connection })
    }

    pub(super) fn reading(path: &Path) -> Result<Self, Error> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Self::open(path, flags)?;
        connection.execute_batch("PRAGMA query_only = ON; PRAGMA cache_size = -16384;").map_err(error)?;
        Ok(Self { connection })
    }

    fn open(path: &Path, flags: OpenFlags) -> Result<Connection, Error> {
        let connection = Connection::open_with_flags(path, flags).map_err(error)?;
        connection.busy_timeout(BUSY).map_err(error)?;
        connection.set_prepared_statement_cache_capacity(STATEMENTS);
        // A database that somebody else prepared must not run anything of theirs.
        connection
            .execute_batch("PRAGMA trusted_schema = OFF; PRAGMA temp_store = MEMORY;")
            .map_err(error)?;
        Ok(connection)
    }
}

/// A value for a statement; a foreign type cannot have a foreign trait.
struct Bound<'a>(&'a Cell);

impl ToSql for Bound<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(match self.0 {
            Cell::Null => ToSqlOutput::Owned(Value::Null),
            Cell::Int(int) => ToSqlOutput::Owned(Value::Integer(*int)),
            Cell::Text(text) => ToSqlOutput::Borrowed(ValueRef::Text(text.as_bytes())),
            Cell::Blob(bytes) => ToSqlOutput::Borrowed(ValueRef::Blob(bytes)),
        })
    }
}

fn bound(cells: &[Cell]) -> impl Iterator<Item = Bound<'_>> {
    cells.iter().map(Bound)
}

impl Db for Sqlite {
    fn dialect(&self) -> Dialect {
        Dialect::Sqlite
    }

    fn run(&mut self, sql: &str) -> Result<(), Error> {
        self.connection.execute_batch(sql).map_err(error)
    }

    fn execute(&mut self, sql: &str, parameters: &[Cell]) -> Result<u64, Error> {
        let mut statement = self.connection.prepare_cached(sql).map_err(error)?;
        let changed = statement.execute(rusqlite::params_from_iter(bound(parameters))).map_err(error)?;
        Ok(u64::try_from(changed).unwrap_or(0))
    }

    fn each(
        &mut self,
        sql: &str,
        parameters: &[Cell],
        row: &mut dyn FnMut(Values) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let mut statement = self.connection.prepare_cached(sql).map_err(error)?;
        let width = statement.column_count();
        let mut rows = statement.query(rusqlite::params_from_iter(bound(parameters))).map_err(error)?;
        while let Some(found) = rows.next().map_err(error)? {
            let mut values = Vec::with_capacity(width);
            for column in 0..width {
                values.push(match found.get_ref(column).map_err(error)? {
                    ValueRef::Null => Cell::Null,
                    ValueRef::Integer(int) => Cell::Int(int),
                    ValueRef::Text(text) => Cell::Text(String::from_utf8_lossy(text).into_owned()),
                    ValueRef::Blob(bytes) => Cell::Blob(bytes.to_vec()),
                    ValueRef::Real(_) => return Err(Error::Corrupt("a column holds a fraction".to_owned())),
                });
            }
            row(values)?;
        }
        Ok(())
    }

    fn insert(&mut self, insert: &Insert<'_>, rows: &[Values]) -> Result<(), Error> {
        if rows.is_empty() {
            return Ok(());
        }
        let values = format!("VALUES ({})", places(1, insert.columns.len()));
        let mut statement =
            self.connection.prepare_cached(&insert.sql(insert.columns, &values)).map_err(error)?;
        for row in rows {
            statement.execute(rusqlite::params_from_iter(bound(row))).map_err(error)?;
        }
        Ok(())
    }

    fn begin(&mut self) -> Result<(), Error> {
        // Left open by a failed end: nothing in it was acknowledged.
        if !self.connection.is_autocommit() {
            self.rollback();
        }
        self.run("BEGIN IMMEDIATE")
    }

    fn begin_read(&mut self) -> Result<(), Error> {
        self.run("BEGIN")
    }

    fn commit(&mut self) -> Result<(), AppendError> {
        let Err(failed) = self.connection.execute_batch("COMMIT") else { return Ok(()) };
        let failed = error(failed);
        // Without its last frame in the WAL a transaction is not there; only that frame's sync leaves it in doubt.
        let in_doubt = matches!(failed, Error::Io(_)) || self.connection.is_autocommit();
        self.rollback();
        match failed {
            Error::Full => Err(AppendError::Definite(Error::Full)),
            failed if in_doubt => Err(AppendError::Unknown(failed)),
            failed => Err(AppendError::Definite(failed)),
        }
    }

    fn rollback(&mut self) {
        if !self.connection.is_autocommit() {
            let _ = self.connection.execute_batch("ROLLBACK");
        }
    }
}

fn error(error: rusqlite::Error) -> Error {
    let text = error.to_string();
    match error.sqlite_error_code() {
        Some(ErrorCode::DiskFull) => Error::Full,
        Some(
            ErrorCode::SystemIoFailure
            | ErrorCode::CannotOpen
            | ErrorCode::PermissionDenied
            | ErrorCode::ReadOnly,
        ) => Error::Io(text),
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => Error::Corrupt(text),
        _ => Error::Database(text),
    }
}
