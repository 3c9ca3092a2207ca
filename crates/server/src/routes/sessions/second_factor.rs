//! Shows a second factor, to finish signing in or because what comes next wants a fresh one.

use axum::Extension;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;
use axum::routing::post;
use schemars::JsonSchema;
use serde::Deserialize;

use super::create::record;
use super::give::{Session, give};
use crate::app::App;
use crate::client_address::ClientAddress;
use crate::json::Body;
use crate::problem::{Problem, Result};
use crate::routes::{Access, Route, json};
use crate::sign_in::{check, session};
use crate::viewer::Viewer;

pub(crate) static ROUTE: Route = Route {
    access: Access::Begun,
    reason: "relation: finishes the person's own sign-in; throttled",
    summary: "Shows a code of the authenticator or a recovery code. The session gets a new secret.",
    body: Some(json::<Code>()),
    answer: json::<Session>(),
    ..Route::post("/api/v1/sessions/current/second-factor", || post(show))
};

/// A code of a second factor.
#[derive(Deserialize, JsonSchema)]
#[schemars(rename = "SecondFactorCode")]
#[serde(deny_unknown_fields)]
pub(crate) struct Code {
    pub(crate) code: String,
}

async fn show(
    State(app): State<App>,
    Extension(ClientAddress(address)): Extension<ClientAddress>,
    headers: HeaderMap,
    viewer: Viewer,
    Body(form): Body<Code>,
) -> Result<Response> {
    let old = viewer.session()?;
    if !session::enrolled(&app.state(), viewer.person) {
        return Err(Problem::new(StatusCode::CONFLICT, "not_enrolled", "No second factor is set up.")
            .hint("countersign second-factor enroll"));
    }
    check::second_factor(&app, address, viewer.person, &form.code).await?;
    let now = Some(app.now());
    record(&app, viewer.person, now).await?;
    // Privileges rose: what was known of the session before is worth nothing now.
    let (token, live) = session::begin(&app, viewer.person, now).await?;
    session::end(&app, old.id()).await?;
    let bearer = headers.contains_key(header::AUTHORIZATION);
    give(&app, &token, bearer, StatusCode::OK, |secret| Session::of(&app, &live, secret))
}
