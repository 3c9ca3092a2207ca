//! `roles.toml`.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use countersign_core::name::{LocalName, NameError, RoleGroupName, RoleName, TaskName, WorkloadName};

use crate::fault::FaultCode;
use crate::near::nearest;
use crate::table::Table;

/// Roles with their tasks, role groups with their roles. A pack gives no members: who holds a role is decided here,
/// not by whoever wrote the pack.
#[derive(Debug, Default)]
pub(crate) struct Roles {
    pub(crate) roles: BTreeMap<RoleName, BTreeSet<TaskName>>,
    pub(crate) role_groups: BTreeMap<RoleGroupName, BTreeSet<RoleName>>,
}

pub(crate) fn read(
    table: &Table<'_, '_>,
    workload: &WorkloadName,
    tasks: &BTreeSet<TaskName>,
) -> Option<Roles> {
    let mut read = Roles::default();
    let local = |name: &str| name.parse::<LocalName>();
    for table in table.tables("roles") {
        let name = table.required::<LocalName>("name").map(|name| RoleName::new(workload.clone(), name));
        let members = members(&table, "tasks", tasks, |text| task_name(text, workload));
        table.finish();
        let Some(name) = name else { continue };
        twice(&table, read.roles.contains_key(&name), &name.to_string());
        read.roles.insert(name, members);
    }
    let known: BTreeSet<RoleName> = read.roles.keys().cloned().collect();
    for table in table.tables("role_groups") {
        let name = table.required::<LocalName>("name").map(|name| RoleGroupName::new(workload.clone(), name));
        let members = members(&table, "roles", &known, |text| {
            local(text).map(|name| RoleName::new(workload.clone(), name))
        });
        table.finish();
        let Some(name) = name else { continue };
        twice(&table, read.role_groups.contains_key(&name), &name.to_string());
        read.role_groups.insert(name, members);
    }
    Some(read)
}

/// `Get-DiskUsage`, or with its workload `Host\Get-DiskUsage`.
pub(crate) fn task_name(text: &str, workload: &WorkloadName) -> Result<TaskName, NameError> {
    if text.contains('\\') {
        return text.parse();
    }
    Ok(TaskName::new(workload.clone(), text.parse()?))
}

fn twice(table: &Table<'_, '_>, twice: bool, name: &str) {
    if twice {
        table.file.fault(
            &table.span_of("name"),
            FaultCode::Duplicate,
            format!("there are two called {name}"),
        );
    }
}

fn members<T: Ord + ToString>(
    table: &Table<'_, '_>,
    key: &'static str,
    known: &BTreeSet<T>,
    read: impl Fn(&str) -> Result<T, NameError>,
) -> BTreeSet<T> {
    if table.get(key).is_none() {
        table.missing(key);
    }
    let mut members = BTreeSet::new();
    let refused = |span: &Range<usize>, code, message: String, hint| {
        table.file.hinted(span, code, message, hint);
    };
    for (text, span) in table.strings(key).unwrap_or_default() {
        match read(&text) {
            Err(error) => refused(&span, FaultCode::Value, error.to_string(), None),
            Ok(member) if !known.contains(&member) => {
                let names: Vec<String> = known.iter().map(ToString::to_string).collect();
                let near = nearest(&member.to_string(), names.iter().map(String::as_str));
                let hint = near.map(|near| format!("did you mean `{near}`?"));
                let message = format!("the pack has no {}", member.to_string());
                refused(&span, FaultCode::Reference, message, hint);
            }
            Ok(member) => {
                if members.contains(&member) {
                    refused(&span, FaultCode::Duplicate, format!("`{text}` stands here twice"), None);
                }
                members.insert(member);
            }
        }
    }
    members
}
