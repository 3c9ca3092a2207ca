//! A step of a request's life: every one of them is a command, and answers what the request is then.

use countersign_core::command::Command;
use countersign_core::decide::{Reply, RequestStatus};
use countersign_ledger::hash::Digest;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::app::App;
use crate::idempotency::IdempotencyKey;
use crate::json::Answer;
use crate::problem::{Problem, Result};
use crate::schema::text::{self, Number};
use crate::schema::word;
use crate::viewer::Viewer;

/// What a request is after a step.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Submitted {
    number: Number,
    #[schemars(with = "word::StepStatus")]
    status: RequestStatus,
    /// The digest of its current statement.
    #[schemars(with = "text::Digest")]
    statement: Digest,
}

/// Something said about a request.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Message {
    pub(super) text: String,
}

/// Takes the step.
pub(crate) async fn step(
    app: &App,
    viewer: &Viewer,
    key: IdempotencyKey,
    command: Command,
) -> Result<Answer<Submitted>> {
    let receipt = app.submit(key.submission(viewer.principal(), command)).await?;
    match receipt.reply? {
        Reply::Request { number, status, statement } => {
            Ok(Answer(Submitted { number: number.into(), status, statement }))
        }
        other => Err(Problem::internal(format!("a request was answered by {other:?}"))),
    }
}
