//! What is asked of the index: filters, visibility, pages.

use countersign_core::id::{ExecutionId, PersonId, PolicyId, RequestNumber};
use countersign_core::time::Instant;
use countersign_core::view::{Cell, Field};
use serde::{Deserialize, Serialize};

/// Whose rows may be seen (G19). Lists, details, search, counts and exports all take it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Visibility {
    /// Everything.
    All,
    /// What a person did or what was done to them, and what belongs to these requests.
    Only {
        /// The person.
        person: Option<PersonId>,
        /// Requests addressed to them.
        requests: Vec<RequestNumber>,
    },
}

/// Which lines of the audit log are asked for; every field that is set must hold.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct EventFilter {
    /// Words, `prefix*`, `name=value`, `"name=some value"`, `R-1042`; all must be found.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub text: String,
    /// Who did it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub person: Option<PersonId>,
    /// What it was done to: an id or a name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// The task.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub task: Option<String>,
    /// The workload.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub workload: Option<String>,
    /// The outcome's word.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outcome: Option<String>,
    /// The refusal's code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// Kinds of events, any of them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub kinds: Vec<String>,
    /// The policy.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub policy: Option<PolicyId>,
    /// The execution.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub execution: Option<ExecutionId>,
    /// The access request.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request: Option<RequestNumber>,
    /// Not before this instant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<Instant>,
    /// Before this instant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<Instant>,
}

/// The direction in which lines of the audit log are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// From the newest on.
    NewestFirst,
    /// From the oldest on.
    OldestFirst,
}

/// A condition on a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Condition {
    /// The column has this value; `Null` means that it has none.
    Is(Field),
    /// The column has one of these values.
    OneOf(&'static str, Vec<Cell>),
    /// The column has some value.
    Present(&'static str),
    /// The column has a lower value.
    Below(Field),
    /// The column has this or a higher value.
    AtLeast(Field),
    /// The text begins so.
    Prefix(Field),
    /// The text contains this.
    Contains(Field),
}

/// What is asked of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListQuery {
    /// All of these must hold.
    pub conditions: Vec<Condition>,
    /// Whose rows may be seen.
    pub visibility: Visibility,
    /// Where the page before ended.
    pub cursor: Option<Cursor>,
    /// Rows at most, 1 to 1,000.
    pub limit: usize,
}

impl ListQuery {
    /// The first 50 rows of everything.
    #[must_use]
    pub const fn all() -> Self {
        Self { conditions: Vec::new(), visibility: Visibility::All, cursor: None, limit: 50 }
    }

    /// Adds a condition.
    #[must_use]
    pub fn with(mut self, condition: Condition) -> Self {
        self.conditions.push(condition);
        self
    }
}

/// Where a page ended. Opaque to clients; a cursor of another list gives wrong rows, never hidden ones.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Cursor(pub String);

/// Some rows, and how to go on.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Page<T> {
    /// The rows.
    pub rows: Vec<T>,
    /// Where the next page begins; none if this was the last.
    pub next: Option<Cursor>,
    /// The size of the ledger that the rows were read at.
    pub size: u64,
}
