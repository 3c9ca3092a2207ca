//! Standing access: who holds the same power natively, as the daily lists count it.

use countersign_core::id::{ExecutionId, PersonId};
use countersign_core::name::{TaskName, WorkloadName};
use countersign_core::standing_access::{self, Listing, Unlisted};
use countersign_core::state::State;
use countersign_core::time::Instant;
use schemars::JsonSchema;
use serde::Serialize;

use crate::schema::text::{self, At};
use crate::see::people::{Names, Person};

/// Who holds the same power natively, without Countersign: lists that a service account makes daily.
#[derive(Serialize, JsonSchema)]
pub(super) struct NativeAccess {
    /// The service account that is named for it; none: nothing is listed by itself.
    account: Option<Person>,
    /// Each workload that has a task which lists it.
    workloads: Vec<NativeWorkload>,
}

/// What is known of one workload.
#[derive(Serialize, JsonSchema)]
struct NativeWorkload {
    #[schemars(with = "text::Name")]
    workload: WorkloadName,
    #[schemars(with = "text::TaskName")]
    task: TaskName,
    /// Why timers do not run it; none: they do.
    #[schemars(with = "Option<NativeNotListed>")]
    not_listed: Option<NativeNotListed>,
    /// The newest list.
    list: Option<NativeList>,
    /// The newest list that had somebody whom the one before it had not.
    drift: Option<NativeDrift>,
    /// There is no list, or none within two days: nothing is known of today.
    stale: bool,
}

/// Why timers do not run a task.
#[derive(Clone, Copy, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum NativeNotListed {
    /// No service account is named.
    NoAccount,
    /// No role of the account contains it.
    NoRole,
    /// It has a required parameter without a default.
    NeedsValues,
}

/// A list by its numbers; whom it names is in the execution's output.
#[derive(Serialize, JsonSchema)]
struct NativeList {
    #[schemars(with = "text::ExecutionId")]
    execution: ExecutionId,
    at: At,
    entries: u32,
}

/// More power than before.
#[derive(Serialize, JsonSchema)]
struct NativeDrift {
    #[schemars(with = "text::ExecutionId")]
    execution: ExecutionId,
    at: At,
    /// Entries that were not in the list before; 0 if that could not be read any more.
    appeared: u32,
}

pub(super) fn account(state: &State) -> Option<PersonId> {
    state.organization.settings.standing_access
}

impl NativeAccess {
    pub(super) fn of(state: &State, now: Instant, names: &Names) -> Self {
        let account = account(state);
        let tasks = state.catalog.tasks.values().map(|task| &task.definition);
        let workloads = tasks.filter(|definition| standing_access::lists(definition)).map(|definition| {
            let workload = definition.name.workload();
            let known = state.standing.get(workload);
            let why = match account {
                None => Some(NativeNotListed::NoAccount),
                Some(account) => match standing_access::listed(state, definition, account) {
                    Ok(()) | Err(Unlisted::NoList) => None,
                    Err(Unlisted::NoRole) => Some(NativeNotListed::NoRole),
                    Err(Unlisted::NeedsValues) => Some(NativeNotListed::NeedsValues),
                },
            };
            let list = known.and_then(|known| known.known);
            let drift = known.and_then(|known| known.drift);
            NativeWorkload {
                workload: workload.clone(),
                task: definition.name.clone(),
                not_listed: why,
                list: list.map(|list| NativeList {
                    execution: list.execution,
                    at: At(list.at),
                    entries: list.holders,
                }),
                drift: drift.map(|drift| NativeDrift {
                    execution: drift.execution,
                    at: At(drift.at),
                    appeared: drift.appeared,
                }),
                stale: known.is_none_or(|known: &Listing| known.is_stale(now)),
            }
        });
        Self { account: account.map(|account| names.show(account)), workloads: workloads.collect() }
    }
}
