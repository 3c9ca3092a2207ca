//! How a task is executed: the part of its definition that its digest covers.

mod http;
mod path;
mod postgresql;
mod process;
mod ssh;

use serde::{Deserialize, Serialize};

pub use http::{Body, Field, HttpDefinition, Method, Success, Test};
pub use path::{PathTemplate, Segment};
pub use postgresql::{Access, Bound, PostgresqlDefinition, RowFormat, Statement, TransactionMode, WhenUnset};
pub use process::{Argument, LeadingDash, Place, ProcessDefinition, Switch, WhenAbsent};
pub use ssh::SshDefinition;

/// The executor and what it needs to know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "executor", rename_all = "snake_case")]
pub enum Definition {
    /// A program on the runner's host.
    Process(ProcessDefinition),
    /// SQL statements on a database.
    Postgresql(PostgresqlDefinition),
    /// A program on another host.
    Ssh(SshDefinition),
    /// A request to a service.
    Http(HttpDefinition),
}

impl Definition {
    /// The executor's word, as it stands in `executor`.
    #[must_use]
    pub const fn executor(&self) -> &'static str {
        match self {
            Self::Process(_) => "process",
            Self::Postgresql(_) => "postgresql",
            Self::Ssh(_) => "ssh",
            Self::Http(_) => "http",
        }
    }
}
