//! Approves, perhaps for less.

use axum::extract::State;
use axum::routing::post;
use countersign_core::command::{self, Command};
use countersign_core::id::RequestNumber;
use countersign_core::parameter::ConstraintForms;
use countersign_core::time::Span;
use countersign_ledger::hash::Digest;
use schemars::JsonSchema;
use serde::Deserialize;

use super::step::{Submitted, step};
use crate::app::App;
use crate::idempotency::IdempotencyKey;
use crate::json::{Answer, Body, Id};
use crate::problem::Result;
use crate::routes::{Route, json};
use crate::schema::{self, text};
use crate::viewer::Viewer;

pub(crate) static ROUTE: Route = Route {
    reason: "relation: an eligible approver of the current stage, in a session (G9 to G11); never a token",
    summary: "Approves the statement with this digest, as asked or for less.",
    body: Some(json::<Approval>()),
    answer: json::<Submitted>(),
    ..Route::post("/api/v1/requests/{number}/approve", || post(approve))
};

/// An approval of the statement with this digest.
#[derive(Deserialize, JsonSchema)]
#[schemars(rename = "NewApproval")]
#[serde(deny_unknown_fields)]
struct Approval {
    #[schemars(with = "text::Digest")]
    statement: Digest,
    #[serde(default)]
    comment: String,
    less: Option<Less>,
}

/// Less than was asked for: what is absent stays as it was asked.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Less {
    duration_secs: Option<u64>,
    uses: Option<u32>,
    #[serde(default)]
    #[schemars(with = "schema::ConstraintForms")]
    constraints: ConstraintForms,
}

async fn approve(
    State(app): State<App>,
    viewer: Viewer,
    Id(number): Id<RequestNumber>,
    key: IdempotencyKey,
    Body(approval): Body<Approval>,
) -> Result<Answer<Submitted>> {
    let command = {
        let less = approval.less.map(|less| command::Less {
            duration: less.duration_secs.map(Span::from_secs),
            uses: less.uses,
            constraints: less.constraints,
        });
        let (statement, comment) = (approval.statement, approval.comment);
        Command::Approve(command::Approve { number, statement, comment, less })
    };
    step(&app, &viewer, key, command).await
}
