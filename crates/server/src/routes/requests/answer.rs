//! Answers an approver's question.

use axum::extract::State;
use axum::routing::post;
use countersign_core::actor::Scope;
use countersign_core::command::Command;
use countersign_core::id::RequestNumber;
use serde::Deserialize;
use serde_json::Value as Json;

use super::create::answer;
use crate::app::App;
use crate::idempotency::IdempotencyKey;
use crate::json::{Answer, Body, Id};
use crate::problem::Result;
use crate::routes::{Access, Route};
use crate::schema::{Schema, object, text};
use crate::viewer::Viewer;

pub(crate) static ROUTE: Route = Route {
    access: Access::Relation { token: Some(Scope::Request) },
    reason: "relation: the requester",
    summary: "Answers a question, as the requester.",
    body: Some(form),
    ..Route::post("/api/v1/requests/{number}/answer", || post(respond))
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Form {
    text: String,
}

fn form() -> Schema {
    object(&[("text", text())])
}

async fn respond(
    State(app): State<App>,
    viewer: Viewer,
    Id(number): Id<RequestNumber>,
    key: IdempotencyKey,
    Body(form): Body<Form>,
) -> Result<Answer<Json>> {
    let command = Command::Answer { number, text: form.text };
    let receipt = app.submit(key.submission(viewer.principal(), command)).await?;
    Ok(Answer(answer(&receipt.reply?)?))
}
