//! Lists what a request opens.

use axum::extract::State;
use axum::routing::get;
use countersign_core::id::RequestNumber;
use countersign_core::name::TaskName;
use countersign_ledger::hash::Digest;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::app::App;
use crate::json::{Answer, Asked, Id};
use crate::problem::{Problem, Result};
use crate::routes::{Route, json};
use crate::schema::{text, whole};
use crate::see::page::{self, Page};
use crate::see::{covers, requests};
use crate::viewer::Viewer;

pub(crate) static ROUTE: Route = Route {
    reason: "relation: the requester, and whom the request is or was addressed to",
    summary: "The tasks that a request opens, as they were when it was made, in order of their names.",
    query: Some(whole::<Place>),
    answer: json::<Page<OpenedTask>>(),
    ..Route::get("/api/v1/requests/{number}/tasks", || get(tasks))
};

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Place {
    /// Items on a page; 50 if absent.
    #[schemars(range(min = 1, max = 500))]
    limit: Option<usize>,
    /// `next` of the page before.
    cursor: Option<String>,
}

/// A task that a request opens.
#[derive(Serialize, JsonSchema)]
struct OpenedTask {
    #[schemars(with = "text::TaskName")]
    name: TaskName,
    /// Its digest at the request: redefined since, it is no longer opened.
    #[schemars(with = "text::Digest")]
    digest: Digest,
}

async fn tasks(
    State(app): State<App>,
    viewer: Viewer,
    Id(number): Id<RequestNumber>,
    Asked(place): Asked<Place>,
) -> Result<Answer<Page<OpenedTask>>> {
    let (state, person) = (app.state(), viewer.person);
    let limit = page::limit(place.limit)?;
    let behind = place.cursor.map(|cursor| cursor.parse::<TaskName>());
    let behind = behind.transpose().map_err(|_| Problem::invalid("`cursor` is none of this list."))?;
    app.read(move |reader| {
        let (found, _) = requests::find(&state, reader, person, number)?;
        let gone = || Problem::not_found().hint("the statement is erased, or the list was altered");
        let (statement, _) = requests::statement(reader, &found)?.ok_or_else(gone)?;
        let some = covers::some(&state, reader, &statement.covers, behind.as_ref(), limit + 1)?;
        let mut items: Vec<_> =
            some.ok_or_else(gone)?.into_iter().map(|(name, digest)| OpenedTask { name, digest }).collect();
        let more = items.len() > limit;
        items.truncate(limit);
        let next = items.last().filter(|_| more).map(|last| last.name.to_string());
        Ok(Answer(Page::part(items, next, state.next_seq)))
    })
    .await
}
