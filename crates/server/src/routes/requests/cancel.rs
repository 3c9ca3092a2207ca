//! Withdraws one's own request.

use axum::extract::State;
use axum::routing::post;
use countersign_core::actor::Scope;
use countersign_core::command::Command;
use countersign_core::id::RequestNumber;

use super::step::{Submitted, step};
use crate::app::App;
use crate::idempotency::IdempotencyKey;
use crate::json::{Answer, Id};
use crate::problem::Result;
use crate::routes::{Access, Route, json};
use crate::viewer::Viewer;

pub(crate) static ROUTE: Route = Route {
    access: Access::Relation { token: Some(Scope::Request) },
    reason: "relation: the requester",
    summary: "Withdraws a request that waits.",
    answer: json::<Submitted>(),
    ..Route::post("/api/v1/requests/{number}/cancel", || post(cancel))
};

async fn cancel(
    State(app): State<App>,
    viewer: Viewer,
    Id(number): Id<RequestNumber>,
    key: IdempotencyKey,
) -> Result<Answer<Submitted>> {
    let command = Command::Cancel { number };
    step(&app, &viewer, key, command).await
}
