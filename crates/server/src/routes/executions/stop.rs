//! Stops a run of one's own.

use axum::extract::State;
use axum::routing::post;
use countersign_core::actor::Scope;
use countersign_core::command::Command;
use countersign_core::id::ExecutionId;

use crate::app::App;
use crate::idempotency::IdempotencyKey;
use crate::json::Id;
use crate::problem::Result;
use crate::routes::{Access, Route};
use crate::viewer::Viewer;

pub(crate) static ROUTE: Route = Route {
    access: Access::Relation { token: Some(Scope::Execute) },
    reason: "relation: who runs it; others' runs are stopped by Countersign\\Stop-Execution",
    summary: "Stops a running execution.",
    success: 204,
    ..Route::post("/api/v1/executions/{id}/stop", || post(stop))
};

async fn stop(
    State(app): State<App>,
    viewer: Viewer,
    Id(execution): Id<ExecutionId>,
    key: IdempotencyKey,
) -> Result<axum::http::StatusCode> {
    let command = Command::Stop { execution };
    let receipt = app.submit(key.submission(viewer.principal(), command)).await?;
    receipt.reply?;
    Ok(axum::http::StatusCode::NO_CONTENT)
}
