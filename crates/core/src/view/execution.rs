//! Runs of tasks, refusals, reads of audit material.

use std::collections::BTreeSet;

use serde_json::Value;

use super::cell::{Column, word};
use super::noun::{Field, Row};
use super::opened::Opened;
use super::rows::{execution, request};
use super::status::ExecutionStatus;
use super::{Out, words};
use crate::event::body::OutputDigest;
use crate::event::{Body, Event};
use crate::execution::{Basis, Outcome};
use crate::id::{ExecutionId, RequestNumber};

pub(super) fn view(event: &Event, opened: &Opened<'_>, out: &mut Out) {
    match &event.body {
        Body::ExecutionStarted { .. } => started(event, opened, out),
        Body::ExecutionFinished { execution, outcome, output }
        | Body::ExecutionReported { execution, outcome, output } => {
            if let Outcome::Failed { reason, .. } | Outcome::Unknown { reason } = outcome {
                out.find(reason);
            }
            out.rows.push(set(*execution, finished(event, outcome, *output)));
        }
        Body::ExecutionAcknowledged { execution } => {
            out.rows.push(set(*execution, vec![execution::acknowledged(&true)]));
        }
        Body::StopRequested { execution, why } => {
            out.rows.push(set(*execution, vec![execution::stopping(&Some(word(why)))]));
        }
        Body::ExecutionAdopted { execution, number, deadline } => {
            let fields = vec![execution::number(&Some(*number)), execution::deadline(deadline)];
            out.rows.push(set(*execution, fields));
            out.rows.push(used(*number));
        }
        Body::Refused { attempt, .. } | Body::RefusalsCounted { attempt, .. } => out.find(attempt),
        Body::AuditWasRead { filter, .. } => {
            let filter = filter.as_ref().and_then(|filter| opened.text(filter));
            out.found(filter);
        }
        Body::OrganizationCreated { name, .. } => out.find(name),
        _ => {}
    }
}

fn started(event: &Event, opened: &Opened<'_>, out: &mut Out) {
    let Body::ExecutionStarted {
        execution,
        person,
        task,
        version,
        digest,
        basis,
        values,
        deadline,
        matched,
        would_refuse,
    } = &event.body
    else {
        return;
    };
    let uses = if let Basis::Authorization { number } = basis { Some(*number) } else { None };
    let (preview, statement) = match basis {
        Basis::Preview { how, statement, .. } => (Some(how.word().to_owned()), Some(*statement)),
        _ => (None, *matched),
    };
    let (basis, number, role) = match basis {
        Basis::Authorization { number } => ("authorization", Some(*number), None),
        Basis::Role { role } => ("role", None, Some(role.clone())),
        Basis::Exemption { role } => ("exemption", None, Some(role.clone())),
        Basis::SetUp => ("set_up", None, None),
        Basis::Preview { number, .. } => ("preview", Some(*number), None),
        Basis::TakeBack { .. } => ("take_back", event.request, None),
    };
    if event.actor.person() != Some(*person) {
        out.event.subject = Some(person.to_string());
    }
    if let Some(values) = opened.json(values.commitment()) {
        parameters(&values, &mut out.words);
    }
    let values = opened.bytes(values.commitment()).map(|bytes| String::from_utf8_lossy(bytes).into_owned());
    out.rows.push(Row::put(&execution::Row {
        seq: event.seq,
        id: *execution,
        task: task.clone(),
        task_key: task.to_string().to_lowercase(),
        workload: task.workload().as_str().to_lowercase(),
        version: *version,
        digest: *digest,
        person: *person,
        basis: basis.to_owned(),
        number,
        role,
        preview,
        statement,
        values,
        status: ExecutionStatus::Running,
        detail: None,
        exit: None,
        confirmed: None,
        started: event.time,
        deadline: *deadline,
        finished: None,
        stopping: None,
        acknowledged: false,
        would_refuse: would_refuse.map(|code| code.as_str().to_owned()),
        stdout_bytes: None,
        stdout_sha256: None,
        stderr_bytes: None,
        stderr_sha256: None,
        truncated: None,
    }));
    out.rows.extend(uses.map(used));
}

fn finished(event: &Event, outcome: &Outcome, output: Option<OutputDigest>) -> Vec<Field> {
    let (status, detail, exit, confirmed) = match outcome {
        Outcome::Succeeded => (ExecutionStatus::Succeeded, None, Some(0), None),
        Outcome::Failed { exit, reason } => (ExecutionStatus::Failed, Some(reason.clone()), *exit, None),
        Outcome::Stopped { why, confirmed } => {
            (ExecutionStatus::Stopped, Some(word(why)), None, Some(*confirmed))
        }
        Outcome::Unknown { reason } => (ExecutionStatus::Unknown, Some(reason.clone()), None, None),
    };
    let mut fields = vec![
        execution::status(&status),
        execution::detail(&detail),
        execution::exit(&exit),
        execution::confirmed(&confirmed),
        execution::finished(&Some(event.time)),
    ];
    if let Some(output) = output {
        fields.extend([
            execution::stdout_bytes(&Some(output.stdout_bytes)),
            execution::stdout_sha256(&Some(output.stdout_sha256)),
            execution::stderr_bytes(&Some(output.stderr_bytes)),
            execution::stderr_sha256(&Some(output.stderr_sha256)),
            execution::truncated(&Some(output.truncated)),
        ]);
    }
    fields
}

fn set(id: ExecutionId, fields: Vec<Field>) -> Row {
    Row::set::<execution::Row>(vec![id.to_cell()], fields)
}

/// A use of an authorization is taken.
fn used(number: RequestNumber) -> Row {
    Row::Count { noun: &request::NOUN, key: vec![number.to_cell()], column: "used" }
}

/// Parameters are found by `name=value`, and by the words of their values.
pub(super) fn parameters(values: &Value, found: &mut BTreeSet<String>) {
    let Value::Object(values) = values else { return };
    for (name, value) in values {
        leaves(name, value, 0, found);
    }
}

fn leaves(name: &str, value: &Value, depth: u8, found: &mut BTreeSet<String>) {
    if depth > 8 {
        return;
    }
    match value {
        Value::String(text) => {
            words::collect_whole(&format!("{name}={text}"), found);
            words::collect(text, found);
        }
        Value::Number(number) => words::collect_whole(&format!("{name}={number}"), found),
        Value::Bool(choice) => words::collect_whole(&format!("{name}={choice}"), found),
        Value::Array(items) => items.iter().for_each(|item| leaves(name, item, depth + 1, found)),
        Value::Object(items) => items.values().for_each(|item| leaves(name, item, depth + 1, found)),
        Value::Null => {}
    }
}
