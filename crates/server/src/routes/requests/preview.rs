//! Shows what a request would do, without doing it. How it goes is read like any execution's output.

use axum::extract::State;
use axum::routing::post;
use countersign_core::command::{self, Command};
use countersign_core::decide::Reply;
use countersign_core::id::{ExecutionId, RequestNumber};
use countersign_core::parameter::Given;
use countersign_ledger::hash::Digest;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::app::App;
use crate::idempotency::IdempotencyKey;
use crate::json::{Answer, Body, Id};
use crate::problem::{Problem, Result};
use crate::routes::{Route, json};
use crate::schema::Values;
use crate::schema::text::{self, At};
use crate::viewer::Viewer;

pub(crate) static ROUTE: Route = Route {
    reason: "relation: the requester and the request's approvers of now, in a session; the gate judges it as an \
             execution of its own (basis preview), and never a token's",
    summary: "Starts a preview of the statement with this digest: read-only on the target, or rolled back for who may \
              run it now.",
    body: Some(json::<NewPreview>()),
    answer: json::<PreviewStarted>(),
    success: 202,
    ..Route::post("/api/v1/requests/{number}/preview", || post(preview))
};

/// Which statement is to be shown.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct NewPreview {
    #[schemars(with = "text::Digest")]
    statement: Digest,
    /// With which values, for who executes under a live authorization; otherwise those of the statement.
    #[serde(default)]
    #[schemars(with = "Values")]
    values: Given,
}

/// A preview that is being made.
#[derive(Serialize, JsonSchema)]
struct PreviewStarted {
    #[schemars(with = "text::ExecutionId")]
    execution: ExecutionId,
    /// When it must be over.
    deadline: At,
}

async fn preview(
    State(app): State<App>,
    viewer: Viewer,
    Id(number): Id<RequestNumber>,
    key: IdempotencyKey,
    Body(form): Body<NewPreview>,
) -> Result<(axum::http::StatusCode, Answer<PreviewStarted>)> {
    let command =
        Command::Preview(command::Preview { number, statement: form.statement, values: form.values });
    let receipt = app.submit(key.submission(viewer.principal(), command)).await?;
    match receipt.reply? {
        Reply::Started { execution, deadline } => {
            let started = PreviewStarted { execution, deadline: deadline.into() };
            Ok((axum::http::StatusCode::ACCEPTED, Answer(started)))
        }
        other => Err(Problem::internal(format!("a preview was answered by {other:?}"))),
    }
}
