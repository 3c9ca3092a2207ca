//! Values to and from PostgreSQL's types: `bigint`, `text`, `bytea`.

use std::error::Error as StdError;

use countersign_core::view::{Cell, CellKind};
use postgres::Row;
use postgres::types::private::BytesMut;
use postgres::types::{IsNull, ToSql, Type, to_sql_checked};

use crate::error::Error;
use crate::sql::db::Values;

/// A value for a statement.
#[derive(Debug)]
pub(super) struct Bound<'a>(pub(super) &'a Cell);

impl ToSql for Bound<'_> {
    fn to_sql(&self, of: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn StdError + Sync + Send>> {
        match self.0 {
            Cell::Null => Ok(IsNull::Yes),
            Cell::Int(int) if *of == Type::INT8 => int.to_sql(of, out),
            Cell::Text(text) if *of == Type::TEXT => text.to_sql(of, out),
            Cell::Blob(bytes) if *of == Type::BYTEA => bytes.to_sql(of, out),
            _ => Err(format!("a value does not fit into {of}").into()),
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

/// A column of many rows, as one array.
#[derive(Debug)]
pub(super) enum Array<'a> {
    Int(Vec<Option<i64>>),
    Text(Vec<Option<&'a str>>),
    Blob(Vec<Option<&'a [u8]>>),
}

impl<'a> Array<'a> {
    /// The values at one place of each row; none if there is no value at all, and so no type.
    pub(super) fn column(rows: &'a [Values], place: usize) -> Option<Self> {
        let cells = || rows.iter().map(move |row| row.get(place).unwrap_or(&Cell::Null));
        let kind = cells().find_map(|cell| match cell {
            Cell::Null => None,
            Cell::Int(_) => Some(CellKind::Int),
            Cell::Text(_) => Some(CellKind::Text),
            Cell::Blob(_) => Some(CellKind::Blob),
        })?;
        Some(match kind {
            CellKind::Int => Self::Int(
                cells().map(|cell| if let Cell::Int(int) = cell { Some(*int) } else { None }).collect(),
            ),
            CellKind::Text => Self::Text(
                cells().map(|cell| if let Cell::Text(text) = cell { Some(&**text) } else { None }).collect(),
            ),
            CellKind::Blob => Self::Blob(
                cells().map(|cell| if let Cell::Blob(blob) = cell { Some(&**blob) } else { None }).collect(),
            ),
        })
    }

    /// The array's type.
    pub(super) const fn name(&self) -> &'static str {
        match self {
            Self::Int(_) => "bigint[]",
            Self::Text(_) => "text[]",
            Self::Blob(_) => "bytea[]",
        }
    }

    pub(super) const fn parameter(&self) -> &(dyn ToSql + Sync) {
        match self {
            Self::Int(values) => values,
            Self::Text(values) => values,
            Self::Blob(values) => values,
        }
    }
}

/// A row as it comes.
pub(super) fn values(row: &Row) -> Result<Values, Error> {
    let mut values = Vec::with_capacity(row.len());
    for (place, column) in row.columns().iter().enumerate() {
        let of = column.type_();
        let wrong = |error: postgres::Error| Error::Corrupt(error.to_string());
        let cell = if *of == Type::INT8 {
            row.try_get::<_, Option<i64>>(place).map_err(wrong)?.map(Cell::Int)
        } else if *of == Type::TEXT {
            row.try_get::<_, Option<String>>(place).map_err(wrong)?.map(Cell::Text)
        } else if *of == Type::BYTEA {
            row.try_get::<_, Option<Vec<u8>>>(place).map_err(wrong)?.map(Cell::Blob)
        } else {
            return Err(Error::Corrupt(format!("a column holds {of}")));
        };
        values.push(cell.unwrap_or(Cell::Null));
    }
    Ok(values)
}
