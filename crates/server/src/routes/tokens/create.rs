//! Makes an API token.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use countersign_core::actor::Scope;
use countersign_core::command::Command;
use countersign_core::decide::Reply;
use countersign_core::id::PersonId;
use countersign_core::time::Span;
use countersign_identity::token::{Kind, Token};
use countersign_ledger::hash::Digest;
use serde::Deserialize;
use serde_json::json;

use crate::app::App;
use crate::json::{Answer, Body};
use crate::problem::{Problem, Result};
use crate::routes::Route;
use crate::schema::{Schema, integer, object, text, words};
use crate::see::at;
use crate::viewer::Viewer;

pub(crate) static ROUTE: Route = Route {
    reason: "relation: a token is its owner with less; made in a session only",
    summary: "Makes an API token. Its secret is in this answer and nowhere else.",
    body: Some(form),
    success: 201,
    ..Route::post("/api/v1/tokens", || post(create))
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Form {
    account: Option<PersonId>,
    label: String,
    scopes: Vec<Scope>,
    days: u64,
}

fn form() -> Schema {
    let scopes = words(&["request", "execute", "read", "raise"]);
    object(&[("account?", text()), ("label", text()), ("scopes", scopes), ("days", integer())])
}

async fn create(State(app): State<App>, viewer: Viewer, Body(form): Body<Form>) -> Result<Response> {
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
            let answer = json!({ "id": id, "token": token.reveal(), "until": at(until) });
            Ok((StatusCode::CREATED, Answer(answer)).into_response())
        }
        other => Err(Problem::internal(format!("a token was answered by {other:?}"))),
    }
}
