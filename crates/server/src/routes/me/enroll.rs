//! Begins to set up a second factor: shows a new authenticator secret.

use axum::extract::State;
use axum::routing::post;
use countersign_core::command::Closed;
use countersign_core::time::{Instant, Span};
use countersign_identity::totp::Secret;
use schemars::JsonSchema;
use serde::Serialize;

use crate::app::App;
use crate::json::Answer;
use crate::problem::Result;
use crate::routes::{Route, json};
use crate::see::people::Names;
use crate::sign_in::session;
use crate::viewer::{self, Viewer};

pub(crate) static ROUTE: Route = Route {
    reason: "relation: one's own second factor; asked for soon after signing in",
    summary: "Shows a new secret for an authenticator app. It counts once a code of it is confirmed.",
    answer: json::<Enrolled>(),
    ..Route::post("/api/v1/me/second-factor/enroll", || post(enroll))
};

/// How long ago somebody may have shown who they are: a session that was taken over later sets up nothing.
const SOON: Span = Span::from_secs(15 * 60);

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
    let shown = live.session.created_at.max(live.session.second_factor_at.unwrap_or_default());
    if app.now().since(Instant::from_micros(shown)) > SOON {
        return Err(viewer::turn_away(&app, &viewer, &ROUTE, Closed::Stale).await);
    }
    let seed = app.seed()?;
    let secret = Secret::from_entropy(*seed.first_chunk().unwrap_or(&[0; 20]));
    live.pending = Some(secret.to_base32());
    session::keep(&app, &live).await?;
    let issuer = app.state().organization.name.clone();
    let upn = app.read(move |reader| Ok(Names::load(reader, [person])?.upn(person))).await?;
    Ok(Answer(Enrolled { secret_base32: secret.to_base32(), otpauth: secret.otpauth_uri(&issuer, &upn) }))
}
