//! Executions: whom they are for, and how they are shown.

use countersign_core::id::{ExecutionId, PersonId};
use countersign_core::name::{RoleName, TaskName};
use countersign_core::standing;
use countersign_core::state::State;
use countersign_core::time::Instant;
use countersign_core::view::Column as _;
use countersign_core::view::ExecutionStatus;
use countersign_core::view::rows::{execution, request};
use countersign_ledger::hash::Digest;
use countersign_store::{Reader, get};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value as Json;

use super::people::{Names, Person};
use super::{config, requests};
use crate::problem::{Problem, Result};
use crate::schema::text::{self, At, Number};
use crate::schema::{Values, word};

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
    if is_own(state, reader, &row, person)? {
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

/// Whether a run and what it printed is a person's own to see. A preview belongs to the request that it shows: to its
/// requester, and to whoever is an approver of it now, whoever asked for it (G19).
pub(crate) fn is_own(
    state: &State,
    reader: &dyn Reader,
    row: &execution::Row,
    person: PersonId,
) -> Result<bool> {
    let Some(number) = row.number.filter(|_| row.basis == PREVIEW) else { return Ok(row.person == person) };
    let Some(request) = get::<request::Row>(reader, &[number.to_cell()])? else { return Ok(false) };
    let approves = state.asked(number).is_some_and(|asked| standing::approves(state, asked, person));
    Ok(request.requester == person || approves)
}

/// The basis of previews, as rows say it.
pub(crate) const PREVIEW: &str = "preview";

/// Whether a person sees that others' runs exist.
pub(crate) fn oversees(state: &State, person: PersonId, now: Instant) -> bool {
    ["Stop-Execution", "Search-AuditLog"].iter().any(|task| config::may_run(state, person, task, now))
}

/// An execution.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Execution {
    #[schemars(with = "text::ExecutionId")]
    id: ExecutionId,
    #[schemars(with = "text::TaskName")]
    task: TaskName,
    /// The task's version.
    version: u64,
    #[schemars(with = "text::Digest")]
    digest: Digest,
    person: Person,
    basis: ExecutionBasis,
    /// The parameters by name; null for who sees only that it ran.
    #[schemars(with = "Option<Values>")]
    values: Option<Json>,
    #[schemars(with = "word::ExecutionStatus")]
    status: ExecutionStatus,
    /// How it ended; null while it runs.
    #[schemars(with = "Option<word::ExecutionStatus>")]
    outcome: Option<ExecutionStatus>,
    /// The stable word of what went wrong, or why it was stopped.
    reason: Option<String>,
    /// The exit status.
    exit: Option<i32>,
    /// Whether the end of a stopped run was seen.
    confirmed: Option<bool>,
    started: At,
    /// When it must be over.
    deadline: At,
    finished: Option<At>,
    /// Why it is being stopped.
    stopping: Option<String>,
    /// Whether somebody accepted that its outcome stays unknown.
    acknowledged: bool,
    /// The refusal there would have been, while privileged access only observes.
    would_refuse: Option<String>,
    output: Option<OutputKept>,
}

/// The ground on which an execution runs.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct ExecutionBasis {
    #[schemars(with = "word::BasisKind")]
    kind: String,
    /// The authorization, or the request that a preview shows.
    number: Option<Number>,
    #[schemars(with = "Option<text::RoleName>")]
    role: Option<RoleName>,
    /// How a preview was made.
    #[schemars(with = "Option<word::PreviewKind>")]
    preview: Option<String>,
}

/// How much output was kept, and its digests.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct OutputKept {
    stdout: StreamKept,
    stderr: StreamKept,
    /// Whether less was kept than there was.
    truncated: Option<bool>,
}

/// One stream of the output.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct StreamKept {
    bytes: Option<u64>,
    #[schemars(with = "Option<text::Digest>")]
    sha256: Option<Digest>,
}

/// The last line of an output: how the execution stands now. All is null if that could not be read.
#[derive(Debug, Default, Serialize, JsonSchema)]
pub(crate) struct OutputEnd {
    #[schemars(with = "Option<word::ExecutionStatus>")]
    outcome: Option<ExecutionStatus>,
    #[schemars(with = "Option<word::ExecutionStatus>")]
    status: Option<ExecutionStatus>,
    exit: Option<i32>,
    reason: Option<String>,
    confirmed: Option<bool>,
    finished: Option<At>,
    output: Option<OutputKept>,
}

impl Execution {
    pub(crate) fn of(row: &execution::Row, names: &Names, parameters: Parameters) -> Self {
        let values = match parameters {
            Parameters::Shown => row.values.as_deref().and_then(|values| serde_json::from_str(values).ok()),
            Parameters::Hidden => None,
        };
        Self {
            id: row.id,
            task: row.task.clone(),
            version: row.version,
            digest: row.digest,
            person: names.show(row.person),
            basis: ExecutionBasis {
                kind: row.basis.clone(),
                number: row.number.map(Number),
                role: row.role.clone(),
                preview: row.preview.clone(),
            },
            values,
            status: row.status,
            outcome: row.finished.map(|_| row.status),
            reason: row.detail.clone(),
            exit: row.exit,
            confirmed: row.confirmed,
            started: row.started.into(),
            deadline: row.deadline.into(),
            finished: row.finished.map(At),
            stopping: row.stopping.clone(),
            acknowledged: row.acknowledged,
            would_refuse: row.would_refuse.clone(),
            output: row.stdout_sha256.map(|stdout| OutputKept {
                stdout: StreamKept { bytes: row.stdout_bytes, sha256: Some(stdout) },
                stderr: StreamKept { bytes: row.stderr_bytes, sha256: row.stderr_sha256 },
                truncated: row.truncated,
            }),
        }
    }

    pub(crate) fn end(self) -> OutputEnd {
        OutputEnd {
            outcome: self.outcome,
            status: Some(self.status),
            exit: self.exit,
            reason: self.reason,
            confirmed: self.confirmed,
            finished: self.finished,
            output: self.output,
        }
    }
}
