//! A connection to a PostgreSQL server.

use std::collections::BTreeMap;

use countersign_core::view::Cell;
use postgres::fallible_iterator::FallibleIterator;
use postgres::types::ToSql;
use postgres::{Client, NoTls, Statement};

use super::bind::{Array, Bound, values};
use crate::error::{AppendError, Error};
use crate::schema::Dialect;
use crate::sql::db::{Db, Insert, Values};

/// Prepared statements kept per connection.
const STATEMENTS: usize = 200;
/// Rows inserted by one statement.
const AT_ONCE: usize = 10_000;

pub(super) struct Postgres {
    client: Client,
    prepared: BTreeMap<String, Statement>,
    serialize: Option<&'static str>,
}

impl Postgres {
    pub(super) fn connect(parameters: &str) -> Result<Self, Error> {
        let mut client = Client::connect(parameters, NoTls).map_err(error)?;
        // Whatever the server's defaults are: what is acknowledged is on its disk, and texts are what they say.
        client
            .batch_execute("SET synchronous_commit = on; SET standard_conforming_strings = on; SET client_min_messages = warning")
            .map_err(error)?;
        Ok(Self { client, prepared: BTreeMap::new(), serialize: None })
    }

    /// Names the statement that every writing transaction begins with; it locks a row, so that writers follow one
    /// another.
    pub(super) const fn serialize_by(&mut self, sql: &'static str) {
        self.serialize = Some(sql);
    }

    pub(super) fn is_closed(&self) -> bool {
        self.client.is_closed()
    }

    fn prepare(&mut self, sql: &str) -> Result<Statement, Error> {
        if let Some(statement) = self.prepared.get(sql) {
            return Ok(statement.clone());
        }
        // No statement of ours holds a question mark that is not a placeholder.
        let statement = self.client.prepare(&sql.replace('?', "$")).map_err(error)?;
        if self.prepared.len() >= STATEMENTS {
            self.prepared.clear();
        }
        self.prepared.insert(sql.to_owned(), statement.clone());
        Ok(statement)
    }
}

impl Db for Postgres {
    fn dialect(&self) -> Dialect {
        Dialect::Postgres
    }

    fn run(&mut self, sql: &str) -> Result<(), Error> {
        // Tables may be made anew here; a statement prepared for the old ones would fail.
        self.prepared.clear();
        self.client.batch_execute(sql).map_err(error)
    }

    fn execute(&mut self, sql: &str, parameters: &[Cell]) -> Result<u64, Error> {
        let statement = self.prepare(sql)?;
        let bound: Vec<_> = parameters.iter().map(Bound).collect();
        let bound: Vec<&(dyn ToSql + Sync)> = bound.iter().map(|cell| cell as _).collect();
        self.client.execute(&statement, &bound).map_err(error)
    }

    fn each(
        &mut self,
        sql: &str,
        parameters: &[Cell],
        row: &mut dyn FnMut(Values) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let statement = self.prepare(sql)?;
        let mut rows = self.client.query_raw(&statement, parameters.iter().map(Bound)).map_err(error)?;
        while let Some(found) = rows.next().map_err(error)? {
            row(values(&found)?)?;
        }
        Ok(())
    }

    /// One statement whatever the number of rows: each column is an array.
    fn insert(&mut self, insert: &Insert<'_>, rows: &[Values]) -> Result<(), Error> {
        for rows in rows.chunks(AT_ONCE) {
            let (mut given, mut arrays) = (Vec::new(), Vec::new());
            for (place, column) in insert.columns.iter().enumerate() {
                if let Some(array) = Array::column(rows, place) {
                    given.push(*column);
                    arrays.push(array);
                }
            }
            let places: Vec<_> =
                (1..).zip(&arrays).map(|(n, array)| format!("?{n}::{}", array.name())).collect();
            let sql = insert.sql(&given, &format!("SELECT * FROM unnest({})", places.join(", ")));
            let statement = self.prepare(&sql)?;
            let bound: Vec<_> = arrays.iter().map(Array::parameter).collect();
            self.client.execute(&statement, &bound).map_err(error)?;
        }
        Ok(())
    }

    fn begin(&mut self) -> Result<(), Error> {
        self.client.batch_execute("BEGIN ISOLATION LEVEL READ COMMITTED").map_err(error)?;
        match self.serialize {
            Some(sql) => self.client.batch_execute(sql).map_err(error),
            None => Ok(()),
        }
    }

    fn begin_read(&mut self) -> Result<(), Error> {
        self.client.batch_execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").map_err(error)
    }

    fn commit(&mut self) -> Result<(), AppendError> {
        let Err(failed) = self.client.batch_execute("COMMIT") else { return Ok(()) };
        // An answer from the server says that nothing was committed; without one nobody knows.
        match error(failed) {
            failed @ (Error::Database(_) | Error::Full) => Err(AppendError::Definite(failed)),
            failed => Err(AppendError::Unknown(failed)),
        }
    }

    fn rollback(&mut self) {
        let _ = self.client.batch_execute("ROLLBACK");
    }
}

fn error(error: postgres::Error) -> Error {
    use postgres::error::SqlState;
    let Some(answer) = error.as_db_error() else { return Error::Io(error.to_string()) };
    let text = answer.to_string();
    let code = answer.code();
    if *code == SqlState::DISK_FULL {
        Error::Full
    } else if *code == SqlState::IO_ERROR || code.code().starts_with("57P") {
        Error::Io(text)
    } else if *code == SqlState::DATA_CORRUPTED || *code == SqlState::INDEX_CORRUPTED {
        Error::Corrupt(text)
    } else {
        Error::Database(text)
    }
}
