//! Signs a person in.

use axum::Extension;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::post;
use countersign_core::actor::Principal;
use countersign_core::command::Command;
use countersign_core::id::PersonId;
use countersign_core::policy::Assurance;
use countersign_core::time::Instant;
use schemars::JsonSchema;
use serde::Deserialize;

use super::give::{Session, give};
use crate::app::App;
use crate::client_address::ClientAddress;
use crate::json::Body;
use crate::problem::{Problem, Result};
use crate::routes::{Access, Route, json};
use crate::schema::whole;
use crate::sign_in::{check, familiar, session};

pub(crate) static ROUTE: Route = Route {
    access: Access::Public,
    reason: "public: the sign-in itself; throttled by account and address",
    summary: "Signs in with name, password and, where one is set up, a second factor's code.",
    body: Some(json::<SignIn>()),
    query: Some(whole::<Delivery>),
    success: 201,
    answer: json::<Session>(),
    ..Route::post("/api/v1/sessions", || post(create))
};

/// What a person signs in with.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct SignIn {
    upn: String,
    password: String,
    /// A code of the second factor, or a recovery code.
    code: Option<String>,
}

/// Whether the secret goes into a cookie or into the answer.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Delivery {
    /// Gives the session's secret in the answer instead of a cookie.
    bearer: Option<bool>,
}

async fn create(
    State(app): State<App>,
    Extension(ClientAddress(address)): Extension<ClientAddress>,
    delivery: std::result::Result<Query<Delivery>, axum::extract::rejection::QueryRejection>,
    Body(form): Body<SignIn>,
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
    let bearer = delivery.bearer == Some(true);
    give(&app, &token, bearer, StatusCode::CREATED, |secret| Session::of(&app, &live, secret))
}

/// Records that somebody is signed in.
pub(super) async fn record(app: &App, person: PersonId, second_factor: Option<Instant>) -> Result<()> {
    let assurance = if second_factor.is_some() { Assurance::SecondFactor } else { Assurance::Session };
    app.carry_out(Principal::system(), Command::RecordSignIn { person, assurance }).await.map(|_| ())
}
