//! Standing access: who can do natively, on a target, what the workload's tasks do there. A service account that the
//! organization names lists it daily, by each workload's own task; `docs/adr/0016-standing-access-daily.md` has the reasons.

use serde::{Deserialize, Serialize};

use crate::id::{ExecutionId, PersonId};
use crate::name::{TaskName, WorkloadName};
use crate::state::State;
use crate::task::TaskDefinition;
use crate::time::{Instant, Span};

/// The name, within its workload, of the task that lists.
pub const TASK: &str = "Get-StandingAccess";

/// From one list to the next.
const EVERY: Span = Span::from_hours(24);
/// From a try that gave no list to the next.
const AGAIN: Span = Span::from_hours(1);
/// A list older than this says nothing of today.
const STALE: Span = Span::from_hours(48);

/// What is known of a workload's standing access.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listing {
    /// The newest execution that was to list it.
    pub tried: ExecutionId,
    /// When that began.
    pub tried_at: Instant,
    /// The newest list.
    pub known: Option<Known>,
    /// The newest list that had somebody whom the one before it had not.
    pub drift: Option<Drift>,
}

/// A list, by its numbers: whom it names is in the execution's output.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Known {
    /// The execution that printed it.
    pub execution: ExecutionId,
    /// When that was compared with the one before it.
    pub at: Instant,
    /// How many entries it has.
    pub holders: u32,
}

/// More power than at the list before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Drift {
    /// The execution that printed the list.
    pub execution: ExecutionId,
    /// When it was found.
    pub at: Instant,
    /// How many entries were not in the list before.
    pub appeared: u32,
}

impl Listing {
    /// Whether the list is too old to say anything of now, or there is none.
    #[must_use]
    pub fn is_stale(&self, now: Instant) -> bool {
        self.known.is_none_or(|known| now.since(known.at) >= STALE)
    }

    fn is_due(&self, now: Instant) -> bool {
        let listed = self.known.is_some_and(|known| known.execution == self.tried);
        now.since(self.tried_at) >= if listed { EVERY } else { AGAIN }
    }
}

/// Whether a task is one that timers may run: it lists, changes nothing, and needs no values.
#[must_use]
pub fn lists(definition: &TaskDefinition) -> bool {
    definition.name.local().to_string().eq_ignore_ascii_case(TASK)
        && definition.read_only
        && !definition.arbitrary_code
        && definition.take_back.is_none()
}

/// Whether timers may run this task for this account.
pub(crate) fn may_run(state: &State, definition: &TaskDefinition, person: PersonId) -> bool {
    state.organization.settings.standing_access == Some(person) && lists(definition)
}

/// The tasks that are to be run now, and for whom.
#[must_use]
pub fn due(state: &State, now: Instant) -> Vec<(TaskName, PersonId)> {
    let Some(account) = state.organization.settings.standing_access else { return Vec::new() };
    if state.organization.in_set_up() {
        return Vec::new();
    }
    let due = |workload: &WorkloadName| state.standing.get(workload).is_none_or(|known| known.is_due(now));
    let tasks = state.catalog.tasks.values().map(|task| &task.definition);
    tasks
        .filter(|definition| listed(state, definition, account).is_ok() && due(definition.name.workload()))
        .map(|definition| (definition.name.clone(), account))
        .collect()
}

/// Why a task that lists is not run by timers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Unlisted {
    /// It is no such task: another name, or it may change something.
    NoList,
    /// No role of the account contains it.
    NoRole,
    /// It needs values that nobody gives: a required parameter without a default.
    NeedsValues,
}

/// Whether timers run this task for this account.
///
/// # Errors
/// Why not.
pub fn listed(state: &State, definition: &TaskDefinition, account: PersonId) -> Result<(), Unlisted> {
    if !lists(definition) {
        return Err(Unlisted::NoList);
    }
    if definition.parameters.iter().any(|parameter| parameter.required && parameter.default.is_none()) {
        return Err(Unlisted::NeedsValues);
    }
    match state.catalog.role_for(&state.directory, &definition.name, account) {
        Some(_) => Ok(()),
        None => Err(Unlisted::NoRole),
    }
}
