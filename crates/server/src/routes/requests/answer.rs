//! Answers an approver's question.

use axum::extract::State;
use axum::routing::post;
use countersign_core::actor::Scope;
use countersign_core::command::Command;
use countersign_core::id::RequestNumber;

use super::step::{Message, Submitted, step};
use crate::app::App;
use crate::idempotency::IdempotencyKey;
use crate::json::{Answer, Body, Id};
use crate::problem::Result;
use crate::routes::{Access, Route, json};
use crate::viewer::Viewer;

pub(crate) static ROUTE: Route = Route {
    access: Access::Relation { token: Some(Scope::Request) },
    reason: "relation: the requester",
    summary: "Answers a question, as the requester.",
    body: Some(json::<Message>()),
    answer: json::<Submitted>(),
    ..Route::post("/api/v1/requests/{number}/answer", || post(respond))
};

async fn respond(
    State(app): State<App>,
    viewer: Viewer,
    Id(number): Id<RequestNumber>,
    key: IdempotencyKey,
    Body(said): Body<Message>,
) -> Result<Answer<Submitted>> {
    let command = Command::Answer { number, text: said.text };
    step(&app, &viewer, key, command).await
}
