//! Shows a second factor, to finish signing in or because what comes next wants a fresh one.

use axum::Extension;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;
use axum::routing::post;
use serde::Deserialize;

use super::create::{give, record};
use crate::app::App;
use crate::client_address::ClientAddress;
use crate::json::Body;
use crate::problem::{Problem, Result};
use crate::routes::{Access, Route};
use crate::schema::{Schema, object, text};
use crate::sign_in::{check, session};
use crate::viewer::Viewer;

pub(crate) static ROUTE: Route = Route {
    access: Access::Begun,
    reason: "relation: finishes the person's own sign-in; throttled",
    summary: "Shows a code of the authenticator or a recovery code. The session gets a new secret.",
    body: Some(form),
    ..Route::post("/api/v1/sessions/current/second-factor", || post(show))
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Form {
    code: String,
}

fn form() -> Schema {
    object(&[("code", text())])
}

async fn show(
    State(app): State<App>,
    Extension(ClientAddress(address)): Extension<ClientAddress>,
    headers: HeaderMap,
    viewer: Viewer,
    Body(form): Body<Form>,
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
    give(&app, &token, &live, headers.contains_key(header::AUTHORIZATION), StatusCode::OK)
}
