//! Changes one's own password. Every other session ends.

use axum::Extension;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;
use axum::routing::post;
use countersign_core::event::body::Credential;
use countersign_core::time::Instant;
use serde::Deserialize;

use crate::app::App;
use crate::client_address::ClientAddress;
use crate::json::Body;
use crate::problem::Result;
use crate::routes::Route;
use crate::routes::sessions::create::give;
use crate::schema::{Schema, object, text};
use crate::sign_in::{check, credential, session};
use crate::viewer::Viewer;

pub(crate) static ROUTE: Route = Route {
    reason: "relation: one's own password, which must be known",
    summary: "Changes the password. All sessions end; the answer gives a new one.",
    body: Some(form),
    ..Route::post("/api/v1/me/password", || post(change))
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Form {
    current: String,
    new: String,
}

fn form() -> Schema {
    object(&[("current", text()), ("new", text())])
}

async fn change(
    State(app): State<App>,
    Extension(ClientAddress(address)): Extension<ClientAddress>,
    headers: HeaderMap,
    viewer: Viewer,
    Body(form): Body<Form>,
) -> Result<Response> {
    let second_factor = viewer.session()?.session.second_factor_at.map(Instant::from_micros);
    check::own_password(&app, address, viewer.person, &form.current).await?;
    let stored = credential::new_password(&app, viewer.person, &form.new).await?;
    let principal = viewer.principal();
    credential::set(&app, principal, viewer.person, None, Credential::Password, stored).await?;
    session::end_all(&app, viewer.person).await?;
    let (token, live) = session::begin(&app, viewer.person, second_factor).await?;
    give(&app, &token, &live, headers.contains_key(header::AUTHORIZATION), StatusCode::OK)
}
