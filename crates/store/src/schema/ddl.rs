//! The statements that make the tables.

use countersign_core::view::CellKind;

use super::{Null, Shape, Table};

/// Whose SQL.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Dialect {
    Sqlite,
    #[cfg_attr(
        not(feature = "postgres"),
        expect(dead_code, reason = "only one of the stores is compiled in")
    )]
    Postgres,
}

/// An identifier; nouns such as `group` are words of SQL.
pub(crate) fn quote(name: &str) -> String {
    format!("\"{name}\"")
}

/// Quoted names, separated by commas.
pub(crate) fn columns<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    names.into_iter().map(quote).collect::<Vec<_>>().join(", ")
}

/// The statements that make a table and its indexes.
pub(crate) fn create(table: &Table, dialect: Dialect) -> Vec<String> {
    let single_int = match (table.key.as_slice(), table.columns.as_slice()) {
        ([key], columns) => columns.iter().any(|(name, kind, _)| name == key && *kind == CellKind::Int),
        _ => false,
    };
    let mut parts: Vec<String> = table
        .columns
        .iter()
        .map(|(name, kind, null)| {
            let key = single_int && table.key.contains(name) && dialect == Dialect::Sqlite;
            let rest = match (key, null) {
                (true, _) => " PRIMARY KEY",
                (false, Null::Never) => " NOT NULL",
                (false, Null::Maybe) => "",
            };
            format!("{} {}{rest}", quote(name), kind_name(*kind, dialect))
        })
        .collect();
    if !(single_int && dialect == Dialect::Sqlite) {
        parts.push(format!("PRIMARY KEY ({})", columns(table.key.iter().copied())));
    }
    let tail = match (dialect, table.shape, single_int) {
        (Dialect::Postgres, _, _) => "",
        (Dialect::Sqlite, Shape::ByKey, false) => " STRICT, WITHOUT ROWID",
        (Dialect::Sqlite, _, _) => " STRICT",
    };
    let mut statements = vec![format!("CREATE TABLE {} ({}){tail}", quote(table.name), parts.join(", "))];
    for index in &table.indexes {
        let name = quote(&format!("{}_{}", table.name, index.join("_")));
        let unique = if table.name == "symbol" { "UNIQUE " } else { "" };
        let on = quote(table.name);
        statements.push(format!("CREATE {unique}INDEX {name} ON {on} ({})", columns(index.iter().copied())));
    }
    statements
}

pub(crate) fn drop_table(table: &Table) -> String {
    format!("DROP TABLE IF EXISTS {}", quote(table.name))
}

const fn kind_name(kind: CellKind, dialect: Dialect) -> &'static str {
    match (dialect, kind) {
        (Dialect::Sqlite, CellKind::Int) => "INTEGER",
        (Dialect::Sqlite, CellKind::Text) => "TEXT",
        (Dialect::Sqlite, CellKind::Blob) => "BLOB",
        (Dialect::Postgres, CellKind::Int) => "BIGINT",
        // Bytes decide the order of texts, as they do in SQLite.
        (Dialect::Postgres, CellKind::Text) => "TEXT COLLATE \"C\"",
        (Dialect::Postgres, CellKind::Blob) => "BYTEA",
    }
}
