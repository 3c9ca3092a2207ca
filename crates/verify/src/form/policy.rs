//! What a policy says.

use std::collections::BTreeSet;

use serde::Deserialize;

use super::{Group, Name};

/// The terms of a policy.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Terms {
    pub(crate) target: Target,
    pub(crate) approval: Approval,
    pub(crate) requesters: Requesters,
    pub(crate) limits: Limits,
    #[serde(default)]
    pub(crate) bind: BTreeSet<Name>,
    #[serde(default)]
    pub(crate) ticket: Option<String>,
    pub(crate) assurance: Assurance,
    #[serde(default)]
    pub(crate) freshness: Option<u64>,
    #[serde(default)]
    pub(crate) windows: Vec<Window>,
    pub(crate) approve_for_less: bool,
}

/// What a policy or a request is about. Ordered by how specific it is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(tag = "type", content = "name", deny_unknown_fields)]
pub(crate) enum Target {
    Task(Name),
    Role(Name),
    RoleGroup(Name),
}

/// How a request is decided.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(crate) enum Approval {
    Auto,
    Manual { stages: Vec<Stage> },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Stage {
    pub(crate) approvers: Approvers,
    pub(crate) seats: u16,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub(crate) enum Approvers {
    DefaultGroup,
    Group(Group),
}

/// Who may ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub(crate) enum Requesters {
    ByRole,
    Group(Group),
    Everyone,
}

/// Ceilings. Spans are microseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Limits {
    #[serde(default)]
    pub(crate) max_duration: Option<u64>,
    #[serde(default)]
    pub(crate) max_uses: Option<u32>,
    pub(crate) parallel: u32,
    #[serde(default)]
    pub(crate) rate: Option<Rate>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Rate {
    pub(crate) count: u32,
    pub(crate) per: u64,
}

/// How sure an approval is, from the weakest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
pub(crate) enum Assurance {
    Session,
    SecondFactor,
    Passkey,
    SignedStatement,
}

/// Hours on some days of the week, by a zone's wall clock.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Window {
    pub(crate) zone: String,
    pub(crate) days: BTreeSet<String>,
    pub(crate) from: String,
    pub(crate) until: String,
}

impl Approval {
    /// The stages; none for Auto.
    pub(crate) fn stages(&self) -> &[Stage] {
        match self {
            Self::Auto => &[],
            Self::Manual { stages } => stages,
        }
    }
}

impl Approvers {
    pub(crate) const fn group(self, default: Option<Group>) -> Option<Group> {
        match self {
            Self::DefaultGroup => default,
            Self::Group(group) => Some(group),
        }
    }
}

impl std::fmt::Display for Target {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Task(name) => write!(f, "the task `{name}`"),
            Self::Role(name) => write!(f, "the role `{name}`"),
            Self::RoleGroup(name) => write!(f, "the role group `{name}`"),
        }
    }
}
