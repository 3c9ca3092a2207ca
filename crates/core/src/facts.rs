//! What a command needs to know beyond the live state: fetched before deciding, checked against the ledger's
//! commitments, handed over as typed facts.

use std::collections::{BTreeMap, BTreeSet};

use countersign_ledger::hash::Digest;

use crate::erasure::Subject;
use crate::id::{ExecutionId, PersonId, RequestNumber};
use crate::statement::Statement;
use crate::time::Instant;

/// What has to be fetched for a command.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Needs {
    /// Statements by request, with the digest each must have.
    pub statements: BTreeMap<RequestNumber, Digest>,
    /// Values of executions that are to be taken back, by their commitments.
    pub values: BTreeMap<ExecutionId, Digest>,
    /// Sign-in names whose owner is asked for.
    pub upns: BTreeSet<String>,
    /// Whether a request like this was denied before.
    pub same: Option<Digest>,
    /// Of whom or what it is asked since when they are over.
    pub over: Option<Subject>,
}

/// What was found. Anything missing is simply not there, and whatever needs it is refused.
#[derive(Debug, Clone, Default)]
pub struct Facts {
    /// Statements whose bytes matched their digest.
    pub statements: BTreeMap<RequestNumber, Statement>,
    /// Values that matched their commitments.
    pub values: BTreeMap<ExecutionId, serde_json::Map<String, serde_json::Value>>,
    /// Who has a sign-in name.
    pub upns: BTreeMap<String, PersonId>,
    /// The newest denial of a like request.
    pub denied_before: Option<RequestNumber>,
    /// Since when a person is disabled, or a request over.
    pub over: BTreeMap<Subject, Instant>,
}
