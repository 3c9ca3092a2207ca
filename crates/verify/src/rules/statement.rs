//! Statements: what approvers approved, field by field, as long as the bytes exist.

use std::collections::BTreeMap;

use countersign_ledger::Digest;
use serde::Deserialize;
use serde_json::Value;

use super::value::{Constraint, is_secret};
use crate::form::{Covers, Name, Person, Policy, Submitted, Target};

/// A statement that was read. Its digest was checked before.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Statement {
    #[serde(rename = "type")]
    kind: String,
    salt: String,
    ledger: String,
    number: u64,
    requester: Person,
    #[serde(default)]
    account: Option<Person>,
    target: Target,
    #[serde(default)]
    role: Option<Name>,
    covers: Covers,
    constraints: BTreeMap<Name, Constraint>,
    pub(super) reason: String,
    #[serde(default)]
    pub(super) ticket: Option<String>,
    duration: u64,
    #[serde(default)]
    start: Option<i64>,
    latest_end: i64,
    #[serde(default)]
    uses: Option<u32>,
    policy: Policy,
    policy_version: u64,
    #[serde(default)]
    extends: Option<u64>,
    #[serde(default)]
    narrows: Option<Digest>,
}

const TYPE: &str = "countersign.statement/v1";

impl Statement {
    pub(super) fn read(value: &Value) -> Result<Self, String> {
        let statement =
            Self::deserialize(value).map_err(|error| format!("the statement cannot be read: {error}"))?;
        let salted = statement.salt.len() == 32 && statement.salt.bytes().all(|c| c.is_ascii_hexdigit());
        if statement.kind != TYPE || !salted {
            return Err("the statement is of another kind, or without salt".to_owned());
        }
        Ok(statement)
    }

    /// The fields in which the statement says something else than the event that cites it.
    pub(super) fn differs(&self, event: &Submitted, ledger: &str) -> Vec<&'static str> {
        let same = [
            ("ledger", self.ledger == ledger),
            ("number", self.number == event.number),
            ("requester", self.requester == event.requester),
            ("account", self.account == event.account),
            ("target", self.target == event.target),
            ("role", self.role == event.role),
            ("covers", self.covers == event.covers),
            ("duration", self.duration == event.duration),
            ("start", self.start == event.start),
            ("uses", self.uses == event.uses),
            ("policy", self.policy == event.policy && self.policy_version == event.policy_version),
            ("extends", self.extends == event.extends),
            ("ticket", self.ticket.is_some() == event.ticket.is_some()),
            ("narrows", self.narrows.is_none()),
        ];
        same.into_iter().filter(|(_, same)| !same).map(|(field, _)| field).collect()
    }

    /// Where it lets through what `wider` does not; empty if it is contained in it.
    pub(super) fn exceeds(&self, wider: &Self, digest: Digest) -> Vec<&'static str> {
        let uses = match (self.uses, wider.uses) {
            (Some(ours), Some(theirs)) => ours > 0 && ours <= theirs,
            (Some(ours), None) => ours > 0,
            (None, wider) => wider.is_none(),
        };
        let unchanged = Self {
            salt: wider.salt.clone(),
            duration: wider.duration,
            latest_end: wider.latest_end,
            uses: wider.uses,
            constraints: wider.constraints.clone(),
            narrows: wider.narrows,
            ..self.clone()
        } == *wider;
        let held = [
            ("narrows", self.narrows == Some(digest)),
            ("duration", self.duration > 0 && self.duration <= wider.duration),
            ("latest_end", self.latest_end <= wider.latest_end),
            ("uses", uses),
            ("constraints", self.constraints_within(wider)),
            ("something else", unchanged),
        ];
        held.into_iter().filter(|(_, held)| !held).map(|(field, _)| field).collect()
    }

    pub(super) const fn asks(&self) -> (u64, Option<u32>) {
        (self.duration, self.uses)
    }

    fn constraints_within(&self, wider: &Self) -> bool {
        let within = |(name, constraint): (&Name, &Constraint)| {
            wider.constraints.get(name).is_some_and(|wider| constraint.is_within(wider))
        };
        let kept = |(name, wider): (&Name, &Constraint)| {
            *wider == Constraint::Any || self.constraints.contains_key(name)
        };
        self.constraints.iter().all(within) && wider.constraints.iter().all(kept)
    }

    /// The parameters of a run that are not what was approved; `implied` says what counts as given when nothing is.
    pub(super) fn disallows(
        &self,
        values: &BTreeMap<Name, Value>,
        implied: impl Fn(&Name, &Value) -> bool,
    ) -> Vec<Name> {
        let mut wrong = Vec::new();
        for (name, constraint) in &self.constraints {
            let allowed = match values.get(name) {
                Some(value) => constraint.admits(value),
                None => *constraint == Constraint::Any,
            };
            if !allowed {
                wrong.push(name.clone());
            }
        }
        for (name, value) in
            values.iter().filter(|(name, value)| !self.constraints.contains_key(*name) && !is_secret(value))
        {
            if !implied(name, value) {
                wrong.push(name.clone());
            }
        }
        wrong
    }
}
