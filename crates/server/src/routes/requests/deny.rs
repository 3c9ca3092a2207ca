//! Denies.

use axum::extract::State;
use axum::routing::post;
use countersign_core::command::Command;
use countersign_core::id::RequestNumber;
use countersign_ledger::hash::Digest;
use serde::Deserialize;
use serde_json::Value as Json;

use super::create::answer;
use crate::app::App;
use crate::idempotency::IdempotencyKey;
use crate::json::{Answer, Body, Id};
use crate::problem::Result;
use crate::routes::Route;
use crate::schema::{Schema, digest, object, text};
use crate::viewer::Viewer;

pub(crate) static ROUTE: Route = Route {
    reason: "relation: an eligible approver of the current stage, in a session (G12); never a token",
    summary: "Denies, with a comment. That is final.",
    body: Some(form),
    ..Route::post("/api/v1/requests/{number}/deny", || post(deny))
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Form {
    statement: Digest,
    comment: String,
}

fn form() -> Schema {
    object(&[("statement", digest()), ("comment", text())])
}

async fn deny(
    State(app): State<App>,
    viewer: Viewer,
    Id(number): Id<RequestNumber>,
    key: IdempotencyKey,
    Body(form): Body<Form>,
) -> Result<Answer<Json>> {
    let command = Command::Deny { number, statement: form.statement, comment: form.comment };
    let receipt = app.submit(key.submission(viewer.principal(), command)).await?;
    Ok(Answer(answer(&receipt.reply?)?))
}
