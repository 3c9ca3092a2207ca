//! Denies.

use axum::extract::State;
use axum::routing::post;
use countersign_core::command::Command;
use countersign_core::id::RequestNumber;
use countersign_ledger::hash::Digest;
use schemars::JsonSchema;
use serde::Deserialize;

use super::step::{Submitted, step};
use crate::app::App;
use crate::idempotency::IdempotencyKey;
use crate::json::{Answer, Body, Id};
use crate::problem::Result;
use crate::routes::{Route, json};
use crate::schema::text;
use crate::viewer::Viewer;

pub(crate) static ROUTE: Route = Route {
    reason: "relation: an eligible approver of the current stage, in a session (G12); never a token",
    summary: "Denies, with a comment. That is final.",
    body: Some(json::<Denial>()),
    answer: json::<Submitted>(),
    ..Route::post("/api/v1/requests/{number}/deny", || post(deny))
};

/// A denial of the statement with this digest.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Denial {
    #[schemars(with = "text::Digest")]
    statement: Digest,
    comment: String,
}

async fn deny(
    State(app): State<App>,
    viewer: Viewer,
    Id(number): Id<RequestNumber>,
    key: IdempotencyKey,
    Body(denial): Body<Denial>,
) -> Result<Answer<Submitted>> {
    let command = Command::Deny { number, statement: denial.statement, comment: denial.comment };
    step(&app, &viewer, key, command).await
}
