//! Changes one's own password. Every other session ends.

use axum::Extension;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;
use axum::routing::post;
use countersign_core::event::body::Credential;
use countersign_core::time::Instant;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::app::App;
use crate::client_address::ClientAddress;
use crate::json::Body;
use crate::problem::Result;
use crate::routes::sessions::give::{Session, give};
use crate::routes::{Route, json};
use crate::sign_in::{check, credential, session};
use crate::viewer::Viewer;

pub(crate) static ROUTE: Route = Route {
    reason: "relation: one's own password, which must be known",
    summary: "Changes the password. All sessions end; the answer gives a new one.",
    body: Some(json::<NewPassword>()),
    answer: json::<Session>(),
    ..Route::post("/api/v1/me/password", || post(change))
};

/// A change of password.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct NewPassword {
    current: String,
    new: String,
}

async fn change(
    State(app): State<App>,
    Extension(ClientAddress(address)): Extension<ClientAddress>,
    headers: HeaderMap,
    viewer: Viewer,
    Body(form): Body<NewPassword>,
) -> Result<Response> {
    let second_factor = viewer.session()?.session.second_factor_at.map(Instant::from_micros);
    check::own_password(&app, address, viewer.person, &form.current).await?;
    let stored = credential::new_password(&app, viewer.person, &form.new).await?;
    let principal = viewer.principal();
    credential::set(&app, principal, viewer.person, None, Credential::Password, stored).await?;
    session::end_all(&app, viewer.person).await?;
    let (token, live) = session::begin(&app, viewer.person, second_factor).await?;
    let bearer = headers.contains_key(header::AUTHORIZATION);
    give(&app, &token, bearer, StatusCode::OK, |secret| Session::of(&app, &live, secret))
}
