//! What has to be taken back: an execution whose effect ends with its authorization, whatever happens in between.
//!
//! It is owed from the moment the execution may begin until the target said that nothing of it is left. Tries go on for as
//! long as that takes; between two lies a time that grows.

use std::sync::Arc;

use countersign_ledger::hash::Digest;
use countersign_ledger::sealed::Sealed;
use serde::{Deserialize, Serialize};

use crate::execution::{Basis, Outcome};
use crate::id::{ExecutionId, PersonId, RequestNumber};
use crate::name::TaskName;
use crate::state::State;
use crate::task::TaskDefinition;
use crate::time::{Instant, Span};

/// After so many tries without success administrators are told, and again after each so many.
pub const ALARM_AFTER: u32 = 4;
/// The longest between two tries.
const LONGEST_WAIT: Span = Span::from_mins(5);
/// The longest that one try may take.
pub const LONGEST_TRY: Span = Span::from_mins(5);
/// How the outcome of a run begins that certainly never began.
const NOT_STARTED: &str = "not_started_";

/// An execution that is to be taken back.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Obligation {
    /// The authorization that it lasts as long as.
    pub number: RequestNumber,
    /// Whom it was for.
    pub person: PersonId,
    /// What was run.
    pub task: TaskName,
    /// The task's version of then.
    pub version: u64,
    /// The task's digest of then.
    pub digest: Digest,
    /// The definition of then: what becomes of the task meanwhile changes nothing.
    pub definition: Arc<TaskDefinition>,
    /// The values of then.
    pub values: Sealed<serde_json::Map<String, serde_json::Value>>,
    /// Since when.
    pub since: Instant,
    /// Whether the run itself went wrong: what it left is taken back at once.
    pub failed: bool,
    /// The try that is being made.
    pub trying: Option<ExecutionId>,
    /// How many tries did not succeed.
    pub tries: u32,
    /// When the last of them ended.
    pub tried: Option<Instant>,
}

/// How an obligation ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Settled {
    /// The target said that nothing of it is left.
    TakenBack,
    /// The run certainly never began.
    NothingDone,
    /// Somebody says so who was approved to: the target is gone, say.
    ByHand,
}

/// When the next try is due, if it is: not while the authorization lives, the run goes on, or a try is being made.
#[must_use]
pub fn due(state: &State, of: ExecutionId, owed: &Obligation) -> Option<Instant> {
    let runs = state.executions.get(&of).is_some_and(|execution| !execution.unknown);
    let lives = state.authorizations.contains_key(&owed.number) && !owed.failed;
    if runs || lives || owed.trying.is_some() {
        return None;
    }
    let wait = Span::from_secs(1 << owed.tries.min(9)).min(LONGEST_WAIT);
    Some(owed.tried.map_or(owed.since, |tried| tried.plus(wait)))
}

/// Whether an outcome says that nothing was done.
#[must_use]
pub fn never_began(outcome: &Outcome) -> bool {
    matches!(outcome, Outcome::Failed { reason, .. } if reason.starts_with(NOT_STARTED))
}

/// Takes note of an execution's end.
pub(crate) fn ended(state: &mut State, execution: ExecutionId, outcome: &Outcome, at: Instant) {
    if let Some(owed) = state.obligations.get_mut(&execution) {
        owed.failed |= matches!(outcome, Outcome::Failed { .. } | Outcome::Stopped { .. });
    }
    let of = state.executions.get(&execution).and_then(|execution| match execution.basis {
        Basis::TakeBack { of } => Some(of),
        _ => None,
    });
    if let Some(owed) = of.and_then(|of| state.obligations.get_mut(&of))
        && owed.trying == Some(execution)
    {
        owed.trying = None;
        owed.tries = owed.tries.saturating_add(1);
        owed.tried = Some(at);
    }
}
