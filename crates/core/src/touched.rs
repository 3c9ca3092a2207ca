//! What a change can end (G14): the live objects that hang on what it changes. Whether they still stand is judged
//! elsewhere, by one rule; this says only of which the answer may be another than before.

use std::collections::BTreeSet;

use crate::directory::Member;
use crate::event::Body;
use crate::id::{GroupId, PersonId, RequestNumber};
use crate::live::{Live, Rests};
use crate::name::{RoleGroupName, RoleName};
use crate::policy::{Human, Target};
use crate::state::State;

/// The live objects that a change touches.
#[derive(Debug)]
pub(crate) enum Touched {
    /// Every one.
    All,
    /// Those that hang on one of these.
    By {
        /// Who asked, or whose account it is for.
        people: BTreeSet<PersonId>,
        /// Whose members decide.
        groups: BTreeSet<GroupId>,
        /// What for.
        targets: BTreeSet<Target>,
    },
}

impl Touched {
    /// By what an event changes between these two states.
    pub(crate) fn of(before: &State, after: &State, body: &Body) -> Self {
        let (mut people, mut groups, mut targets) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
        match body {
            Body::PersonDisabled { person, .. } | Body::PersonEnabled { person } => {
                people.insert(*person);
                groups = of_people(before, &people);
            }
            Body::PeopleLinked { person, other, .. } => {
                people = accounts(&[before, after], &[*person, *other]);
                groups = of_people(after, &people);
            }
            Body::PersonUnlinked { person, .. } => {
                people = accounts(&[before, after], &[*person]);
                groups = of_people(after, &people);
            }
            Body::GroupMembersChanged { group, .. } | Body::GroupRemoved { group, .. } => {
                groups = before.directory.holding(*group);
                groups.extend(after.directory.holding(*group));
                people = moved(before, after, &groups);
            }
            Body::TaskDefined { definition, .. } => {
                targets.insert(Target::Task(definition.name.clone()));
            }
            Body::TaskRemoved { task, .. } => {
                targets.insert(Target::Task(task.clone()));
            }
            Body::RoleDefined { role, .. } | Body::RoleRemoved { role, .. } => {
                for state in [before, after] {
                    in_role(state, role, &mut targets);
                }
            }
            Body::RoleGroupDefined { role_group, .. } | Body::RoleGroupRemoved { role_group, .. } => {
                for state in [before, after] {
                    in_role_group(state, role_group, &mut targets);
                }
            }
            Body::RoleGroupMembersChanged { added, removed, .. } => {
                for member in added.iter().chain(removed) {
                    match member {
                        Member::Person(person) => drop(people.insert(*person)),
                        Member::Group(group) => {
                            people.extend(after.directory.members(*group).map(|(person, _)| person));
                        }
                    }
                }
            }
            Body::PolicyCreated { policy, .. }
            | Body::PolicyChanged { policy, .. }
            | Body::PolicyRemoved { policy, .. } => {
                for state in [before, after] {
                    match state.policies.get(policy).map(|policy| &policy.terms.target) {
                        Some(Target::Role(role)) => in_role(state, role, &mut targets),
                        Some(Target::RoleGroup(group)) => in_role_group(state, group, &mut targets),
                        Some(target) => drop(targets.insert(target.clone())),
                        None => {}
                    }
                }
            }
            Body::SystemAccountAdded { .. } | Body::SystemAccountRemoved { .. } => {}
            _ => return Self::All,
        }
        Self::By { people, groups, targets }
    }

    /// These, each once, in the order of their numbers.
    pub(crate) fn among<'a, T: Rests>(&self, live: &'a Live<T>) -> Vec<(RequestNumber, &'a T)> {
        match self {
            Self::All => live.iter().map(|(number, item)| (*number, item)).collect(),
            Self::By { people, groups, targets } => {
                let people = people.iter().flat_map(|person| live.of(*person));
                let groups = groups.iter().flat_map(|group| live.decided_by(*group));
                let targets = targets.iter().flat_map(|target| live.for_target(target));
                let numbers: BTreeSet<RequestNumber> =
                    people.chain(groups).chain(targets).map(|(number, _)| number).collect();
                let numbers = numbers.into_iter();
                numbers.filter_map(|number| live.get(&number).map(|item| (number, item))).collect()
            }
        }
    }
}

/// All accounts of these humans.
fn accounts(states: &[&State], named: &[PersonId]) -> BTreeSet<PersonId> {
    let mut all = BTreeSet::new();
    for state in states {
        let humans: BTreeSet<Human> = named.iter().map(|person| state.directory.human(*person)).collect();
        let people = state.directory.people().map(|(id, _)| id);
        all.extend(people.filter(|id| humans.contains(&state.directory.human(*id))));
    }
    all
}

/// The groups that any of these people belong to.
fn of_people(state: &State, people: &BTreeSet<PersonId>) -> BTreeSet<GroupId> {
    let directory = &state.directory;
    let groups = directory.groups().map(|(id, _)| id);
    groups.filter(|group| people.iter().any(|person| directory.is_member(*group, *person))).collect()
}

/// Who came to one of these groups, left it, or began anew in it.
fn moved(before: &State, after: &State, groups: &BTreeSet<GroupId>) -> BTreeSet<PersonId> {
    let mut moved = BTreeSet::new();
    for group in groups {
        let [old, new] =
            [before, after].map(|state| state.directory.members(*group).collect::<BTreeSet<_>>());
        moved.extend(old.symmetric_difference(&new).map(|(person, _)| *person));
    }
    moved
}

fn in_role(state: &State, role: &RoleName, targets: &mut BTreeSet<Target>) {
    targets.insert(Target::Role(role.clone()));
    let tasks = state.catalog.roles.get(role).into_iter().flat_map(|role| &role.tasks);
    targets.extend(tasks.cloned().map(Target::Task));
}

fn in_role_group(state: &State, group: &RoleGroupName, targets: &mut BTreeSet<Target>) {
    targets.insert(Target::RoleGroup(group.clone()));
    for role in state.catalog.role_groups.get(group).into_iter().flat_map(|group| &group.roles) {
        in_role(state, role, targets);
    }
}
