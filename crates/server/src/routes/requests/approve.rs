//! Approves, perhaps for less.

use axum::extract::State;
use axum::routing::post;
use countersign_core::command::{Approve, Command, Less};
use countersign_core::id::RequestNumber;
use countersign_core::parameter::ConstraintForms;
use countersign_core::time::Span;
use countersign_ledger::hash::Digest;
use serde::Deserialize;
use serde_json::Value as Json;

use super::create::answer;
use crate::app::App;
use crate::idempotency::IdempotencyKey;
use crate::json::{Answer, Body, Id};
use crate::problem::Result;
use crate::routes::Route;
use crate::schema::{Schema, constraints, digest, integer, object, text};
use crate::viewer::Viewer;

pub(crate) static ROUTE: Route = Route {
    reason: "relation: an eligible approver of the current stage, in a session (G9 to G11); never a token",
    summary: "Approves the statement with this digest, as asked or for less.",
    body: Some(form),
    ..Route::post("/api/v1/requests/{number}/approve", || post(approve))
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Form {
    statement: Digest,
    #[serde(default)]
    comment: String,
    less: Option<LessForm>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LessForm {
    duration_secs: Option<u64>,
    uses: Option<u32>,
    #[serde(default)]
    constraints: ConstraintForms,
}

fn form() -> Schema {
    let less =
        object(&[("duration_secs?", integer()), ("uses?", integer()), ("constraints?", constraints())]).0;
    object(&[("statement", digest()), ("comment?", text()), ("less?", less)])
}

async fn approve(
    State(app): State<App>,
    viewer: Viewer,
    Id(number): Id<RequestNumber>,
    key: IdempotencyKey,
    Body(form): Body<Form>,
) -> Result<Answer<Json>> {
    let less = form.less.map(|less| Less {
        duration: less.duration_secs.map(Span::from_secs),
        uses: less.uses,
        constraints: less.constraints,
    });
    let (statement, comment) = (form.statement, form.comment);
    let command = Command::Approve(Approve { number, statement, comment, less });
    let receipt = app.submit(key.submission(viewer.principal(), command)).await?;
    Ok(Answer(answer(&receipt.reply?)?))
}
