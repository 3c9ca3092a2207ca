//! Ends one of one's sessions.

use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::delete;
use countersign_ledger::hash::Digest;

use crate::app::App;
use crate::json::Id;
use crate::problem::{Problem, Result};
use crate::routes::Route;
use crate::sign_in::session;
use crate::viewer::Viewer;

pub(crate) static ROUTE: Route = Route {
    reason: "relation: one's own sessions",
    summary: "Ends a session: whoever holds it has to sign in again.",
    ..Route::delete("/api/v1/sessions/{id}", || delete(end))
};

async fn end(State(app): State<App>, viewer: Viewer, Id(id): Id<Digest>) -> Result<StatusCode> {
    let open = session::open(&app, viewer.person).await?;
    let found = open.iter().find(|live| live.public_id() == id).ok_or_else(Problem::not_found)?;
    session::end(&app, found.id()).await?;
    Ok(StatusCode::NO_CONTENT)
}
