//! Says as a default approver that the suspect clock is right.

use axum::extract::State;
use axum::routing::post;
use countersign_core::command::Command;
use schemars::JsonSchema;
use serde::Serialize;

use crate::app::App;
use crate::idempotency::IdempotencyKey;
use crate::json::Answer;
use crate::problem::Result;
use crate::routes::{Route, json};
use crate::viewer::Viewer;

pub(crate) static ROUTE: Route = Route {
    reason: "relation: default approvers, two of them (G16); it ends live authorizations",
    summary: "Says as a default approver that the suspect clock is right; the second one's word accepts it.",
    answer: json::<ClockAccepted>(),
    ..Route::post("/api/v1/organization/accept-clock", || post(accept))
};

/// Whether the clock is believed again.
#[derive(Serialize, JsonSchema)]
struct ClockAccepted {
    /// False while another default approver's word is missing.
    accepted: bool,
}

async fn accept(
    State(app): State<App>,
    viewer: Viewer,
    key: IdempotencyKey,
) -> Result<Answer<ClockAccepted>> {
    let receipt = app.submit(key.submission(viewer.principal(), Command::AcceptClock)).await?;
    receipt.reply?;
    Ok(Answer(ClockAccepted { accepted: !app.state().organization.clock_suspect }))
}
