//! `executor = "postgresql"`: statements with bound parameters on a database that the host file names.

use serde::{Deserialize, Serialize};

use crate::{ParameterName, TargetName};

/// Statements that are executed in order, all or none of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PostgresqlDefinition {
    /// Which database: a name in the host file's table `[postgresql]`.
    pub target: TargetName,
    /// The database role that the statements run as; the host file must list it for the target.
    pub role: String,
    pub statements: Vec<Statement>,
    #[serde(default)]
    pub access: Access,
    #[serde(default)]
    pub transaction: TransactionMode,
    /// Where names without a schema are looked up, as `search_path` takes it; absent: `pg_catalog` only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub search_path: Option<String>,
    /// How rows are written.
    #[serde(default)]
    pub output: RowFormat,
    /// Rows of one statement that are kept; the output says when there were more.
    #[serde(default = "thousand")]
    pub max_rows: u32,
    /// Milliseconds that a statement waits for a lock.
    #[serde(default = "ten_seconds")]
    pub lock_timeout_ms: u64,
}

/// One SQL statement. Values reach it only through `$1`, `$2`, …
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Statement {
    pub sql: String,
    /// What is bound to `$1`, `$2`, …, in this order.
    #[serde(default)]
    pub parameters: Vec<Bound>,
    /// Everything is rolled back if the statement changes or gives more rows than this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_affected: Option<u64>,
    /// A SELECT that a preview shows beside the plan: how many rows it would be, or which.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub count: Option<Count>,
}

/// A SELECT for previews. It runs in a read-only transaction.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Count {
    pub sql: String,
    /// What is bound to `$1`, `$2`, …, in this order.
    #[serde(default)]
    pub parameters: Vec<Bound>,
}

/// A parameter of the task in a statement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bound {
    pub name: ParameterName,
    #[serde(default)]
    pub when_absent: WhenUnset,
}

/// What is bound for a parameter that has no value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WhenUnset {
    #[default]
    Refuse,
    Null,
}

/// What the target lets the statements do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Access {
    #[default]
    ReadOnly,
    ReadWrite,
}

/// Whether the statements are one transaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TransactionMode {
    #[default]
    One,
    /// Each statement by itself, for what PostgreSQL refuses inside a transaction (`VACUUM`, `CREATE INDEX CONCURRENTLY`). An
    /// answer that is lost makes the outcome unknown.
    None,
}

/// How rows are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RowFormat {
    /// Columns for people.
    #[default]
    Table,
    /// One JSON object per row.
    JsonLines,
    /// RFC 4180, with a heading.
    Csv,
}

const fn thousand() -> u32 {
    1000
}

const fn ten_seconds() -> u64 {
    10_000
}
