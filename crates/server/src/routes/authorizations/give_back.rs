//! Gives one's own authorization back.

use axum::extract::State;
use axum::routing::post;
use countersign_core::actor::Scope;
use countersign_core::command::Command;
use countersign_core::id::RequestNumber;
use serde_json::Value as Json;

use crate::app::App;
use crate::idempotency::IdempotencyKey;
use crate::json::{Answer, Id};
use crate::problem::Result;
use crate::routes::requests::create::answer;
use crate::routes::{Access, Route};
use crate::viewer::Viewer;

pub(crate) static ROUTE: Route = Route {
    access: Access::Relation { token: Some(Scope::Request) },
    reason: "relation: the requester; it only removes power",
    summary: "Gives an authorization back before its end.",
    ..Route::post("/api/v1/authorizations/{number}/give-back", || post(give_back))
};

async fn give_back(
    State(app): State<App>,
    viewer: Viewer,
    Id(number): Id<RequestNumber>,
    key: IdempotencyKey,
) -> Result<Answer<Json>> {
    let command = Command::GiveBack { number };
    let receipt = app.submit(key.submission(viewer.principal(), command)).await?;
    Ok(Answer(answer(&receipt.reply?)?))
}
