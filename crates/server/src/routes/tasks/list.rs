//! Lists tasks.

use axum::extract::State;
use axum::routing::get;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::app::App;
use crate::json::{Answer, Asked};
use crate::problem::Result;
use crate::routes::{Route, json};
use crate::schema::whole;
use crate::see::page::Page;
use crate::see::tasks::{self, Task};
use crate::viewer::Viewer;

pub(crate) static ROUTE: Route = Route {
    reason: "relation: tasks that the person holds, may ask for or decides on; Countersign's own are no secret",
    summary: "Tasks: what each does, whether it is protected, whether one holds it.",
    query: Some(whole::<Filter>),
    answer: json::<Page<Task>>(),
    ..Route::get("/api/v1/tasks", || get(list))
};

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Filter {
    /// Only this workload's.
    workload: Option<String>,
    /// Words that must all be found in what it is called or does, whatever their case.
    text: Option<String>,
    /// Only those that one may ask for.
    may_ask: Option<bool>,
}

async fn list(
    State(app): State<App>,
    viewer: Viewer,
    Asked(filter): Asked<Filter>,
) -> Result<Answer<Page<Task>>> {
    let (state, now) = (app.state(), app.now());
    let wanted = |found: &countersign_core::tasks::Found| {
        let workload = found.definition.name.workload().as_str();
        filter.workload.as_ref().is_none_or(|wanted| workload.eq_ignore_ascii_case(wanted))
    };
    let words: Vec<String> =
        filter.text.iter().flat_map(|text| text.split_whitespace()).map(str::to_lowercase).collect();
    let items = tasks::all(&state)
        .filter(wanted)
        .filter(|found| words.is_empty() || tasks::says(&found.definition, &words))
        .filter(|found| tasks::visible(&state, viewer.person, &found.definition.name, now))
        .map(|found| Task::of(&state, &found, viewer.person, now))
        .filter(|task| filter.may_ask != Some(true) || task.may_ask())
        .collect();
    Ok(Answer(Page::whole(items, state.next_seq)))
}
