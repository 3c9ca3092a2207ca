//! Asks the requester something.

use axum::extract::State;
use axum::routing::post;
use countersign_core::command::Command;
use countersign_core::id::RequestNumber;
use serde::Deserialize;
use serde_json::Value as Json;

use super::create::answer;
use crate::app::App;
use crate::idempotency::IdempotencyKey;
use crate::json::{Answer, Body, Id};
use crate::problem::Result;
use crate::routes::Route;
use crate::schema::{Schema, object, text};
use crate::viewer::Viewer;

pub(crate) static ROUTE: Route = Route {
    reason: "relation: an eligible approver of the request",
    summary: "Asks the requester a question.",
    body: Some(form),
    ..Route::post("/api/v1/requests/{number}/question", || post(question))
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Form {
    text: String,
}

fn form() -> Schema {
    object(&[("text", text())])
}

async fn question(
    State(app): State<App>,
    viewer: Viewer,
    Id(number): Id<RequestNumber>,
    key: IdempotencyKey,
    Body(form): Body<Form>,
) -> Result<Answer<Json>> {
    let command = Command::Question { number, text: form.text };
    let receipt = app.submit(key.submission(viewer.principal(), command)).await?;
    Ok(Answer(answer(&receipt.reply?)?))
}
