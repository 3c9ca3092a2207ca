//! Ends one of one's sessions.

use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::delete;
use countersign_core::command::Closed;
use countersign_ledger::hash::Digest;

use crate::app::App;
use crate::json::Id;
use crate::problem::Result;
use crate::routes::Route;
use crate::sign_in::session;
use crate::viewer::{self, Viewer};

pub(crate) static ROUTE: Route = Route {
    reason: "relation: one's own sessions",
    summary: "Ends a session: whoever holds it has to sign in again.",
    ..Route::delete("/api/v1/sessions/{id}", || delete(end))
};

async fn end(State(app): State<App>, viewer: Viewer, Id(id): Id<Digest>) -> Result<StatusCode> {
    let open = session::open(&app, viewer.person).await?;
    let Some(found) = open.iter().find(|live| live.public_id() == id) else {
        return Err(viewer::turn_away(&app, &viewer, &ROUTE, Closed::Unknown).await);
    };
    session::end(&app, found.id()).await?;
    Ok(StatusCode::NO_CONTENT)
}
