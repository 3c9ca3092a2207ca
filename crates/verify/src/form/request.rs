//! Access requests.

use countersign_ledger::Digest;
use serde::Deserialize;

use super::{Covers, Group, Name, Person, Policy, Target, Terms};

/// `RequestSubmitted`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Submitted {
    pub(crate) number: u64,
    pub(crate) requester: Person,
    #[serde(default)]
    pub(crate) account: Option<Person>,
    pub(crate) target: Target,
    #[serde(default)]
    pub(crate) role: Option<Name>,
    pub(crate) statement: Digest,
    pub(crate) policy: Policy,
    pub(crate) policy_version: u64,
    pub(crate) terms: Terms,
    pub(crate) covers: Covers,
    pub(crate) stages: Vec<Need>,
    pub(crate) duration: u64,
    #[serde(default)]
    pub(crate) start: Option<i64>,
    #[serde(default)]
    pub(crate) uses: Option<u32>,
    pub(crate) expires: i64,
    pub(crate) reason: Digest,
    #[serde(default)]
    pub(crate) ticket: Option<Digest>,
    #[serde(default)]
    pub(crate) extends: Option<u64>,
    #[serde(default)]
    #[expect(dead_code, reason = "shown to approvers, decides nothing")]
    pub(crate) denied_before: Option<u64>,
    #[expect(dead_code, reason = "it finds like requests in tables and decides nothing")]
    pub(crate) same: Digest,
}

impl Submitted {
    /// Who may execute: the service account that it is for, else who asked.
    pub(crate) fn holder(&self) -> Person {
        self.account.unwrap_or(self.requester)
    }
}

/// What one stage needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Need {
    pub(crate) group: Group,
    pub(crate) seats: u16,
}
