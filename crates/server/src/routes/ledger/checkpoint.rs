//! The ledger's signed head.

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use crate::app::App;
use crate::problem::{Problem, Result};
use crate::routes::{Content, Route};

pub(crate) static ROUTE: Route = Route {
    reason: "relation: whoever works here may keep the ledger's head, which tells nothing but its size",
    summary: "The signed head of the ledger: a C2SP checkpoint. Keep it: it proves later what was there.",
    answer: Content::Plain("text/plain"),
    ..Route::get("/api/v1/ledger/checkpoint", || get(show))
};

async fn show(State(app): State<App>) -> Result<Response> {
    let checkpoint = app.engine().checkpoint().await?.ok_or_else(Problem::not_found)?;
    Ok(([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], checkpoint).into_response())
}
