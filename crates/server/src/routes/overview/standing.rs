//! Standing privilege: who can run what without asking anybody. The figure to bring to zero.

use std::collections::{BTreeMap, BTreeSet};

use countersign_core::gate;
use countersign_core::id::PersonId;
use countersign_core::name::{RoleGroupName, TaskName};
use countersign_core::state::State;
use countersign_core::time::Instant;
use schemars::JsonSchema;
use serde::Serialize;

use crate::see::people::{Names, Person};

/// Holders shown by name, those with most tasks first.
const SHOWN: usize = 50;

/// Who can run what without asking: tasks that no policy covers, by role.
#[derive(Serialize, JsonSchema)]
pub(super) struct StandingPrivilege {
    /// People who can run anything so.
    people: usize,
    /// Tasks that somebody can run so.
    tasks: usize,
    /// Pairs of a person and a task.
    grants: usize,
    /// Exempt service accounts, which need no approval for what their roles hold.
    exemptions: usize,
    /// Those with most tasks, at most 50.
    holders: Vec<Holder>,
}

/// A person with standing privilege.
#[derive(Serialize, JsonSchema)]
struct Holder {
    person: Person,
    tasks: usize,
}

/// What was counted, before names are looked up.
pub(super) struct Counted {
    tasks: usize,
    grants: usize,
    exemptions: usize,
    people: Vec<(usize, PersonId)>,
}

/// Counts. Work in proportion to role groups, their members and tasks, not to people times tasks: people in the same
/// role groups are judged once.
pub(super) fn count(state: &State, now: Instant) -> Counted {
    let mut in_groups: BTreeMap<PersonId, BTreeSet<&RoleGroupName>> = BTreeMap::new();
    for name in state.catalog.role_groups.keys() {
        for (person, known) in state.directory.people() {
            if known.enabled && state.catalog.in_role_group(&state.directory, name, person) {
                in_groups.entry(person).or_default().insert(name);
            }
        }
    }
    let mut open: BTreeMap<TaskName, bool> = BTreeMap::new();
    let mut opened_by: BTreeMap<BTreeSet<&RoleGroupName>, BTreeSet<TaskName>> = BTreeMap::new();
    for groups in in_groups.values() {
        if opened_by.contains_key(groups) {
            continue;
        }
        let tasks = groups.iter().flat_map(|group| state.catalog.tasks_of_group(group));
        let tasks = tasks.filter(|task| {
            *open.entry(task.clone()).or_insert_with(|| !gate::is_protected(state, task, now))
        });
        opened_by.insert(groups.clone(), tasks.collect());
    }
    let size = |groups| opened_by.get(groups).map_or(0, BTreeSet::len);
    let mut people: Vec<(usize, PersonId)> = in_groups
        .iter()
        .map(|(person, groups)| (size(groups), *person))
        .filter(|(tasks, _)| *tasks > 0)
        .collect();
    people.sort_by_key(|(tasks, person)| (std::cmp::Reverse(*tasks), *person));
    let tasks: BTreeSet<&TaskName> = opened_by.values().flatten().collect();
    let exempt = state.organization.system_accounts.values().filter(|account| now < account.until);
    Counted {
        tasks: tasks.len(),
        grants: people.iter().map(|(tasks, _)| tasks).sum(),
        exemptions: exempt.count(),
        people,
    }
}

impl Counted {
    pub(super) fn shown(&self) -> impl Iterator<Item = PersonId> + '_ {
        self.people.iter().take(SHOWN).map(|(_, person)| *person)
    }
}

impl StandingPrivilege {
    pub(super) fn of(counted: &Counted, names: &Names) -> Self {
        let holders = counted.people.iter().take(SHOWN);
        Self {
            people: counted.people.len(),
            tasks: counted.tasks,
            grants: counted.grants,
            exemptions: counted.exemptions,
            holders: holders.map(|(tasks, id)| Holder { person: names.show(*id), tasks: *tasks }).collect(),
        }
    }
}
