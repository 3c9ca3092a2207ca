//! Gives one's own authorization back.

use axum::extract::State;
use axum::routing::post;
use countersign_core::actor::Scope;
use countersign_core::command::Command;
use countersign_core::id::RequestNumber;

use crate::app::App;
use crate::idempotency::IdempotencyKey;
use crate::json::{Answer, Id};
use crate::problem::Result;
use crate::routes::requests::step::{Submitted, step};
use crate::routes::{Access, Route, json};
use crate::viewer::Viewer;

pub(crate) static ROUTE: Route = Route {
    access: Access::Relation { token: Some(Scope::Request) },
    reason: "relation: the requester; it only removes power",
    summary: "Gives an authorization back before its end.",
    answer: json::<Submitted>(),
    ..Route::post("/api/v1/authorizations/{number}/give-back", || post(give_back))
};

async fn give_back(
    State(app): State<App>,
    viewer: Viewer,
    Id(number): Id<RequestNumber>,
    key: IdempotencyKey,
) -> Result<Answer<Submitted>> {
    step(&app, &viewer, key, Command::GiveBack { number }).await
}
