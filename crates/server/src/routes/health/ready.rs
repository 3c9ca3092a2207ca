//! Whether the server can do its work.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use countersign_engine::RunnerState;
use schemars::JsonSchema;
use serde::Serialize;

use crate::app::App;
use crate::json::Answer;
use crate::problem::{Problem, Result};
use crate::routes::{Access, Route, json};

pub(crate) static ROUTE: Route = Route {
    access: Access::Public,
    reason: "public: health, in yes and no only",
    summary: "Whether the server can record, run and tell. 503 if it cannot record.",
    answer: json::<Ready>(),
    also: Some((503, json::<Ready>())),
    ..Route::get("/readyz", || get(ready))
};

/// What the server can do.
#[derive(Serialize, JsonSchema)]
struct Ready {
    /// Record.
    ready: bool,
    /// Only be read: its ledger is a restored copy that waits to be accepted.
    read_only: bool,
    /// Trust its clock.
    clock: bool,
    /// Run tasks on targets.
    runner: bool,
    /// Tell people.
    mail: bool,
}

async fn ready(State(app): State<App>) -> Result<Response> {
    let engine = app.engine().clone();
    let health = tokio::task::spawn_blocking(move || engine.health()).await.map_err(Problem::internal)?;
    let status = if health.writing { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    let ready = Ready {
        ready: health.writing,
        read_only: health.restored,
        clock: !health.clock_suspect,
        runner: matches!(health.runner, RunnerState::Connected { .. }),
        mail: health.outbox.mails && !health.outbox.stuck,
    };
    Ok((status, Answer(ready)).into_response())
}
