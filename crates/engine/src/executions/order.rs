//! From an execution to a work order.

use std::collections::BTreeMap;

use countersign_core::parameter::{Value, Values};
use countersign_core::task::{Limits as TaskLimits, TaskDefinition};
use countersign_core::time::Span;
use countersign_runspace::parameter::{File, Row, Secret};
use countersign_runspace::{
    Bytes, Definition, Limits, OnBehalfOf, ParameterName, ParameterValue, Purpose, WorkOrder,
};
use serde_json::Value as Json;

use super::Shared;
use crate::outbox::resolve;
use crate::writer::Order;

/// Builds it; the error is the stable word for why nothing was started.
pub(super) fn build(shared: &Shared, order: Order) -> Result<WorkOrder, &'static str> {
    let definition = definition(&order.definition)?;
    let parameters = parameters(shared, &order.values)?;
    let name = &order.definition.name;
    let display = resolve::person(&shared.engine.state(), &*shared.engine.reader(), order.person)
        .map_or_else(|| order.person.to_string(), |person| format!("{} <{}>", person.name, person.upn));
    let boot = shared.clock.boot();
    let left = order.deadline.since(shared.engine.now());
    Ok(WorkOrder {
        execution: order.execution.to_string().parse().map_err(|_| "id")?,
        workload: name.workload().to_string(),
        task: name.local().to_string(),
        on_behalf_of: OnBehalfOf { person: order.person.to_string(), display },
        purpose: Purpose::Run,
        definition,
        parameters,
        limits: limits(&order.definition.limits),
        boot_id: boot.id,
        start_by: order.start_by,
        deadline: boot.nanos.saturating_add(left.as_micros().saturating_mul(1_000)),
    })
}

/// The definition in the runspace's own form: its object, with the executor's name.
fn definition(task: &TaskDefinition) -> Result<Definition, &'static str> {
    let mut object = task.execution.definition.as_object().clone();
    let named = object.entry("executor").or_insert_with(|| Json::from(task.execution.runspace.as_str()));
    if *named != task.execution.runspace.as_str() {
        return Err("definition_invalid");
    }
    serde_json::from_value(Json::Object(object)).map_err(|_| "definition_invalid")
}

fn limits(task: &TaskLimits) -> Limits {
    let default = Limits::default();
    let millis = |span: Span| span.as_micros() / 1_000;
    Limits {
        run_time_ms: millis(task.max_run_time).max(1),
        output_bytes: task.max_output.max(1),
        memory_bytes: task.max_memory.unwrap_or(default.memory_bytes),
        processes: task.max_processes.map_or(default.processes, u64::from),
        open_files: task.max_open_files.map_or(default.open_files, u64::from),
        cpu_seconds: task.max_cpu_time.map_or_else(
            || task.max_run_time.as_secs().max(default.cpu_seconds),
            |span| span.as_secs().max(1),
        ),
        file_bytes: task.max_file_size.unwrap_or(default.file_bytes),
        grace_ms: task.grace.map_or(default.grace_ms, millis).max(1),
    }
}

fn parameters(
    shared: &Shared,
    values: &Values,
) -> Result<BTreeMap<ParameterName, ParameterValue>, &'static str> {
    let name = |name: &countersign_core::name::ParameterName| {
        name.to_string().parse::<ParameterName>().map_err(|_| "parameter_name")
    };
    let mut all = BTreeMap::new();
    for (parameter, value) in values.iter() {
        all.insert(name(parameter)?, self::value(shared, parameter.as_str(), value)?);
    }
    for parameter in values.secret_names() {
        let Some(secret) = values.secret(parameter) else { continue };
        all.insert(name(parameter)?, ParameterValue::Secret(Secret::new(secret.reveal().to_owned())));
    }
    Ok(all)
}

fn value(shared: &Shared, parameter: &str, value: &Value) -> Result<ParameterValue, &'static str> {
    let text = || value.to_text().ok_or("parameter_form");
    Ok(match value {
        Value::Integer(number) => ParameterValue::Integer(*number),
        Value::Boolean(flag) => ParameterValue::Boolean(*flag),
        Value::Decimal(_) => ParameterValue::Decimal(text()?),
        Value::List(items) => ParameterValue::List(texts(items)?),
        Value::Table(lists) => ParameterValue::Table(rows(lists)?),
        Value::File(file) => {
            let content = shared.blobs.read(&file.sha256).ok().flatten().ok_or("file_missing")?;
            let (name, sha256) = (parameter.to_owned(), file.sha256.to_string());
            ParameterValue::File(File { name, sha256, content: Bytes(content) })
        }
        Value::String(_)
        | Value::Choice(_)
        | Value::Guid(_)
        | Value::Size(_)
        | Value::Duration(_)
        | Value::Instant(_)
        | Value::Address(_)
        | Value::Identity(_) => ParameterValue::String(text()?),
    })
}

fn texts(items: &[Value]) -> Result<Vec<String>, &'static str> {
    items.iter().map(|item| item.to_text().ok_or("parameter_form")).collect()
}

/// Lists by key become rows of one cell, in order of keys.
fn rows(lists: &BTreeMap<String, Vec<Value>>) -> Result<Vec<Row>, &'static str> {
    let mut rows = Vec::new();
    for (key, items) in lists {
        let key: ParameterName = key.parse().map_err(|_| "parameter_form")?;
        for text in texts(items)? {
            rows.push(Row(BTreeMap::from([(key.clone(), text)])));
        }
    }
    Ok(rows)
}
