//! Removes one's second factor.

use axum::Extension;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;
use axum::routing::post;

use crate::app::App;
use crate::client_address::ClientAddress;
use crate::json::Body;
use crate::problem::{Problem, Result};
use crate::routes::sessions::give::{Session, give};
use crate::routes::sessions::second_factor::Code;
use crate::routes::{Route, json};
use crate::sign_in::{check, credential, session};
use crate::viewer::Viewer;

pub(crate) static ROUTE: Route = Route {
    reason: "relation: one's own second factor, which is shown once more; the engine refuses where others rely on it",
    summary: "Removes the second factor and its recovery codes. All sessions end; the answer gives a new one.",
    body: Some(json::<Code>()),
    answer: json::<Session>(),
    ..Route::post("/api/v1/me/second-factor/remove", || post(remove))
};

async fn remove(
    State(app): State<App>,
    Extension(ClientAddress(address)): Extension<ClientAddress>,
    headers: HeaderMap,
    viewer: Viewer,
    Body(shown): Body<Code>,
) -> Result<Response> {
    let person = viewer.person;
    viewer.session()?;
    if !session::enrolled(&app.state(), person) {
        return Err(Problem::new(StatusCode::CONFLICT, "not_enrolled", "No second factor is set up."));
    }
    check::second_factor(&app, address, person, &shown.code).await?;
    credential::remove_factor(&app, viewer.principal(), person).await?;
    session::end_all(&app, person).await?;
    let (token, live) = session::begin(&app, person, None).await?;
    let bearer = headers.contains_key(header::AUTHORIZATION);
    give(&app, &token, bearer, StatusCode::OK, |secret| Session::of(&app, &live, secret))
}
