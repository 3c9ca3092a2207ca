//! Shows one's session.

use axum::extract::State;
use axum::routing::get;

use super::give::Session;
use crate::app::App;
use crate::json::Answer;
use crate::problem::Result;
use crate::routes::{Access, Route, json};
use crate::viewer::Viewer;

pub(crate) static ROUTE: Route = Route {
    access: Access::Begun,
    reason: "relation: one's own session, also before its second factor",
    summary: "The session: whose it is, its CSRF token, when it ends, and whether a second factor was shown.",
    answer: json::<Session>(),
    ..Route::get("/api/v1/sessions/current", || get(show))
};

async fn show(State(app): State<App>, viewer: Viewer) -> Result<Answer<Session>> {
    Ok(Answer(Session::of(&app, viewer.session()?, None)))
}
