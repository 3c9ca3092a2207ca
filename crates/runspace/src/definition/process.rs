//! `executor = "process"`: a program on the runner's host.

use std::collections::BTreeMap;
use std::path::PathBuf;

use countersign_sandbox::spec::{ProcessView, SystemCalls};
use serde::{Deserialize, Serialize};

use crate::{ParameterName, unique};

/// A program and how its argument vector is made. There is never a shell between.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProcessDefinition {
    /// Absolute path.
    pub program: PathBuf,
    /// Lower-case hex SHA-256 that the program must have; scripts should be pinned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sha256: Option<String>,
    /// In order, after the program's own name.
    #[serde(default)]
    pub arguments: Vec<Argument>,
    /// Local account to become; absent: the runner's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub run_as: Option<String>,
    /// Absolute path; absent: `/`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub working_directory: Option<PathBuf>,
    /// Literal variables; the host file must allow each name.
    #[serde(default, deserialize_with = "unique::map", skip_serializing_if = "BTreeMap::is_empty")]
    pub environment: BTreeMap<String, String>,
    /// A text, file or secret parameter that the program reads as standard input; absent: it reads nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stdin: Option<ParameterName>,
    /// Exit statuses that mean success.
    #[serde(default = "zero")]
    pub success: Vec<u8>,
    /// Absolute paths beneath which it may write, where the kernel has Landlock; absent: the file modes decide.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub writable: Option<Vec<PathBuf>>,
    /// `host` for a program that must signal processes it did not start.
    #[serde(default)]
    pub processes: ProcessView,
    /// `unfiltered` for a program that mounts or loads modules.
    #[serde(default)]
    pub system_calls: SystemCalls,
}

/// One place in the argument vector.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Argument {
    /// Exactly this argument.
    Literal(String),
    /// A parameter's value as one argument; a list gives one argument for each of its entries.
    Parameter(Place),
    /// This argument if the boolean parameter is true, else none.
    Switch(Switch),
}

/// Where and how a value is put.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Place {
    pub name: ParameterName,
    /// An argument of its own before each value, as `--owner`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub flag: Option<String>,
    /// Put before each value in the same argument, as `--owner=`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prefix: Option<String>,
    #[serde(default)]
    pub leading_dash: LeadingDash,
    #[serde(default)]
    pub when_absent: WhenAbsent,
}

/// Whether a value may begin with `-`, which many programs take for an option.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LeadingDash {
    /// Refused, unless the prefix ends in `=`.
    #[default]
    Refuse,
    Allow,
}

/// What becomes of a place whose parameter has no value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WhenAbsent {
    #[default]
    Refuse,
    Omit,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Switch {
    pub name: ParameterName,
    pub literal: String,
}

fn zero() -> Vec<u8> {
    vec![0]
}
