//! Executions: whom they are for, and how they are shown.

use countersign_core::id::{ExecutionId, PersonId};
use countersign_core::state::State;
use countersign_core::time::Instant;
use countersign_core::view::Column as _;
use countersign_core::view::rows::{execution, request};
use countersign_store::{Reader, get};
use serde_json::{Value as Json, json};

use super::people::Names;
use super::{at, config, maybe_at, requests};
use crate::problem::{Problem, Result};

/// Whether the parameters are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Parameters {
    Shown,
    Hidden,
}

/// The execution, if the person may know of it: who ran it, approvers of its authorization, and without its parameters
/// who may stop others' runs or read the audit log.
pub(crate) fn find(
    state: &State,
    reader: &dyn Reader,
    person: PersonId,
    id: ExecutionId,
    now: Instant,
) -> Result<(execution::Row, Parameters)> {
    let row = get::<execution::Row>(reader, &[id.to_cell()])?.ok_or_else(Problem::not_found)?;
    if row.person == person {
        return Ok((row, Parameters::Shown));
    }
    if let Some(number) = row.number
        && let Some(request) = get::<request::Row>(reader, &[number.to_cell()])?
        && requests::standing_of(state, reader, person, &request)?.is_some()
    {
        return Ok((row, Parameters::Shown));
    }
    if oversees(state, person, now) {
        return Ok((row, Parameters::Hidden));
    }
    Err(Problem::not_found())
}

/// Whether a person sees that others' runs exist.
pub(crate) fn oversees(state: &State, person: PersonId, now: Instant) -> bool {
    ["Stop-Execution", "Search-AuditLog"].iter().any(|task| config::may_run(state, person, task, now))
}

/// An execution.
pub(crate) fn line(row: &execution::Row, names: &Names, parameters: Parameters) -> Json {
    let values = match parameters {
        Parameters::Shown => {
            row.values.as_deref().and_then(|values| serde_json::from_str::<Json>(values).ok())
        }
        Parameters::Hidden => None,
    };
    let finished = row.finished.is_some();
    json!({
        "id": row.id,
        "task": row.task,
        "version": row.version,
        "digest": row.digest,
        "person": names.show(row.person),
        "basis": { "kind": row.basis, "number": row.number.map(|number| number.to_string()), "role": row.role },
        "values": values,
        "status": row.status,
        "outcome": finished.then_some(row.status),
        "reason": row.detail,
        "exit": row.exit,
        "confirmed": row.confirmed,
        "started": at(row.started),
        "deadline": at(row.deadline),
        "finished": maybe_at(row.finished),
        "stopping": row.stopping,
        "acknowledged": row.acknowledged,
        "would_refuse": row.would_refuse,
        "output": row.stdout_sha256.map(|stdout| json!({
            "stdout": { "bytes": row.stdout_bytes, "sha256": stdout },
            "stderr": { "bytes": row.stderr_bytes, "sha256": row.stderr_sha256 },
            "truncated": row.truncated,
        })),
    })
}
