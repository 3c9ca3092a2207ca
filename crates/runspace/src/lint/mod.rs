//! Definitions that would let a value become a command.
//!
//! A program that interprets its arguments turns a free text into code, whatever the argument vector looks like; so does a
//! database function that executes a text. Such a definition is lawful only for a task that says so (`arbitrary_code`).

mod exchange;
mod http;
mod postgresql;
mod process;
pub mod sql;

use std::collections::BTreeSet;

use serde::Serialize;

use crate::{Definition, ParameterName};

pub use process::forbidden_variable;

/// One thing that makes a definition dangerous.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LintFault {
    /// Stable, snake_case.
    pub code: &'static str,
    pub message: String,
    /// Index in `arguments`, `statements` or `parameters`, where the fault lies in one of them.
    pub argument: Option<usize>,
    pub severity: Severity,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Refused unless the task is marked `arbitrary_code`.
    ArbitraryCode,
    /// Refused in any case.
    Broken,
}

/// Looks at a definition. `free` names the parameters whose values are free text (strings without a closed list of
/// choices, lists of them, files, secrets); a number or a choice can't carry code of the requester's.
#[must_use]
pub fn lint(definition: &Definition, free: &BTreeSet<ParameterName>) -> Vec<LintFault> {
    match definition {
        Definition::Process(process) => process::lint(process, free),
        Definition::Postgresql(statements) => postgresql::lint(statements, free),
        Definition::Ssh(program) => process::elsewhere(program, free),
        Definition::Exchange(cmdlet) => exchange::lint(cmdlet, free),
        Definition::Http(request) => http::lint(request, free),
    }
}

fn code(code: &'static str, message: String, argument: Option<usize>) -> LintFault {
    LintFault { code, message, argument, severity: Severity::ArbitraryCode }
}

fn broken(code: &'static str, message: String, argument: Option<usize>) -> LintFault {
    LintFault { code, message, argument, severity: Severity::Broken }
}
