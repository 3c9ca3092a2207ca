//! The little that is asked of a database connection.

use countersign_core::view::{Cell, Column};

use crate::error::{AppendError, Error};
use crate::schema::{Dialect, columns, quote};

/// A row as it comes.
pub(crate) type Values = Vec<Cell>;

/// A connection. Placeholders are written `?1`, `?2` …
pub(crate) trait Db: Send {
    fn dialect(&self) -> Dialect;

    /// Runs statements without parameters or results.
    fn run(&mut self, sql: &str) -> Result<(), Error>;

    /// Runs a statement; returns the number of rows it changed.
    fn execute(&mut self, sql: &str, parameters: &[Cell]) -> Result<u64, Error>;

    /// Runs a query; calls `row` for each row.
    fn each(
        &mut self,
        sql: &str,
        parameters: &[Cell],
        row: &mut dyn FnMut(Values) -> Result<(), Error>,
    ) -> Result<(), Error>;

    /// Runs one statement for many rows of parameters.
    fn insert(&mut self, sql: &Insert<'_>, rows: &[Values]) -> Result<(), Error>;

    /// Begins to write; nobody else writes until the end.
    fn begin(&mut self) -> Result<(), Error>;

    /// Begins to read one consistent state.
    fn begin_read(&mut self) -> Result<(), Error>;

    /// Ends writing.
    fn commit(&mut self) -> Result<(), AppendError>;

    /// Ends reading, or gives up writing. Never fails: a connection that can't is not used again.
    fn rollback(&mut self);
}

/// An insertion of many rows.
pub(crate) struct Insert<'a> {
    pub(crate) table: &'a str,
    pub(crate) columns: &'a [&'a str],
    pub(crate) existing: Existing<'a>,
}

/// What to do about a row that is there already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Existing<'a> {
    Refuse,
    Keep,
    /// Replace all of it but the key and one column.
    Replace {
        key: &'a [&'a str],
        but: &'a str,
    },
}

impl Insert<'_> {
    /// The statement that takes the values of these columns from here: `VALUES (…)` or a query. The others are empty.
    pub(crate) fn sql(&self, given: &[&str], rows: &str) -> String {
        let tail = match self.existing {
            Existing::Refuse => String::new(),
            Existing::Keep => " ON CONFLICT DO NOTHING".to_owned(),
            Existing::Replace { key, but } => {
                let sets = self.columns.iter().filter(|column| **column != but && !key.contains(column));
                let sets: Vec<_> = sets.map(|column| format!("{0} = excluded.{0}", quote(column))).collect();
                let action = if sets.is_empty() {
                    "NOTHING".to_owned()
                } else {
                    format!("UPDATE SET {}", sets.join(", "))
                };
                format!(" ON CONFLICT ({}) DO {action}", columns(key.iter().copied()))
            }
        };
        format!("INSERT INTO {} ({}) {rows}{tail}", quote(self.table), columns(given.iter().copied()))
    }
}

/// All rows of a query.
pub(crate) fn rows(db: &mut dyn Db, sql: &str, parameters: &[Cell]) -> Result<Vec<Values>, Error> {
    let mut rows = Vec::new();
    db.each(sql, parameters, &mut |row| {
        rows.push(row);
        Ok(())
    })?;
    Ok(rows)
}

/// The first row of a query.
pub(crate) fn first(db: &mut dyn Db, sql: &str, parameters: &[Cell]) -> Result<Option<Values>, Error> {
    Ok(rows(db, sql, parameters)?.into_iter().next())
}

/// The first value of the first row.
pub(crate) fn value<T: Column>(db: &mut dyn Db, sql: &str, parameters: &[Cell]) -> Result<Option<T>, Error> {
    match first(db, sql, parameters)? {
        Some(row) => Ok(Some(Take::new(row).take()?)),
        None => Ok(None),
    }
}

/// Runs something in a reading transaction.
pub(crate) fn reading<T>(
    db: &mut dyn Db,
    read: impl FnOnce(&mut dyn Db) -> Result<T, Error>,
) -> Result<T, Error> {
    db.begin_read()?;
    let result = read(db);
    db.rollback();
    result
}

/// Runs something in a writing transaction.
pub(crate) fn writing<T>(
    db: &mut dyn Db,
    write: impl FnOnce(&mut dyn Db) -> Result<T, Error>,
) -> Result<T, Error> {
    db.begin()?;
    match write(db) {
        Ok(value) => match db.commit() {
            Ok(()) => Ok(value),
            Err(AppendError::Definite(error) | AppendError::Unknown(error)) => Err(error),
            Err(AppendError::Conflict { .. }) => Err(Error::Usage("another writer came first")),
        },
        Err(error) => {
            db.rollback();
            Err(error)
        }
    }
}

/// Takes a row apart, value by value.
pub(crate) struct Take(std::vec::IntoIter<Cell>);

impl Take {
    pub(crate) fn new(row: Values) -> Self {
        Self(row.into_iter())
    }

    pub(crate) fn take<T: Column>(&mut self) -> Result<T, Error> {
        let cell = self.0.next().ok_or(countersign_core::view::cell::CellError("all columns"))?;
        Ok(T::from_cell(cell)?)
    }

    pub(crate) fn bytes(&mut self) -> Result<Vec<u8>, Error> {
        match self.0.next() {
            Some(Cell::Blob(bytes)) => Ok(bytes),
            _ => Err(countersign_core::view::cell::CellError("bytes").into()),
        }
    }
}

/// A number as a parameter; none of ours comes near 2^63.
pub(crate) fn int(number: u64) -> Cell {
    number.to_cell()
}
