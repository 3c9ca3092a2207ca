//! What a pack defines, and what a catalog holds of the same.

use std::collections::{BTreeMap, BTreeSet};

use countersign_core::catalog::Catalog;
use countersign_core::name::{RoleGroupName, RoleName, TaskName, WorkloadName};
use countersign_core::task::TaskDefinition;

/// Tasks, roles and role groups of one workload.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Definitions {
    /// The tasks.
    pub tasks: BTreeMap<TaskName, TaskDefinition>,
    /// The roles and their tasks.
    pub roles: BTreeMap<RoleName, BTreeSet<TaskName>>,
    /// The role groups and their roles.
    pub role_groups: BTreeMap<RoleGroupName, BTreeSet<RoleName>>,
}

impl Definitions {
    /// What a catalog holds of a workload.
    #[must_use]
    pub fn of(catalog: &Catalog, workload: &WorkloadName) -> Self {
        let tasks = catalog.tasks.iter().filter(|(name, _)| name.workload() == workload);
        let roles = catalog.roles.iter().filter(|(name, _)| name.workload() == workload);
        let groups = catalog.role_groups.iter().filter(|(name, _)| name.workload() == workload);
        Self {
            tasks: tasks.map(|(name, task)| (name.clone(), task.definition.as_ref().clone())).collect(),
            roles: roles.map(|(name, role)| (name.clone(), role.tasks.clone())).collect(),
            role_groups: groups.map(|(name, group)| (name.clone(), group.roles.clone())).collect(),
        }
    }
}
