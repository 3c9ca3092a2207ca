//! Values of index columns, in the four kinds that every store has.

use countersign_ledger::hash::Digest;
use serde::de::DeserializeOwned;

use crate::id::{ExecutionId, GroupId, InvitationId, PersonId, PolicyId, RequestNumber, TokenId};
use crate::name::{GroupName, RoleGroupName, RoleName, TaskName, WorkloadName};
use crate::time::{Instant, Span};

/// A value of an index column.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cell {
    /// Nothing.
    Null,
    /// A number, an instant in microseconds, 0 or 1 for a choice.
    Int(i64),
    /// A text without NUL.
    Text(String),
    /// Bytes: an id's 16, a digest's 32.
    Blob(Vec<u8>),
}

/// What kind of value a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CellKind {
    /// [`Cell::Int`].
    Int,
    /// [`Cell::Text`].
    Text,
    /// [`Cell::Blob`].
    Blob,
}

/// A stored value that is not of its column's type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a column does not hold {0}")]
pub struct CellError(pub &'static str);

/// A type that can stand in a column.
pub trait Column: Sized {
    /// How it is stored.
    const KIND: CellKind;
    /// Whether it may be absent.
    const NULLABLE: bool = false;

    /// The stored form.
    fn to_cell(&self) -> Cell;

    /// Reads the stored form.
    ///
    /// # Errors
    /// When the value is of another kind or out of range.
    fn from_cell(cell: Cell) -> Result<Self, CellError>;
}

impl Cell {
    /// A text as every store can hold it: NUL is shown as U+FFFD.
    #[must_use]
    pub fn text(text: &str) -> Self {
        Self::Text(text.replace('\0', "\u{fffd}"))
    }
}

impl<T: Column> Column for Option<T> {
    const KIND: CellKind = T::KIND;
    const NULLABLE: bool = true;

    fn to_cell(&self) -> Cell {
        self.as_ref().map_or(Cell::Null, Column::to_cell)
    }

    fn from_cell(cell: Cell) -> Result<Self, CellError> {
        match cell {
            Cell::Null => Ok(None),
            other => T::from_cell(other).map(Some),
        }
    }
}

impl Column for String {
    const KIND: CellKind = CellKind::Text;

    fn to_cell(&self) -> Cell {
        Cell::text(self)
    }

    fn from_cell(cell: Cell) -> Result<Self, CellError> {
        match cell {
            Cell::Text(text) => Ok(text),
            _ => Err(CellError("a text")),
        }
    }
}

impl Column for bool {
    const KIND: CellKind = CellKind::Int;

    fn to_cell(&self) -> Cell {
        Cell::Int(i64::from(*self))
    }

    fn from_cell(cell: Cell) -> Result<Self, CellError> {
        match cell {
            Cell::Int(0) => Ok(false),
            Cell::Int(1) => Ok(true),
            _ => Err(CellError("0 or 1")),
        }
    }
}

macro_rules! integers {
    ($($type:ty)*) => {$(
        impl Column for $type {
            const KIND: CellKind = CellKind::Int;

            fn to_cell(&self) -> Cell {
                Cell::Int(i64::try_from(*self).unwrap_or(i64::MAX))
            }

            fn from_cell(cell: Cell) -> Result<Self, CellError> {
                match cell {
                    Cell::Int(int) => Self::try_from(int).map_err(|_| CellError(stringify!($type))),
                    _ => Err(CellError("a number")),
                }
            }
        }
    )*};
}

integers! { i32 i64 u16 u32 u64 }

/// Types that wrap a number.
macro_rules! wrapped {
    ($($type:ty, $get:ident, $make:path;)*) => {$(
        impl Column for $type {
            const KIND: CellKind = CellKind::Int;

            fn to_cell(&self) -> Cell {
                self.$get().to_cell()
            }

            fn from_cell(cell: Cell) -> Result<Self, CellError> {
                Column::from_cell(cell).map($make)
            }
        }
    )*};
}

wrapped! {
    Instant, as_micros, Instant::from_micros;
    Span, as_micros, Span::from_micros;
    RequestNumber, get, RequestNumber::new;
}

macro_rules! bytes {
    ($($type:ty)*) => {$(
        impl Column for $type {
            const KIND: CellKind = CellKind::Blob;

            fn to_cell(&self) -> Cell {
                Cell::Blob(self.as_bytes().to_vec())
            }

            fn from_cell(cell: Cell) -> Result<Self, CellError> {
                let wrong = CellError(stringify!($type));
                match cell {
                    Cell::Blob(bytes) => bytes.try_into().map(Self::from_bytes).map_err(|_| wrong),
                    _ => Err(wrong),
                }
            }
        }
    )*};
}

bytes! { PersonId GroupId PolicyId ExecutionId TokenId InvitationId Digest }

macro_rules! names {
    ($($type:ty)*) => {$(
        impl Column for $type {
            const KIND: CellKind = CellKind::Text;

            fn to_cell(&self) -> Cell {
                Cell::text(&self.to_string())
            }

            fn from_cell(cell: Cell) -> Result<Self, CellError> {
                String::from_cell(cell)?.parse().map_err(|_| CellError(stringify!($type)))
            }
        }
    )*};
}

names! { TaskName RoleName RoleGroupName WorkloadName GroupName }

/// The word of an enum that is stored as a word.
pub(super) fn word<T: serde::Serialize>(value: &T) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word,
        Ok(other) => other.to_string(),
        Err(_) => String::new(),
    }
}

/// The enum behind a stored word.
pub(super) fn from_word<T: DeserializeOwned>(word: String) -> Option<T> {
    serde_json::from_value(serde_json::Value::String(word)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_stored_is_read_back_and_nothing_else_is() {
        let person = PersonId::from_bytes([3; 16]);
        assert_eq!(PersonId::from_cell(person.to_cell()), Ok(person));
        assert_eq!(Option::<PersonId>::from_cell(Cell::Null), Ok(None));
        assert!(PersonId::from_cell(Cell::Blob(vec![3; 15])).is_err());
        assert!(PersonId::from_cell(Cell::Null).is_err());
        assert_eq!(u16::from_cell(Cell::Int(65_535)), Ok(65_535));
        assert!(u16::from_cell(Cell::Int(65_536)).is_err());
        assert!(u64::from_cell(Cell::Int(-1)).is_err());
        assert!(bool::from_cell(Cell::Int(2)).is_err());
        assert_eq!("a\0b".to_owned().to_cell(), Cell::Text("a\u{fffd}b".to_owned()));
    }
}
