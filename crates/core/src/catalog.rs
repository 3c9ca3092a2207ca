//! Workloads, tasks, roles and role groups as the organization knows them.

use std::collections::BTreeSet;
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
}

/// A set of roles with members.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoleGroup {
    /// What it contains.
    pub roles: BTreeSet<RoleName>,
    /// Who holds them: people, and everybody in groups.
    pub members: OrdSet<Member>,
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
}
