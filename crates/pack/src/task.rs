//! One file of `tasks/`.

use std::collections::BTreeMap;

use countersign_core::name::{LocalName, TaskName, WorkloadName};
use countersign_core::task::{Definition, Limits, Preview, TaskDefinition};

use crate::fault::FaultCode;
use crate::field;
use crate::manifest::Manifest;
use crate::parameter;
use crate::table::Table;

/// A task with the places of its fields.
#[derive(Debug, Clone)]
pub(crate) struct Read {
    pub(crate) definition: TaskDefinition,
    /// Line and column by JSON pointer, such as `/parameters/Path`; faults of the definition find theirs here.
    pub(crate) places: BTreeMap<String, (usize, usize)>,
}

pub(crate) fn read(table: &Table<'_, '_>, manifest: &Manifest) -> Option<Read> {
    let mut places = BTreeMap::new();
    note(&mut places, "", table);
    let local: Option<LocalName> = table.required("name");
    let title = table.string("title").unwrap_or_default();
    let description = table.string("description").unwrap_or_default();
    let risk = table.string("risk").unwrap_or_default();
    let flag = |key| table.boolean(key).unwrap_or(false);
    let (run_to_end, arbitrary_code) = (flag("run_to_end"), flag("arbitrary_code"));
    let (read_only, confidential) = (flag("read_only"), flag("confidential"));
    let output_retention = field::span(table, "output_retention");
    let preview = preview(table);
    let take_back = table.table("take_back").and_then(|table| {
        note(&mut places, "/take_back", &table);
        definition(&table)
    });
    let limits = table.table("limits").map(|table| {
        note(&mut places, "/limits", &table);
        limits(&table)
    });
    let parameters = parameters(table, &manifest.workload, &mut places);
    let execution = table.table("execution");
    if table.get("execution").is_none() {
        table.missing("execution");
    }
    let execution = execution.and_then(|table| {
        note(&mut places, "/execution", &table);
        definition(&table)
    });
    let name = TaskName::new(manifest.workload.clone(), local?);
    let definition = TaskDefinition {
        title,
        description,
        risk,
        parameters,
        limits: limits.unwrap_or_default(),
        run_to_end,
        arbitrary_code,
        read_only,
        confidential,
        preview,
        take_back,
        output_retention,
        ..TaskDefinition::new(name, manifest.runspace.clone(), execution?)
    };
    Some(Read { definition, places })
}

/// Notes where the fields of a table stand.
fn note(places: &mut BTreeMap<String, (usize, usize)>, at: &str, table: &Table<'_, '_>) {
    places.insert(at.to_owned(), table.file.position(table.span.start));
    for (key, span) in table.keys() {
        places.insert(format!("{at}/{key}"), table.file.position(span.start));
    }
}

fn parameters(
    table: &Table<'_, '_>,
    workload: &WorkloadName,
    places: &mut BTreeMap<String, (usize, usize)>,
) -> Vec<countersign_core::parameter::ParameterSpec> {
    let mut specs = Vec::new();
    for table in table.tables("parameters") {
        if let Some(spec) = parameter::read(&table, workload) {
            let twice = specs
                .iter()
                .any(|other: &countersign_core::parameter::ParameterSpec| other.name == spec.name);
            if twice {
                let message = format!("there are two parameters called {}", spec.name);
                table.file.fault(&table.span_of("name"), FaultCode::Duplicate, message);
            }
            note(places, &format!("/parameters/{}", spec.name), &table);
            specs.push(spec);
        }
        table.finish();
    }
    specs
}

fn limits(table: &Table<'_, '_>) -> Limits {
    let fallback = Limits::default();
    let limits = Limits {
        max_run_time: field::span(table, "max_run_time").unwrap_or(fallback.max_run_time),
        max_output: field::bytes(table, "max_output").unwrap_or(fallback.max_output),
        max_memory: field::bytes(table, "max_memory"),
        max_processes: table.number("max_processes"),
        max_open_files: table.number("max_open_files"),
        max_file_size: field::bytes(table, "max_file_size"),
        max_cpu_time: field::span(table, "max_cpu_time"),
        grace: field::span(table, "grace"),
    };
    table.finish();
    limits
}

/// `preview = "plan"`, `preview = "rollback"`, or a table like `[execution]`.
fn preview(table: &Table<'_, '_>) -> Option<Preview> {
    let value = table.get("preview")?;
    if value.get_ref().is_table() {
        return definition(&table.table("preview")?).map(Preview::Definition);
    }
    match table.word("preview", &["plan", "rollback"])? {
        "plan" => Some(Preview::Plan),
        _ => Some(Preview::Rollback),
    }
}

/// An execution as the runspace takes it. What its fields mean, only the runspace knows: see `lint`.
fn definition(table: &Table<'_, '_>) -> Option<Definition> {
    let object = table.all_json()?;
    crate::lint::shape(table, &object);
    Definition::new(object)
        .map_err(|error| table.file.fault(&table.span, FaultCode::Definition, error.to_string()))
        .ok()
}
