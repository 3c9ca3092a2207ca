//! Accepts that an outcome stays unknown.

use axum::extract::State;
use axum::routing::post;
use countersign_core::command::Command;
use countersign_core::id::ExecutionId;

use crate::app::App;
use crate::idempotency::IdempotencyKey;
use crate::json::Id;
use crate::problem::Result;
use crate::routes::Route;
use crate::viewer::Viewer;

pub(crate) static ROUTE: Route = Route {
    reason: "relation: who ran it, or an approver of its authorization (G6)",
    summary: "Accepts that nobody will know the outcome; its slot is free again.",
    success: 204,
    ..Route::post("/api/v1/executions/{id}/acknowledge", || post(acknowledge))
};

async fn acknowledge(
    State(app): State<App>,
    viewer: Viewer,
    Id(execution): Id<ExecutionId>,
    key: IdempotencyKey,
) -> Result<axum::http::StatusCode> {
    let command = Command::Acknowledge { execution };
    let receipt = app.submit(key.submission(viewer.principal(), command)).await?;
    receipt.reply?;
    Ok(axum::http::StatusCode::NO_CONTENT)
}
