//! Shows one's session.

use axum::extract::State;
use axum::routing::get;
use serde_json::Value as Json;

use super::create::shown;
use crate::app::App;
use crate::json::Answer;
use crate::problem::Result;
use crate::routes::{Access, Route};
use crate::viewer::Viewer;

pub(crate) static ROUTE: Route = Route {
    access: Access::Begun,
    reason: "relation: one's own session, also before its second factor",
    summary: "The session: whose it is, its CSRF token, when it ends, and whether a second factor was shown.",
    ..Route::get("/api/v1/sessions/current", || get(show))
};

async fn show(State(app): State<App>, viewer: Viewer) -> Result<Answer<Json>> {
    Ok(Answer(shown(&app, viewer.session()?)))
}
