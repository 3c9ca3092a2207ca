//! What a command needs to know beyond the live state: fetched before deciding, checked against the ledger's
//! commitments, handed over as typed facts.

use std::collections::{BTreeMap, BTreeSet};

use countersign_ledger::hash::Digest;
use serde_json::{Map, Value as Json};

use crate::erasure::Subject;
use crate::id::{ExecutionId, PersonId, RequestNumber};
use crate::statement::Statement;
use crate::time::Instant;

/// What has to be fetched for a command.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Needs {
    /// Statements by request, with the digest each must have.
    pub statements: BTreeMap<RequestNumber, Digest>,
    /// Sign-in names whose owner is asked for.
    pub upns: BTreeSet<String>,
    /// Whether a request like this was denied before.
    pub same: Option<Digest>,
    /// Values of executions, with the commitment each must have.
    pub values: BTreeMap<ExecutionId, Digest>,
    /// Files that are cited, each with a person who may have uploaded it.
    pub files: BTreeSet<(Digest, PersonId)>,
    /// Of whom or what it is asked since when they are over.
    pub over: Option<Subject>,
    /// An execution of which it is asked whether there ever was one.
    pub execution: Option<ExecutionId>,
}

/// What was found. Anything missing is simply not there, and whatever needs it is refused.
#[derive(Debug, Clone, Default)]
pub struct Facts {
    /// Statements whose bytes matched their digest.
    pub statements: BTreeMap<RequestNumber, Statement>,
    /// Who has a sign-in name.
    pub upns: BTreeMap<String, PersonId>,
    /// The newest denial of a like request.
    pub denied_before: Option<RequestNumber>,
    /// Values of executions that matched their commitment.
    pub values: BTreeMap<ExecutionId, Map<String, Json>>,
    /// The sizes in bytes of the files that these people uploaded and that are still there.
    pub files: BTreeMap<(Digest, PersonId), u64>,
    /// Since when a person is disabled, or a request over.
    pub over: BTreeMap<Subject, Instant>,
    /// Executions that there were.
    pub executions: BTreeSet<ExecutionId>,
}
