//! Lines of the audit log.

use countersign_core::view::EventRow;
use serde_json::{Value as Json, json};

use super::at;
use super::people::Names;

/// One line, without sensitive values: ids, names of tasks and policies, outcomes.
pub(crate) fn line(row: &EventRow, names: &Names) -> Json {
    json!({
        "seq": row.seq,
        "time": at(row.time),
        "kind": row.kind,
        "actor": row.actor,
        "person": names.maybe(row.person),
        "token": row.token,
        "request": row.request.map(|number| number.to_string()),
        "task": row.task,
        "workload": row.workload,
        "execution": row.execution,
        "policy": row.policy,
        "subject": row.subject,
        "outcome": row.outcome,
        "code": row.code,
    })
}
