//! What is told of a session, and how its secret is handed over.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use countersign_core::id::PersonId;
use countersign_identity::session::CsrfToken;
use countersign_identity::token::Token;
use schemars::JsonSchema;
use serde::Serialize;

use crate::app::App;
use crate::json::Answer;
use crate::problem::{Problem, Result};
use crate::schema::text::{self, At};
use crate::sign_in::session::{self, Live};

/// A session.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Session {
    #[schemars(with = "text::PersonId")]
    person: PersonId,
    /// Sent as `X-CSRF-Token` with every change that carries the cookie.
    csrf: String,
    /// When it ends at the latest.
    expires: At,
    /// Whether a second factor was shown in it.
    second_factor: bool,
    /// Whether the person has one.
    second_factor_enrolled: bool,
    /// Its secret, for programs that keep it themselves.
    #[serde(skip_serializing_if = "Option::is_none")]
    session: Option<String>,
}

impl Session {
    pub(crate) fn of(app: &App, live: &Live, secret: Option<String>) -> Self {
        Self {
            person: live.person,
            csrf: CsrfToken::derive(app.key(), &live.hash).as_str().to_owned(),
            expires: live.until.into(),
            second_factor: live.session.second_factor_at.is_some(),
            second_factor_enrolled: session::enrolled(&app.state(), live.person),
            session: secret,
        }
    }
}

/// Hands a new session over: as a cookie, or in the answer to programs that keep it themselves.
pub(crate) fn give<T: Serialize>(
    app: &App,
    token: &Token,
    bearer: bool,
    status: StatusCode,
    answer: impl FnOnce(Option<String>) -> T,
) -> Result<Response> {
    if bearer {
        let secret = token.reveal().to_string();
        return Ok((status, Answer(answer(Some(secret)))).into_response());
    }
    let cookie = app.cookie().set(token).ok_or_else(|| Problem::internal("a session has no cookie"))?;
    let cookie = HeaderValue::from_str(&cookie).map_err(Problem::internal)?;
    Ok((status, [(header::SET_COOKIE, cookie)], Answer(answer(None))).into_response())
}
