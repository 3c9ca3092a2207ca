//! Revokes an authorization, as an approver.

use axum::extract::State;
use axum::routing::post;
use countersign_core::command::Command;
use countersign_core::id::RequestNumber;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::app::App;
use crate::idempotency::IdempotencyKey;
use crate::json::{Answer, Body, Id};
use crate::problem::Result;
use crate::routes::requests::step::{Submitted, step};
use crate::routes::{Route, json};
use crate::viewer::Viewer;

pub(crate) static ROUTE: Route = Route {
    reason: "relation: a currently eligible approver of the governing policy (G12); never a token",
    summary: "Revokes an authorization, with a comment; what runs under it is stopped.",
    body: Some(json::<Revocation>()),
    answer: json::<Submitted>(),
    ..Route::post("/api/v1/authorizations/{number}/revoke", || post(revoke))
};

/// A revocation.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Revocation {
    comment: String,
}

async fn revoke(
    State(app): State<App>,
    viewer: Viewer,
    Id(number): Id<RequestNumber>,
    key: IdempotencyKey,
    Body(revocation): Body<Revocation>,
) -> Result<Answer<Submitted>> {
    step(&app, &viewer, key, Command::Revoke { number, comment: revocation.comment }).await
}
