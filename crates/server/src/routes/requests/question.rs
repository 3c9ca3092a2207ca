//! Asks the requester something.

use axum::extract::State;
use axum::routing::post;
use countersign_core::command::Command;
use countersign_core::id::RequestNumber;

use super::step::{Message, Submitted, step};
use crate::app::App;
use crate::idempotency::IdempotencyKey;
use crate::json::{Answer, Body, Id};
use crate::problem::Result;
use crate::routes::{Route, json};
use crate::viewer::Viewer;

pub(crate) static ROUTE: Route = Route {
    reason: "relation: an eligible approver of the request",
    summary: "Asks the requester a question.",
    body: Some(json::<Message>()),
    answer: json::<Submitted>(),
    ..Route::post("/api/v1/requests/{number}/question", || post(question))
};

async fn question(
    State(app): State<App>,
    viewer: Viewer,
    Id(number): Id<RequestNumber>,
    key: IdempotencyKey,
    Body(said): Body<Message>,
) -> Result<Answer<Submitted>> {
    let command = Command::Question { number, text: said.text };
    step(&app, &viewer, key, command).await
}
