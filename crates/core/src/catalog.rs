//! Workloads, tasks, roles and role groups as the organization knows them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use countersign_ledger::hash::Digest;
use imbl::{OrdMap, OrdSet};
use serde::{Deserialize, Serialize};

use crate::directory::{Directory, Member};
use crate::id::PersonId;
use crate::name::{RoleGroupName, RoleName, TaskName, WorkloadName};
use crate::task::TaskDefinition;

/// One version of a task.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Task {
    /// Counts from 1.
    pub version: u64,
    /// Of what changes execution, and of nothing else (G7).
    pub digest: Digest,
    /// The event since which it has had this digest without a break.
    pub since: u64,
    /// The definition.
    pub definition: Arc<TaskDefinition>,
}

/// One version of a role: a set of tasks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Role {
    /// Counts from 1.
    pub version: u64,
    /// What it contains.
    pub tasks: BTreeSet<TaskName>,
    /// The event since which it has contained each task without a break (G7).
    pub since: BTreeMap<TaskName, u64>,
}

/// A set of roles with members.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoleGroup {
    /// What it contains.
    pub roles: BTreeSet<RoleName>,
    /// Who holds them: people, and everybody in groups.
    pub members: OrdSet<Member>,
    /// The event since which some role of it has contained each task without a break (G7).
    pub since: BTreeMap<TaskName, u64>,
}

/// Everything that can be asked for.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Catalog {
    /// Workloads and the runspace that executes each.
    pub workloads: OrdMap<WorkloadName, String>,
    /// Tasks at their newest version.
    pub tasks: OrdMap<TaskName, Task>,
    /// Roles at their newest version.
    pub roles: OrdMap<RoleName, Role>,
    /// Role groups.
    pub role_groups: OrdMap<RoleGroupName, RoleGroup>,
}

impl Catalog {
    /// The roles that contain a task.
    pub fn roles_with<'a>(&'a self, task: &'a TaskName) -> impl Iterator<Item = &'a RoleName> {
        self.roles.iter().filter(move |(_, role)| role.tasks.contains(task)).map(|(name, _)| name)
    }

    /// The role groups that contain a role.
    pub fn role_groups_with<'a>(&'a self, role: &'a RoleName) -> impl Iterator<Item = &'a RoleGroupName> {
        self.role_groups.iter().filter(move |(_, group)| group.roles.contains(role)).map(|(name, _)| name)
    }

    /// The tasks of all roles of a role group.
    #[must_use]
    pub fn tasks_of_group(&self, group: &RoleGroupName) -> BTreeSet<TaskName> {
        let roles = self.role_groups.get(group).map(|group| &group.roles);
        roles
            .into_iter()
            .flatten()
            .filter_map(|role| self.roles.get(role))
            .flat_map(|role| role.tasks.iter().cloned())
            .collect()
    }

    /// Whether a person is a member of a role group, directly or through a group.
    #[must_use]
    pub fn in_role_group(&self, directory: &Directory, group: &RoleGroupName, person: PersonId) -> bool {
        self.role_groups.get(group).is_some_and(|group| {
            group.members.contains(&Member::Person(person))
                || group.members.iter().any(|member| match member {
                    Member::Group(id) => directory.is_member(*id, person),
                    Member::Person(_) => false,
                })
        })
    }

    /// Whether a person holds a role through some role group.
    #[must_use]
    pub fn holds_role(&self, directory: &Directory, role: &RoleName, person: PersonId) -> bool {
        self.role_groups_with(role).any(|group| self.in_role_group(directory, group, person))
    }

    /// The first role, in order of names, by which a person holds a task (G2).
    #[must_use]
    pub fn role_for(&self, directory: &Directory, task: &TaskName, person: PersonId) -> Option<RoleName> {
        self.roles_with(task).find(|role| self.holds_role(directory, role, person)).cloned()
    }

    // Changes: called by `apply` only, which never refuses.

    pub(crate) fn define_task(&mut self, version: u64, digest: Digest, definition: TaskDefinition, seq: u64) {
        let name = definition.name.clone();
        let same = self.tasks.get(&name).filter(|task| task.digest == digest);
        let since = same.map_or(seq, |task| task.since);
        self.tasks.insert(name, Task { version, digest, since, definition: Arc::new(definition) });
    }

    pub(crate) fn define_role(&mut self, name: RoleName, version: u64, tasks: BTreeSet<TaskName>, seq: u64) {
        let since = dated(&tasks, self.roles.get(&name).map(|role| &role.since), seq);
        self.roles.insert(name.clone(), Role { version, tasks, since });
        self.date_groups(&name, seq);
    }

    pub(crate) fn remove_role(&mut self, name: &RoleName, seq: u64) {
        self.roles.remove(name);
        self.date_groups(name, seq);
    }

    pub(crate) fn define_role_group(&mut self, name: RoleGroupName, roles: BTreeSet<RoleName>, seq: u64) {
        let old = self.role_groups.get(&name).cloned().unwrap_or_default();
        self.role_groups.insert(name.clone(), RoleGroup { roles, ..old });
        self.date_group(&name, seq);
    }

    fn date_groups(&mut self, role: &RoleName, seq: u64) {
        let groups: Vec<RoleGroupName> = self.role_groups_with(role).cloned().collect();
        for group in groups {
            self.date_group(&group, seq);
        }
    }

    /// What a role group contains now keeps its date if it did before, by whichever roles.
    fn date_group(&mut self, name: &RoleGroupName, seq: u64) {
        let tasks = self.tasks_of_group(name);
        if let Some(group) = self.role_groups.get_mut(name) {
            group.since = dated(&tasks, Some(&group.since), seq);
        }
    }
}

fn dated(
    tasks: &BTreeSet<TaskName>,
    before: Option<&BTreeMap<TaskName, u64>>,
    seq: u64,
) -> BTreeMap<TaskName, u64> {
    let since = |task: &TaskName| before.and_then(|before| before.get(task)).copied().unwrap_or(seq);
    tasks.iter().map(|task| (task.clone(), since(task))).collect()
}
