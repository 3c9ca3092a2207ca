//! Signs out.

use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::delete;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::app::App;
use crate::json::Asked;
use crate::problem::{Problem, Result};
use crate::routes::{Access, Route};
use crate::schema::whole;
use crate::sign_in::session;
use crate::viewer::Viewer;

pub(crate) static ROUTE: Route = Route {
    access: Access::Begun,
    reason: "relation: one's own session",
    summary: "Signs out, here or everywhere.",
    query: Some(whole::<Which>),
    ..Route::delete("/api/v1/sessions/current", || delete(end))
};

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Which {
    /// Ends all sessions of the person.
    everywhere: Option<bool>,
}

async fn end(State(app): State<App>, viewer: Viewer, Asked(which): Asked<Which>) -> Result<Response> {
    if which.everywhere == Some(true) {
        session::end_all(&app, viewer.person).await?;
    } else {
        session::end(&app, viewer.session()?.id()).await?;
    }
    let cookie = HeaderValue::from_str(&app.cookie().clear()).map_err(Problem::internal)?;
    Ok((StatusCode::NO_CONTENT, [(header::SET_COOKIE, cookie)]).into_response())
}
