//! How a task is executed: the part of its definition that its digest covers.

mod exchange;
mod http;
mod path;
mod postgresql;
mod process;
mod ssh;

use serde::{Deserialize, Serialize};

pub use exchange::{CmdletParameter, CmdletType, ExchangeDefinition, Fixed, ObjectFormat};
pub use http::{Body, Field, HttpDefinition, Method, Success, Test};
pub use path::{PathTemplate, Segment};
pub use postgresql::{
    Access, Bound, Count, PostgresqlDefinition, RowFormat, Statement, TransactionMode, WhenUnset,
};
pub use process::{Argument, LeadingDash, Place, ProcessDefinition, Switch, WhenAbsent};
pub use ssh::{Hosts, NamedHosts, SshDefinition};

/// The executor and what it needs to know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "executor", rename_all = "snake_case")]
pub enum Definition {
    /// A program on the runner's host.
    Process(ProcessDefinition),
    /// SQL statements on a database.
    Postgresql(PostgresqlDefinition),
    /// A program on other hosts.
    Ssh(SshDefinition),
    /// A request to a service.
    Http(HttpDefinition),
    /// A cmdlet of Exchange Online.
    Exchange(ExchangeDefinition),
}

/// How the effect of a task is shown before it happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PreviewForm {
    /// The order's definition is a look by itself, declared read-only by whoever defined the task. An executor that can
    /// hold it to that does.
    Declared,
    /// What the definition would do, said by the target without doing it: a plan, `-WhatIf`, a dry run of its own.
    Plan,
    /// The definition is carried out and taken back before anybody else can see it. Asked for under a live authorization
    /// only.
    Rollback,
}

impl Definition {
    /// The forms of preview that the executor has for this definition. Empty: none, and a preview is refused before the
    /// executor hears of it.
    #[must_use]
    pub fn previews(&self) -> &'static [PreviewForm] {
        match self {
            Self::Process(_) | Self::Ssh(_) => &[PreviewForm::Declared],
            Self::Exchange(_) => &[],
            Self::Http(request) if request.method.is_safe() => &[PreviewForm::Declared],
            Self::Http(_) => &[],
            Self::Postgresql(statements) if statements.transaction == TransactionMode::None => {
                &[PreviewForm::Declared, PreviewForm::Plan]
            }
            Self::Postgresql(_) => &[PreviewForm::Declared, PreviewForm::Plan, PreviewForm::Rollback],
        }
    }

    /// The executor's word, as it stands in `executor`.
    #[must_use]
    pub const fn executor(&self) -> &'static str {
        match self {
            Self::Process(_) => "process",
            Self::Postgresql(_) => "postgresql",
            Self::Ssh(_) => "ssh",
            Self::Http(_) => "http",
            Self::Exchange(_) => "exchange",
        }
    }
}
