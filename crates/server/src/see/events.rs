//! Lines of the audit log.

use countersign_core::id::{ExecutionId, PolicyId, TokenId};
use countersign_core::view::EventRow;
use schemars::JsonSchema;
use serde::Serialize;

use super::people::{Names, Person};
use crate::schema::text::{self, At, Number};

/// One line of the audit log, without sensitive values: ids, names of tasks and policies, outcomes.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct AuditEvent {
    /// The position in the ledger.
    seq: u64,
    time: At,
    /// What kind of event.
    kind: String,
    /// `person`, `host` or `system`.
    actor: String,
    /// Who did it.
    person: Option<Person>,
    /// The token it was done with.
    #[schemars(with = "Option<text::TokenId>")]
    token: Option<TokenId>,
    request: Option<Number>,
    task: Option<String>,
    workload: Option<String>,
    #[schemars(with = "Option<text::ExecutionId>")]
    execution: Option<ExecutionId>,
    #[schemars(with = "Option<text::PolicyId>")]
    policy: Option<PolicyId>,
    /// What it was done to, where that is none of the above: an id or a name.
    subject: Option<String>,
    /// How it came out, in one word.
    outcome: Option<String>,
    /// The refusal's code.
    #[schemars(with = "Option<text::Code>")]
    code: Option<String>,
}

impl AuditEvent {
    pub(crate) fn of(row: &EventRow, names: &Names) -> Self {
        Self {
            seq: row.seq,
            time: row.time.into(),
            kind: row.kind.clone(),
            actor: row.actor.clone(),
            person: names.maybe(row.person),
            token: row.token,
            request: row.request.map(Number),
            task: row.task.clone(),
            workload: row.workload.clone(),
            execution: row.execution,
            policy: row.policy,
            subject: row.subject.clone(),
            outcome: row.outcome.clone(),
            code: row.code.clone(),
        }
    }
}
