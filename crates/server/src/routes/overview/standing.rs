//! Standing privilege: who can run what without asking anybody. The figure to bring to zero.

use std::collections::{BTreeMap, BTreeSet};

use countersign_core::gate;
use countersign_core::id::PersonId;
use countersign_core::name::{RoleGroupName, TaskName};
use countersign_core::state::State;
use countersign_core::time::Instant;
use schemars::JsonSchema;
use serde::Serialize;

use crate::schema::text;
use crate::see::people::{Names, Person};

/// Holders shown by name, those with most tasks first.
const SHOWN: usize = 50;
/// Tasks named of each.
const SOME: usize = 20;

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
    /// Some of the tasks, at most 20.
    #[schemars(with = "Vec<text::TaskName>")]
    some: Vec<TaskName>,
    /// The role groups by which they hold them.
    #[schemars(with = "Vec<text::RoleGroupName>")]
    role_groups: Vec<RoleGroupName>,
}

/// What was counted, before names are looked up.
pub(super) struct Counted {
    tasks: usize,
    grants: usize,
    exemptions: usize,
    /// How many people hold anything.
    count: usize,
    people: Vec<Held>,
}

/// What one person holds.
struct Held {
    person: PersonId,
    tasks: usize,
    some: Vec<TaskName>,
    role_groups: Vec<RoleGroupName>,
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
    let mut people: Vec<(usize, PersonId)> = in_groups
        .iter()
        .map(|(person, groups)| (opened_by.get(groups).map_or(0, BTreeSet::len), *person))
        .filter(|(tasks, _)| *tasks > 0)
        .collect();
    people.sort_by_key(|(tasks, person)| (std::cmp::Reverse(*tasks), *person));
    let (count, grants) = (people.len(), people.iter().map(|(tasks, _)| tasks).sum());
    let held = people.into_iter().take(SHOWN).map(|(tasks, person)| {
        let groups = in_groups.get(&person);
        let open = groups.and_then(|groups| opened_by.get(groups));
        let opens = |group: &&&RoleGroupName| {
            let within = state.catalog.tasks_of_group(group);
            open.is_some_and(|open| open.iter().any(|task| within.contains(task)))
        };
        Held {
            person,
            tasks,
            some: open.into_iter().flatten().take(SOME).cloned().collect(),
            role_groups: groups.into_iter().flatten().filter(opens).map(|group| (*group).clone()).collect(),
        }
    });
    let people = held.collect();
    let tasks: BTreeSet<&TaskName> = opened_by.values().flatten().collect();
    let exempt = state.organization.system_accounts.values().filter(|account| now < account.until);
    Counted { tasks: tasks.len(), grants, exemptions: exempt.count(), count, people }
}

impl Counted {
    pub(super) fn shown(&self) -> impl Iterator<Item = PersonId> + '_ {
        self.people.iter().map(|held| held.person)
    }
}

impl StandingPrivilege {
    pub(super) fn of(counted: &Counted, names: &Names) -> Self {
        let holders = counted.people.iter().map(|held| Holder {
            person: names.show(held.person),
            tasks: held.tasks,
            some: held.some.clone(),
            role_groups: held.role_groups.clone(),
        });
        Self {
            people: counted.count,
            tasks: counted.tasks,
            grants: counted.grants,
            exemptions: counted.exemptions,
            holders: holders.collect(),
        }
    }
}
