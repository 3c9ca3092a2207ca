//! Puts a new second factor into force, and gives recovery codes, once.

use axum::Extension;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;
use axum::routing::post;
use countersign_identity::throttle::Origin;
use countersign_identity::{recovery, totp};
use countersign_store::Step;
use schemars::JsonSchema;
use serde::Serialize;

use crate::app::App;
use crate::client_address::ClientAddress;
use crate::json::Body;
use crate::problem::{Problem, Result};
use crate::routes::sessions::give::{Session, give};
use crate::routes::sessions::second_factor::Code;
use crate::routes::{Route, json};
use crate::sign_in::{check, credential, failed, failures, session};
use crate::viewer::Viewer;

pub(crate) static ROUTE: Route = Route {
    reason: "relation: one's own second factor",
    summary: "Confirms the authenticator with its first code. The answer gives recovery codes and a new session.",
    body: Some(json::<Code>()),
    answer: json::<Confirmed>(),
    ..Route::post("/api/v1/me/second-factor/confirm", || post(confirm))
};

/// A second factor in force, and a new session.
#[derive(Serialize, JsonSchema)]
struct Confirmed {
    #[serde(flatten)]
    session: Session,
    /// Each replaces the second factor once.
    recovery_codes: Vec<String>,
}

async fn confirm(
    State(app): State<App>,
    Extension(ClientAddress(address)): Extension<ClientAddress>,
    headers: HeaderMap,
    viewer: Viewer,
    Body(form): Body<Code>,
) -> Result<Response> {
    let person = viewer.person;
    let pending = viewer.session()?.pending.clone().ok_or_else(|| {
        Problem::new(
            StatusCode::CONFLICT,
            "not_enrolling",
            "No second factor is being set up in this session.",
        )
        .hint("countersign second-factor enroll")
    })?;
    let attempt = check::admit(&app, &format!("code {person}"), address, Origin::New)?;
    let secret = credential::authenticator(&pending).ok_or_else(failed)?;
    let now = app.now();
    let taken = match totp::verify(&secret, &form.code, now.as_micros(), None) {
        Ok(step) => Some(app.ops(move |ops| Ok(ops.take_totp_step(person, step.0)?)).await?),
        Err(_) => None,
    };
    if taken != Some(Step::Taken) {
        failures::record(&app, Some(person));
        return Err(failed());
    }
    app.throttle().succeeded(attempt);
    let codes = recovery::generate(&entropy(&app)?);
    let hashes: Vec<_> = codes.iter().map(|code| code.hash(app.key(), &person.to_string())).collect();
    let stored = credential::write_codes(&hashes);
    credential::set_factor(&app, viewer.principal(), person, pending, stored).await?;
    session::end_all(&app, person).await?;
    let (token, live) = session::begin(&app, person, Some(now)).await?;
    let codes: Vec<String> = codes.iter().map(|code| code.as_str().to_owned()).collect();
    let bearer = headers.contains_key(header::AUTHORIZATION);
    give(&app, &token, bearer, StatusCode::OK, |session| Confirmed {
        session: Session::of(&app, &live, session),
        recovery_codes: codes,
    })
}

fn entropy(app: &App) -> Result<[u8; recovery::ENTROPY]> {
    let mut entropy = [0; recovery::ENTROPY];
    for part in entropy.chunks_mut(32) {
        let seed = app.seed()?;
        part.copy_from_slice(seed.get(..part.len()).unwrap_or_default());
    }
    Ok(entropy)
}
