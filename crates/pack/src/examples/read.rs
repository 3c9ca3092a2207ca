//! One file of `examples/`.

use std::collections::BTreeSet;

use countersign_core::name::{TaskName, WorkloadName};
use countersign_core::parameter::Given;
use serde_json::{Map, Value as Json};

use super::{Example, Expected};
use crate::fault::FaultCode;
use crate::near::nearest;
use crate::roles::task_name;
use crate::table::Table;

/// Fields of which an example has exactly one kind: how a request, statements or a program would look.
const SENT: [&str; 6] = ["argv", "stdin", "bound", "request", "headers", "body"];

pub(crate) fn read(
    path: &str,
    table: &Table<'_, '_>,
    workload: &WorkloadName,
    tasks: &BTreeSet<TaskName>,
) -> Option<Vec<Example>> {
    let text = table.required_string("task");
    let task = text.as_ref().and_then(|text| {
        let task = task_name(text, workload).ok().filter(|task| tasks.contains(task));
        if task.is_none() {
            let names = tasks.iter().map(|task| task.local().as_str());
            let hint = nearest(text, names).map(|near| format!("did you mean `{near}`?"));
            let message = format!("the pack has no task {text}");
            table.file.hinted(&table.span_of("task"), FaultCode::Reference, message, hint);
        }
        task
    });
    let mut examples = Vec::new();
    for table in table.tables("examples") {
        let title = table.required_string("title").unwrap_or_default();
        let parameters = parameters(&table);
        let expected = expected(&table);
        table.finish();
        let (line, column) = table.file.position(table.span.start);
        if let (Some(task), Some(parameters), Some(expected)) = (task.clone(), parameters, expected) {
            let file = path.to_owned();
            examples.push(Example { file, line, column, task, title, parameters, expected });
        }
    }
    Some(examples)
}

fn parameters(table: &Table<'_, '_>) -> Option<Given> {
    let object = match table.json("parameters") {
        None => Map::new(),
        Some(Json::Object(object)) => object,
        Some(_) => {
            table.value_fault("parameters", "`parameters` is a table of names and values");
            return None;
        }
    };
    let given = Given::from_pairs(object);
    given
        .map_err(|faults| {
            for fault in faults {
                table.value_fault("parameters", fault.to_string());
            }
        })
        .ok()
}

fn expected(table: &Table<'_, '_>) -> Option<Expected> {
    let refused = table.string("refused");
    let sent: Map<String, Json> = SENT
        .into_iter()
        .filter_map(|key| table.json(key).map(|json| (key.to_owned(), with_null(json))))
        .collect();
    match (refused, sent.is_empty()) {
        (Some(code), true) => Some(Expected::Refused(code)),
        (None, false) => Some(Expected::Sent(Json::Object(sent))),
        _ => {
            let message = "an example has `refused`, or what is sent: argv, bound, or request";
            table.file.fault(&table.span, FaultCode::MissingField, message);
            None
        }
    }
}

/// `{ "$null" = true }` is null, as in a body.
fn with_null(json: Json) -> Json {
    match json {
        Json::Object(object) if countersign_runspace::request::is_null(&object) => Json::Null,
        Json::Object(object) => object.into_iter().map(|(key, value)| (key, with_null(value))).collect(),
        Json::Array(items) => items.into_iter().map(with_null).collect(),
        plain => plain,
    }
}
