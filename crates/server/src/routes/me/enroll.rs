//! Begins to set up a second factor: shows a new authenticator secret.

use axum::extract::State;
use axum::routing::post;
use countersign_identity::totp::Secret;
use schemars::JsonSchema;
use serde::Serialize;

use crate::app::App;
use crate::json::Answer;
use crate::problem::Result;
use crate::routes::{Route, json};
use crate::see::people::Names;
use crate::sign_in::session;
use crate::viewer::Viewer;

pub(crate) static ROUTE: Route = Route {
    reason: "relation: one's own second factor; replacing one needs a session in which it was shown",
    summary: "Shows a new secret for an authenticator app. It counts once a code of it is confirmed.",
    answer: json::<Enrolled>(),
    ..Route::post("/api/v1/me/second-factor/enroll", || post(enroll))
};

/// A second factor to be confirmed.
#[derive(Serialize, JsonSchema)]
struct Enrolled {
    /// The secret for typing.
    secret_base32: String,
    /// The same for an authenticator app, as an `otpauth:` address.
    otpauth: String,
}

async fn enroll(State(app): State<App>, viewer: Viewer) -> Result<Answer<Enrolled>> {
    let person = viewer.person;
    let mut live = viewer.session()?.clone();
    let seed = app.seed()?;
    let secret = Secret::from_entropy(*seed.first_chunk().unwrap_or(&[0; 20]));
    live.pending = Some(secret.to_base32());
    session::keep(&app, &live).await?;
    let issuer = app.state().organization.name.clone();
    let upn = app.read(move |reader| Ok(Names::load(reader, [person])?.upn(person))).await?;
    Ok(Answer(Enrolled { secret_base32: secret.to_base32(), otpauth: secret.otpauth_uri(&issuer, &upn) }))
}
