//! Countersign's own tasks: which are the control plane, and what each may bring about. A list of its own, to be
//! compared with the program's by a test outside.

use serde_json::Value;

use crate::form::Name;

/// One of Countersign's own tasks, as this verifier knows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OwnTask {
    /// Its name behind `Countersign\`.
    pub name: &'static str,
    /// Whether it changes who may do what (G17).
    pub control_plane: bool,
    /// Whether it only removes power, and so goes on while the clock is suspect (G16).
    pub only_removes_power: bool,
    /// Whether it changes nothing: then a token needs the scope to read for it, not the one to execute.
    pub only_reads: bool,
    /// The kinds of events it may bring about, beside those that end or stop something.
    pub effects: &'static [&'static str],
    /// The values that count as given when a parameter is not; a switch that is not given is off.
    pub defaults: &'static [(&'static str, &'static str)],
}

impl OwnTask {
    /// Whether it makes a single-use link whose delivery is a parameter.
    pub(super) fn makes_link(&self) -> bool {
        self.defaults.iter().any(|(name, _)| *name == DELIVERY)
    }

    /// Whether a value counts as given when none is.
    pub(super) fn implies(&self, name: &Name, value: &Value) -> bool {
        let default = self.defaults.iter().find(|(known, _)| name.as_str().eq_ignore_ascii_case(known));
        *value == Value::Bool(false) || default.is_some_and(|(_, default)| value == default)
    }
}

const fn control(name: &'static str, effects: &'static [&'static str]) -> OwnTask {
    OwnTask {
        name,
        control_plane: true,
        only_removes_power: false,
        only_reads: false,
        effects,
        defaults: &[],
    }
}

/// A task that makes a single-use link, which is mailed unless something else is said.
const fn linking(name: &'static str, effects: &'static [&'static str]) -> OwnTask {
    OwnTask { defaults: &[(DELIVERY, MAILED)], ..control(name, effects) }
}

const fn removing(name: &'static str, effects: &'static [&'static str]) -> OwnTask {
    OwnTask {
        name,
        control_plane: false,
        only_removes_power: true,
        only_reads: false,
        effects,
        defaults: &[],
    }
}

const fn reading(name: &'static str, effects: &'static [&'static str]) -> OwnTask {
    OwnTask { only_reads: true, only_removes_power: false, ..removing(name, effects) }
}

/// How a link is delivered.
pub(super) const DELIVERY: &str = "LinkDelivery";
/// To its person alone.
pub(super) const MAILED: &str = "Mail";

static OWN: &[OwnTask] = &[
    control("Enable-ElevatedAccessControl", &["AccessEnabled", "SystemAccountAdded"]),
    control("Disable-ElevatedAccessControl", &["AccessDisabled"]),
    control("Set-OrganizationConfig", &["OrganizationChanged"]),
    reading("Get-OrganizationConfig", &[]),
    control("Add-SystemAccount", &["SystemAccountAdded"]),
    removing("Remove-SystemAccount", &["SystemAccountRemoved"]),
    linking("New-User", &["PersonCreated", "InvitationIssued", "InvitationUsed"]),
    control("New-ServiceAccount", &["PersonCreated"]),
    control("Set-User", &["PersonChanged"]),
    removing("Disable-User", &["PersonDisabled"]),
    control("Enable-User", &["PersonEnabled"]),
    linking("Reset-UserCredential", &["InvitationIssued", "InvitationUsed"]),
    control("Add-UserLink", &["PeopleLinked"]),
    control("Remove-UserLink", &["PersonUnlinked"]),
    control("New-Group", &["GroupCreated"]),
    control("Remove-Group", &["GroupRemoved"]),
    control("Add-GroupMember", &["GroupMembersChanged"]),
    control("Remove-GroupMember", &["GroupMembersChanged"]),
    control("New-ManagementRole", &["RoleDefined"]),
    control("Remove-ManagementRole", &["RoleRemoved"]),
    control("New-RoleGroup", &["RoleGroupDefined"]),
    control("Remove-RoleGroup", &["RoleGroupRemoved"]),
    control("Add-RoleGroupMember", &["RoleGroupMembersChanged"]),
    control("Remove-RoleGroupMember", &["RoleGroupMembersChanged"]),
    control("Import-TaskPack", &["WorkloadRegistered", "TaskDefined"]),
    control("Remove-Task", &["TaskRemoved"]),
    control("New-ElevatedAccessApprovalPolicy", &["PolicyCreated"]),
    control("Set-ElevatedAccessApprovalPolicy", &["PolicyChanged"]),
    control("Remove-ElevatedAccessApprovalPolicy", &["PolicyRemoved"]),
    removing("Stop-Execution", &["StopRequested"]),
    control("Complete-TakeBack", &["ObligationSettled"]),
    removing("Stop-AllExecutions", &["AllStopped", "StopRequested"]),
    removing("Revoke-ElevatedAccessAuthorization", &["AuthorizationEnded"]),
    control("Clear-PersonalData", &["Erased"]),
    control("Clear-RequestData", &["Erased"]),
    reading("Get-ExecutionOutput", &["AuditWasRead"]),
    reading("Search-AuditLog", &["AuditWasRead"]),
    reading("Export-AuditLog", &["AuditWasRead"]),
];

/// Countersign's own tasks, as this verifier knows them.
pub fn own_tasks() -> impl Iterator<Item = &'static OwnTask> {
    OWN.iter()
}

pub(super) fn find(local: &str) -> Option<&'static OwnTask> {
    OWN.iter().find(|task| task.name.eq_ignore_ascii_case(local))
}
