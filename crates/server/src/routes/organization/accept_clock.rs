//! Says as a default approver that the suspect clock is right.

use axum::extract::State;
use axum::routing::post;
use countersign_core::command::Command;
use serde_json::{Value as Json, json};

use crate::app::App;
use crate::idempotency::IdempotencyKey;
use crate::json::Answer;
use crate::problem::Result;
use crate::routes::{PEOPLE, Route};
use crate::viewer::Viewer;

pub(crate) static ROUTE: Route = Route {
    access: PEOPLE,
    reason: "relation: default approvers, two of them (G16); it ends live authorizations",
    summary: "Says as a default approver that the suspect clock is right; the second one's word accepts it.",
    ..Route::post("/api/v1/organization/accept-clock", || post(accept))
};

async fn accept(State(app): State<App>, viewer: Viewer, key: IdempotencyKey) -> Result<Answer<Json>> {
    let receipt = app.submit(key.submission(viewer.principal(), Command::AcceptClock)).await?;
    receipt.reply?;
    Ok(Answer(json!({ "accepted": !app.state().organization.clock_suspect })))
}
