//! The key that checkpoints are checked with.

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use countersign_engine::SubmitError;

use crate::app::App;
use crate::problem::{Problem, Result};
use crate::routes::{Content, Route};

pub(crate) static ROUTE: Route = Route {
    reason: "relation: a public key",
    summary: "The ledger's verifying key, as `note` tools read it.",
    answer: Content::Plain("text/plain"),
    ..Route::get("/api/v1/ledger/vkey", || get(show))
};

async fn show(State(app): State<App>) -> Result<Response> {
    let key = app.engine().log_key().ok_or_else(|| match app.engine().restored() {
        Some(_) => SubmitError::Restored.into(),
        None => Problem::not_found(),
    })?;
    Ok(([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], format!("{key}\n")).into_response())
}
