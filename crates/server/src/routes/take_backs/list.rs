//! Lists what is open: done under an authorization, and not taken back yet.

use axum::extract::State;
use axum::routing::get;
use schemars::JsonSchema;
use serde::Serialize;

use crate::app::App;
use crate::json::Answer;
use crate::problem::Result;
use crate::routes::{Route, json};
use crate::see::people::Names;
use crate::see::take_backs::{self, TakeBack};
use crate::viewer::Viewer;

pub(crate) static ROUTE: Route = Route {
    reason: "relation: what was done for oneself or under requests addressed to one; all of it for who may stop others' runs \
             or search the audit log",
    summary: "What executions did that ends with their authorization, until the target said that nothing of it is left.",
    answer: json::<Open>(),
    ..Route::get("/api/v1/take-backs", || get(list))
};

/// What is open, the oldest first.
#[derive(Serialize, JsonSchema)]
struct Open {
    items: Vec<TakeBack>,
    seq: u64,
}

async fn list(State(app): State<App>, viewer: Viewer) -> Result<Answer<Open>> {
    let (state, now, person) = (app.state(), app.now(), viewer.person);
    app.read(move |reader| {
        let open = take_backs::seen_by(&state, reader, person, now)?;
        let names = Names::load(reader, open.iter().map(|(_, owed)| owed.person))?;
        let mut items: Vec<_> = open.into_iter().collect();
        items.sort_by_key(|(_, owed)| owed.since);
        let items = items.into_iter().map(|(of, owed)| TakeBack::of(&state, of, owed, &names)).collect();
        Ok(Answer(Open { items, seq: state.next_seq }))
    })
    .await
}
