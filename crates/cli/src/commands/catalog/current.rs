//! What the server's catalog holds of a workload.

use countersign_client::{Client, Query};
use countersign_core::name::WorkloadName;
use countersign_core::task::TaskDefinition;
use countersign_pack::Definitions;
use serde::de::DeserializeOwned;
use serde_json::Value as Json;

use crate::fault::{Fault, Outcome};
use crate::values::split;

/// Reads tasks, roles and role groups of the workload, as far as this person may know them.
pub(super) fn current(client: &Client, workload: &WorkloadName) -> Outcome<Definitions> {
    let mut definitions = Definitions::default();
    for row in rows(client, "tasks", workload)? {
        let name = text(&row);
        let (of, local) = split(&name)?;
        let task = client.task(of, local)?;
        let definition: TaskDefinition = read(task.get("definition"), &name)?;
        definitions.tasks.insert(definition.name.clone(), definition);
    }
    for row in rows(client, "roles", workload)? {
        let name = text(&row);
        definitions.roles.insert(read(row.get("name"), &name)?, read(row.get("tasks"), &name)?);
    }
    for row in rows(client, "role-groups", workload)? {
        let name = text(&row);
        definitions.role_groups.insert(read(row.get("name"), &name)?, read(row.get("roles"), &name)?);
    }
    Ok(definitions)
}

fn rows(client: &Client, noun: &str, workload: &WorkloadName) -> Outcome<Vec<Json>> {
    let (rows, _) = client.list(noun, &Query::all(), 100_000)?;
    let of = |row: &Json| {
        text(row).split_once('\\').is_some_and(|(of, _)| of.eq_ignore_ascii_case(workload.as_str()))
    };
    Ok(rows.into_iter().filter(of).collect())
}

fn text(row: &Json) -> String {
    row.get("name").and_then(Json::as_str).unwrap_or_default().to_owned()
}

fn read<T: DeserializeOwned>(json: Option<&Json>, name: &str) -> Outcome<T> {
    serde_json::from_value(json.cloned().unwrap_or_default())
        .map_err(|error| Fault::failed(format!("`{name}` as the server has it cannot be read: {error}.")))
}
