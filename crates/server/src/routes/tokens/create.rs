//! Makes an API token.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use countersign_core::actor::Scope;
use countersign_core::command::Command;
use countersign_core::decide::Reply;
use countersign_core::id::{PersonId, TokenId};
use countersign_core::time::Span;
use countersign_identity::token::{Kind, Token};
use countersign_ledger::hash::Digest;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::app::App;
use crate::json::{Answer, Body};
use crate::problem::{Problem, Result};
use crate::routes::{Route, json};
use crate::schema::text::{self, At};
use crate::schema::word;
use crate::viewer::Viewer;

pub(crate) static ROUTE: Route = Route {
    reason: "relation: a token is its owner with less; made in a session only",
    summary: "Makes an API token. Its secret is in this answer and nowhere else.",
    body: Some(json::<NewToken>()),
    success: 201,
    answer: json::<MadeToken>(),
    ..Route::post("/api/v1/tokens", || post(create))
};

/// A token to be made.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct NewToken {
    /// A service account of one's own that it is for, if not oneself.
    #[schemars(with = "Option<text::PersonId>")]
    account: Option<PersonId>,
    /// What it is for.
    label: String,
    #[schemars(with = "Vec<word::Scope>", length(min = 1))]
    scopes: Vec<Scope>,
    /// How long it lives.
    days: u64,
}

/// A token that was made. Its secret is shown this once.
#[derive(Serialize, JsonSchema)]
struct MadeToken {
    #[schemars(with = "text::TokenId")]
    id: TokenId,
    token: String,
    until: At,
}

async fn create(State(app): State<App>, viewer: Viewer, Body(form): Body<NewToken>) -> Result<Response> {
    let seed = app.seed()?;
    let token = Token::from_entropy(Kind::Api, seed.first_chunk().unwrap_or(&[0; 20]));
    let until = app.now().plus(Span::from_hours(form.days.saturating_mul(24)));
    let command = Command::IssueToken {
        account: form.account,
        secret: Digest::from_bytes(token.hash().0),
        scopes: form.scopes.into_iter().collect(),
        until,
        label: form.label,
    };
    match app.carry_out(viewer.principal(), command).await? {
        Reply::Token { token: id } => {
            let made = MadeToken { id, token: token.reveal().to_string(), until: until.into() };
            Ok((StatusCode::CREATED, Answer(made)).into_response())
        }
        other => Err(Problem::internal(format!("a token was answered by {other:?}"))),
    }
}
