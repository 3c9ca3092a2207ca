//! The roles and role groups that an organization begins with.

use std::collections::{BTreeMap, BTreeSet};

use crate::id::PersonId;
use crate::name::{COUNTERSIGN, NameError, RoleGroupName, RoleName, TaskName};
use crate::refusal::{Code, Refusal};
use crate::state::State;

/// Reads audit events; the first may also export.
const AUDIT: &[&str] = &["Search-AuditLog", "Export-AuditLog"];
const VIEW_AUDIT: &[&str] = &["Search-AuditLog"];
const OUTPUT: &[&str] = &["Get-ExecutionOutput"];
const VIEW: &[&str] = &["Get-OrganizationConfig"];
const STOP: &[&str] =
    &["Stop-Execution", "Stop-AllExecutions", "Revoke-ElevatedAccessAuthorization", "Disable-User"];

const ROLES: &[(&str, &[&str])] = &[
    ("Audit Logs", AUDIT),
    ("View-Only Audit Logs", VIEW_AUDIT),
    ("Execution Output", OUTPUT),
    ("View-Only Configuration", VIEW),
    ("Emergency Stop", STOP),
];

/// Role groups with their roles; `Role Management` holds every task that is in no other role.
const GROUPS: &[(&str, &[&str])] = &[
    (
        "Organization Management",
        &["Role Management", "View-Only Configuration", "Emergency Stop", "View-Only Audit Logs"],
    ),
    ("Compliance Management", &["Audit Logs", "View-Only Audit Logs", "Execution Output"]),
    ("View-Only Organization Management", &["View-Only Configuration", "View-Only Audit Logs"]),
    ("Incident Response", &["Emergency Stop", "View-Only Configuration"]),
];

/// The role group whose members administer Countersign.
///
/// # Errors
/// Never, as long as the name in this file is one.
pub fn organization_management() -> Result<RoleGroupName, Refusal> {
    name("Organization Management")
}

/// The built-in roles with their tasks.
pub(crate) fn all() -> Result<BTreeMap<RoleName, BTreeSet<TaskName>>, Refusal> {
    let mut roles = BTreeMap::new();
    let mut placed = BTreeSet::new();
    for (role, tasks) in ROLES {
        let tasks: BTreeSet<TaskName> = tasks.iter().map(|task| name(task)).collect::<Result<_, _>>()?;
        placed.extend(tasks.iter().cloned());
        roles.insert(name(role)?, tasks);
    }
    let rest: BTreeSet<TaskName> = super::all()
        .map(|builtin| name(builtin.name))
        .collect::<Result<BTreeSet<TaskName>, _>>()?
        .difference(&placed)
        .cloned()
        .collect();
    roles.insert(name("Role Management")?, rest);
    Ok(roles)
}

/// The built-in role groups with their roles.
pub(crate) fn groups() -> Result<BTreeMap<RoleGroupName, BTreeSet<RoleName>>, Refusal> {
    GROUPS
        .iter()
        .map(|(group, roles)| {
            Ok((
                name(group)?,
                roles.iter().map(|role| name(role)).collect::<Result<BTreeSet<RoleName>, _>>()?,
            ))
        })
        .collect()
}

fn name<T: std::str::FromStr<Err = NameError>>(local: &str) -> Result<T, Refusal> {
    format!("{COUNTERSIGN}\\{local}")
        .parse()
        .map_err(|error: NameError| Refusal::new(Code::DefinitionInvalid, error.to_string()))
}

/// Whether a person administers Countersign.
#[must_use]
pub fn is_administrator(state: &State, person: PersonId) -> bool {
    organization_management().is_ok_and(|group| state.catalog.in_role_group(&state.directory, &group, person))
}

/// Whether a person holds the role that contains a task of Countersign's own: the ground for reading what it shows.
#[must_use]
pub fn holds(state: &State, person: PersonId, task: &str) -> bool {
    name::<TaskName>(task).is_ok_and(|task| state.catalog.role_for(&state.directory, &task, person).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_task_is_in_a_role_and_every_role_holds_tasks_that_exist() {
        let roles = all().unwrap();
        for builtin in super::super::all() {
            let task: TaskName = name(builtin.name).unwrap();
            assert!(roles.values().any(|tasks| tasks.contains(&task)), "{task} is in no role");
        }
        for (role, tasks) in &roles {
            for task in tasks {
                assert!(super::super::find(task).is_some(), "{role} holds {task}, which does not exist");
            }
        }
        for (group, held) in groups().unwrap() {
            assert!(held.iter().all(|role| roles.contains_key(role)), "{group}");
        }
    }
}
