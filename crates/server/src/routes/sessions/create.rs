//! Signs a person in.

use axum::Extension;
use axum::extract::{Query, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use countersign_core::actor::Principal;
use countersign_core::command::Command;
use countersign_core::id::PersonId;
use countersign_core::policy::Assurance;
use countersign_core::time::Instant;
use countersign_identity::session::CsrfToken;
use countersign_identity::token::Token;
use serde::Deserialize;
use serde_json::{Value as Json, json};

use crate::app::App;
use crate::client_address::ClientAddress;
use crate::json::{Answer, Body};
use crate::problem::{Problem, Result};
use crate::routes::{Access, Route};
use crate::schema::{Schema, object, text};
use crate::see::at;
use crate::sign_in::session::{self, Live};
use crate::sign_in::{check, familiar};

pub(crate) static ROUTE: Route = Route {
    access: Access::Public,
    reason: "public: the sign-in itself; throttled by account and address",
    summary: "Signs in with name, password and, where one is set up, a second factor's code.",
    body: Some(form),
    query: &[("bearer", "`true` gives the session's secret in the answer instead of a cookie.")],
    success: 201,
    ..Route::post("/api/v1/sessions", || post(create))
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Form {
    upn: String,
    password: String,
    code: Option<String>,
}

/// Whether the secret goes into a cookie or into the answer.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Delivery {
    bearer: Option<bool>,
}

fn form() -> Schema {
    object(&[("upn", text()), ("password", text()), ("code?", text())])
}

async fn create(
    State(app): State<App>,
    Extension(ClientAddress(address)): Extension<ClientAddress>,
    delivery: std::result::Result<Query<Delivery>, axum::extract::rejection::QueryRejection>,
    Body(form): Body<Form>,
) -> Result<Response> {
    let Query(delivery) = delivery.map_err(|_| Problem::invalid("`bearer` is true or false."))?;
    let person = check::password(&app, address, &form.upn, &form.password).await?;
    let enrolled = session::enrolled(&app.state(), person);
    let second_factor = match form.code {
        Some(code) if enrolled => {
            check::second_factor(&app, address, person, &code).await?;
            Some(app.now())
        }
        _ => None,
    };
    if second_factor.is_some() || !enrolled {
        record(&app, person, second_factor).await?;
    }
    familiar::note(&app, person, address).await?;
    let (token, live) = session::begin(&app, person, second_factor).await?;
    give(&app, &token, &live, delivery.bearer == Some(true), StatusCode::CREATED)
}

/// Records that somebody is signed in.
pub(super) async fn record(app: &App, person: PersonId, second_factor: Option<Instant>) -> Result<()> {
    let assurance = if second_factor.is_some() { Assurance::SecondFactor } else { Assurance::Session };
    app.carry_out(Principal::system(), Command::RecordSignIn { person, assurance }).await.map(|_| ())
}

/// What is told of a session.
pub(crate) fn shown(app: &App, live: &Live) -> Json {
    json!({
        "person": live.person,
        "csrf": CsrfToken::derive(app.key(), &live.hash).as_str(),
        "expires": at(live.until),
        "second_factor": live.session.second_factor_at.is_some(),
        "second_factor_enrolled": session::enrolled(&app.state(), live.person),
    })
}

/// Hands a new session over: as a cookie, or in the answer to programs that keep it themselves.
pub(crate) fn give(
    app: &App,
    token: &Token,
    live: &Live,
    bearer: bool,
    status: StatusCode,
) -> Result<Response> {
    let mut answer = shown(app, live);
    if bearer {
        if let Some(object) = answer.as_object_mut() {
            object.insert("session".to_owned(), Json::from(token.reveal()));
        }
        return Ok((status, Answer(answer)).into_response());
    }
    let cookie = app.cookie().set(token).ok_or_else(|| Problem::internal("a session has no cookie"))?;
    let cookie = HeaderValue::from_str(&cookie).map_err(Problem::internal)?;
    Ok((status, [(header::SET_COOKIE, cookie)], Answer(answer)).into_response())
}
