//! The tables, declared once: what is rebuilt, what may be lost, what is secret.

mod ddl;
mod tables;

use countersign_core::view::CellKind;
pub(crate) use ddl::{Dialect, columns, create, drop_table, quote};
pub use tables::tables;

/// The version of the tables that are not derived.
pub const SCHEMA: i64 = 1;

/// What a table is for, and so what may happen to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// The ledger and what lies beside it: never lost, never rewritten but by erasure.
    Ledger,
    /// Rebuilt from the ledger, and compared.
    Derived,
    /// May be lost; bounded.
    Operational,
    /// Credentials.
    Secret,
}

/// The database a table lives in, where there are several.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// The ledger's.
    Ledger,
    /// That of sessions and delivery progress.
    Ops,
}

/// A table.
#[derive(Debug, Clone)]
pub struct Table {
    /// Its name.
    pub name: &'static str,
    /// What it is for.
    pub class: Class,
    /// Where it lives.
    pub place: Place,
    pub(crate) columns: Vec<(&'static str, CellKind, Null)>,
    pub(crate) key: Vec<&'static str>,
    pub(crate) shape: Shape,
    pub(crate) indexes: Vec<Vec<&'static str>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Null {
    Never,
    Maybe,
}

/// How rows lie on disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    /// In the order of the key.
    ByKey,
    /// In the order they came: for long rows with a random key.
    ByArrival,
}
