//! Revokes an authorization, as an approver.

use axum::extract::State;
use axum::routing::post;
use countersign_core::command::Command;
use countersign_core::id::RequestNumber;
use serde::Deserialize;
use serde_json::Value as Json;

use crate::app::App;
use crate::idempotency::IdempotencyKey;
use crate::json::{Answer, Body, Id};
use crate::problem::Result;
use crate::routes::Route;
use crate::routes::requests::create::answer;
use crate::schema::{Schema, object, text};
use crate::viewer::Viewer;

pub(crate) static ROUTE: Route = Route {
    reason: "relation: a currently eligible approver of the governing policy (G12); never a token",
    summary: "Revokes an authorization, with a comment; what runs under it is stopped.",
    body: Some(form),
    ..Route::post("/api/v1/authorizations/{number}/revoke", || post(revoke))
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Form {
    comment: String,
}

fn form() -> Schema {
    object(&[("comment", text())])
}

async fn revoke(
    State(app): State<App>,
    viewer: Viewer,
    Id(number): Id<RequestNumber>,
    key: IdempotencyKey,
    Body(form): Body<Form>,
) -> Result<Answer<Json>> {
    let command = Command::Revoke { number, comment: form.comment };
    let receipt = app.submit(key.submission(viewer.principal(), command)).await?;
    Ok(Answer(answer(&receipt.reply?)?))
}
