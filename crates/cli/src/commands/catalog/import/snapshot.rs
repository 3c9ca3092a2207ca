//! What a tenant had when it was asked.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use crate::act::{self, How};
use crate::app::App;
use crate::fault::{Fault, Outcome};
use crate::values::{Given, Words};

/// Parameters that every cmdlet has, or that are the shell's.
const COMMON: [&str; 17] = [
    "Confirm",
    "Debug",
    "DomainController",
    "ErrorAction",
    "ErrorVariable",
    "InformationAction",
    "InformationVariable",
    "OutBuffer",
    "OutVariable",
    "PipelineVariable",
    "ProgressAction",
    "UseTransaction",
    "Verbose",
    "WarningAction",
    "WarningVariable",
    "WhatIf",
    "Force",
];

/// Roles with their cmdlets and parameters, role groups with their roles, and who has which role.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Snapshot {
    pub(super) roles: BTreeMap<String, BTreeMap<String, BTreeSet<String>>>,
    pub(super) role_groups: BTreeMap<String, BTreeSet<String>>,
    /// Assignments that are on, by name: role and assignee.
    pub(super) assignments: BTreeMap<String, (String, String)>,
}

impl Snapshot {
    pub(super) fn of_text(text: &str) -> Result<Self, String> {
        serde_json::from_str(text).map_err(|error| error.to_string())
    }

    pub(super) fn to_text(&self) -> String {
        serde_json::to_string_pretty(self).map(|text| text + "\n").unwrap_or_default()
    }

    /// Every cmdlet with the parameters that any role allows.
    pub(super) fn cmdlets(&self) -> BTreeMap<String, BTreeSet<String>> {
        let mut all: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for (cmdlet, parameters) in self.roles.values().flatten() {
            all.entry(cmdlet.clone()).or_default().extend(parameters.iter().cloned());
        }
        all
    }

    pub(super) fn roles_of(&self, cmdlet: &str) -> Vec<String> {
        let with = self.roles.iter().filter(|(_, entries)| entries.contains_key(cmdlet));
        with.map(|(role, _)| role.clone()).collect()
    }

    /// Takes one line of a task's output.
    fn role(&mut self, row: &Json) -> Option<()> {
        self.roles.entry(word(row, "Name")?).or_default();
        Some(())
    }

    fn entry(&mut self, row: &Json) -> Option<()> {
        let role = self.roles.entry(word(row, "Role")?).or_default();
        let name = word(row, "Name")?;
        // A role entry can name a script of the organization; that is no cmdlet.
        if !is_cmdlet(&name) {
            return Some(());
        }
        let own = list(row, "Parameters").filter(|name| !COMMON.contains(&name.as_str()) && is_word(name));
        role.entry(name).or_default().extend(own);
        Some(())
    }

    fn group(&mut self, row: &Json) -> Option<()> {
        self.role_groups.insert(word(row, "Name")?, list(row, "Roles").collect());
        Some(())
    }

    fn assignment(&mut self, row: &Json) -> Option<()> {
        if row.get("Enabled") != Some(&Json::Bool(false)) {
            let pair = (word(row, "Role")?, word(row, "RoleAssigneeName").unwrap_or_default());
            self.assignments.insert(word(row, "Name")?, pair);
        }
        Some(())
    }
}

/// A name as it stands in a file: one line, no more than names have.
fn word(row: &Json, name: &str) -> Option<String> {
    let text = row.get(name)?.as_str()?;
    (!text.is_empty() && text.chars().count() <= 256 && !text.chars().any(char::is_control))
        .then(|| text.to_owned())
}

fn list(row: &Json, name: &str) -> impl Iterator<Item = String> {
    let items = row.get(name).and_then(Json::as_array).cloned().unwrap_or_default();
    items.into_iter().filter_map(|item| item.as_str().map(str::to_owned))
}

fn is_word(text: &str) -> bool {
    (1..=64).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// It becomes a file's name.
fn is_cmdlet(text: &str) -> bool {
    text.split_once('-').is_some_and(|(verb, noun)| is_word(verb) && is_word(noun))
}

type Take = fn(&mut Snapshot, &Json) -> Option<()>;

/// Asks the tenant by four tasks, each of which is an execution like any other.
pub(super) fn take(app: &App, workload: &str, how: &How) -> Outcome<Snapshot> {
    let all = Given { name: "Identity".to_owned(), words: Words::One("*\\*".to_owned()) };
    let asked: [(&str, &[Given], Take); 4] = [
        ("Get-ManagementRole", &[], Snapshot::role),
        ("Get-ManagementRoleEntry", std::slice::from_ref(&all), Snapshot::entry),
        ("Get-RoleGroup", &[], Snapshot::group),
        ("Get-ManagementRoleAssignment", &[], Snapshot::assignment),
    ];
    let mut snapshot = Snapshot::default();
    for (task, given, take) in asked {
        let task = format!("{workload}\\{task}");
        let output = act::collect(app, &task, given, how)?;
        let text = String::from_utf8_lossy(&output);
        for (number, line) in text.lines().enumerate() {
            let row: Option<Json> = serde_json::from_str(line).ok();
            if row.as_ref().and_then(|row| take(&mut snapshot, row)).is_none() {
                return Err(Fault::failed(format!(
                    "`{task}` printed something else than objects in line {}.",
                    number + 1
                )));
            }
        }
    }
    Ok(snapshot)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_no_cmdlet_becomes_no_file() {
        let mut snapshot = Snapshot::default();
        for name in ["../../etc/passwd", "Get-X/../y", "script.ps1", "Get-", ".hidden-x"] {
            snapshot.entry(&json!({"Role": "R", "Name": name, "Parameters": []})).expect("taken");
        }
        assert!(snapshot.cmdlets().is_empty());
        let row = json!({"Role": "R", "Name": "Set-X", "Parameters": ["B", "A", "Verbose", "a b", "A"]});
        snapshot.entry(&row).expect("taken");
        assert_eq!(snapshot.cmdlets()["Set-X"], ["A".to_owned(), "B".to_owned()].into());
        assert_eq!(Snapshot::of_text(&snapshot.to_text()).expect("read"), snapshot);
        assert!(snapshot.entry(&json!({"Name": "Set-X"})).is_none());
    }
}
