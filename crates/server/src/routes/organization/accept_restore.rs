//! Says as a default approver that a restored copy of the ledger is to be gone on with.

use axum::extract::State;
use axum::routing::post;
use countersign_core::command::Command;
use schemars::JsonSchema;
use serde::Serialize;

use crate::app::App;
use crate::idempotency::IdempotencyKey;
use crate::json::Answer;
use crate::problem::Result;
use crate::routes::{PEOPLE, Route, json};
use crate::viewer::Viewer;

pub(crate) static ROUTE: Route = Route {
    access: PEOPLE,
    reason: "relation: default approvers, two of them; it ends everything live and pending",
    summary: "Says as a default approver that a restored copy is to be gone on with; the second one's word accepts it.",
    answer: json::<Word>(),
    ..Route::post("/api/v1/organization/accept-restore", || post(accept))
};

/// What became of a default approver's word.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "RestoreWord")]
struct Word {
    /// Whether the copy is accepted now: it was the second person's word.
    accepted: bool,
}

async fn accept(State(app): State<App>, viewer: Viewer, key: IdempotencyKey) -> Result<Answer<Word>> {
    let receipt = app.submit(key.submission(viewer.principal(), Command::AcceptRestore(None))).await?;
    receipt.reply?;
    Ok(Answer(Word { accepted: app.engine().restored().is_none() }))
}
