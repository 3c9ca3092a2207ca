//! `pack.toml`.

use countersign_core::name::WorkloadName;
use serde::Serialize;

use crate::fault::FaultCode;
use crate::table::Table;

/// What a pack says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Manifest {
    /// Its name: lower-case letters, digits and hyphens.
    pub name: String,
    /// Its version, for people.
    pub version: String,
    /// A short label.
    pub title: String,
    /// What it is for.
    pub description: String,
    /// The workload that all its tasks belong to. A pack owns its workload: what it does not list is removed.
    pub workload: WorkloadName,
    /// The id of the runspace that executes them.
    pub runspace: String,
}

pub(crate) fn read(table: &Table<'_, '_>) -> Option<Manifest> {
    let name = table.required_string("name");
    let version = table.required_string("version");
    let title = table.string("title").unwrap_or_default();
    let description = table.string("description").unwrap_or_default();
    let workload = table.required::<WorkloadName>("workload");
    let runspace = table.required_string("runspace");
    let word = |text: &String| {
        (1..=64).contains(&text.len())
            && text.starts_with(|c: char| c.is_ascii_lowercase())
            && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
    };
    for (key, text) in [("name", &name), ("runspace", &runspace)] {
        if text.as_ref().is_some_and(|text| !word(text)) {
            table.value_fault(
                key,
                format!("`{key}` is 1 to 64 of a-z, 0-9 and `-`, and starts with a letter"),
            );
        }
    }
    let long = version.as_ref().is_some_and(|version| version.is_empty() || version.len() > 64);
    if long {
        table.value_fault("version", "`version` has 1 to 64 characters");
    }
    let own = |name: &WorkloadName| name.as_str().eq_ignore_ascii_case(countersign_core::name::COUNTERSIGN);
    if workload.as_ref().is_some_and(own) {
        let message = "the tasks of the workload Countersign are built in";
        table.file.fault(&table.span_of("workload"), FaultCode::Definition, message);
    }
    Some(Manifest {
        name: name?,
        version: version?,
        title,
        description,
        workload: workload?,
        runspace: runspace?,
    })
}
