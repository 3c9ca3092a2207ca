//! The `postgresql` executor against a server of the test's own.

mod cluster;
mod faults;
mod hostile;
mod pack;
mod previews;
mod signed_in;
mod stopping;
mod tasks;

use countersign_runspace::WorkOrder;
use serde_json::{Value, json};

use crate::support::order;

/// An order for statements, each with the names of its parameters, that may change something.
pub(crate) fn sql(statements: &[(&str, &[&str])], parameters: Value) -> WorkOrder {
    order(definition(statements), parameters)
}

/// A definition in which more can be set.
pub(crate) fn definition(statements: &[(&str, &[&str])]) -> Value {
    let statements: Vec<_> = statements
        .iter()
        .map(|(sql, names)| {
            let bound: Vec<_> = names.iter().map(|name| json!({"name": name})).collect();
            json!({"sql": sql, "parameters": bound})
        })
        .collect();
    json!({
        "executor": "postgresql", "target": "db", "role": "worker", "statements": statements,
        "access": "read_write", "search_path": "public", "output": "json_lines"
    })
}
