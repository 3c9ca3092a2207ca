//! Puts a new second factor into force, and gives recovery codes, once.

use axum::Extension;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use countersign_core::event::body::Credential;
use countersign_identity::throttle::Origin;
use countersign_identity::{recovery, totp};
use countersign_store::Step;
use serde::Deserialize;
use serde_json::{Value as Json, json};

use crate::app::App;
use crate::client_address::ClientAddress;
use crate::json::{Answer, Body};
use crate::problem::{Problem, Result};
use crate::routes::Route;
use crate::routes::sessions::create::shown;
use crate::schema::{Schema, object, text};
use crate::sign_in::{check, credential, failed, session};
use crate::viewer::Viewer;

pub(crate) static ROUTE: Route = Route {
    reason: "relation: one's own second factor",
    summary: "Confirms the authenticator with its first code. The answer gives recovery codes and a new session.",
    body: Some(form),
    ..Route::post("/api/v1/me/second-factor/confirm", || post(confirm))
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Form {
    code: String,
}

fn form() -> Schema {
    object(&[("code", text())])
}

async fn confirm(
    State(app): State<App>,
    Extension(ClientAddress(address)): Extension<ClientAddress>,
    headers: HeaderMap,
    viewer: Viewer,
    Body(form): Body<Form>,
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
    let step = totp::verify(&secret, &form.code, now.as_micros(), None).map_err(|_| failed())?;
    if app.ops(move |ops| Ok(ops.take_totp_step(person, step.0)?)).await? == Step::Replayed {
        return Err(failed());
    }
    app.throttle().succeeded(attempt);
    let codes = recovery::generate(&entropy(&app)?);
    let hashes: Vec<_> = codes.iter().map(|code| code.hash(app.key(), &person.to_string())).collect();
    let stored = credential::write_codes(&hashes);
    credential::set(&app, viewer.principal(), person, None, Credential::Recovery, stored).await?;
    credential::set(&app, viewer.principal(), person, None, Credential::Totp, pending).await?;
    session::end_all(&app, person).await?;
    let (token, live) = session::begin(&app, person, Some(now)).await?;
    let mut answer = shown(&app, &live);
    let codes: Vec<&str> = codes.iter().map(recovery::Code::as_str).collect();
    if let (Some(answer), Json::Object(more)) = (answer.as_object_mut(), json!({ "recovery_codes": codes })) {
        answer.extend(more);
        if headers.contains_key(header::AUTHORIZATION) {
            answer.insert("session".to_owned(), Json::from(token.reveal()));
        }
    }
    let cookie = app.cookie().set(&token).ok_or_else(|| Problem::internal("a session has no cookie"))?;
    let cookie = HeaderValue::from_str(&cookie).map_err(Problem::internal)?;
    if headers.contains_key(header::AUTHORIZATION) {
        return Ok(Answer(answer).into_response());
    }
    Ok(([(header::SET_COOKIE, cookie)], Answer(answer)).into_response())
}

fn entropy(app: &App) -> Result<[u8; recovery::ENTROPY]> {
    let mut entropy = [0; recovery::ENTROPY];
    for part in entropy.chunks_mut(32) {
        let seed = app.seed()?;
        part.copy_from_slice(seed.get(..part.len()).unwrap_or_default());
    }
    Ok(entropy)
}
