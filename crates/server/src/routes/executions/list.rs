//! Lists executions.

use axum::extract::State;
use axum::routing::get;
use countersign_core::view::ExecutionStatus;
use countersign_core::view::rows::execution;
use countersign_store::{Condition, Visibility, list as page_of};
use serde::Deserialize;
use serde_json::Value as Json;

use crate::app::App;
use crate::json::{Answer, Asked};
use crate::problem::{Problem, Result};
use crate::routes::{CURSOR, LIMIT, Route};
use crate::see::executions::{self, Parameters};
use crate::see::people::Names;
use crate::see::{page, requests};
use crate::viewer::Viewer;

pub(crate) static ROUTE: Route = Route {
    reason: "relation: one's own runs and those under requests addressed to one; without parameters for who may stop \
             others' runs or search the audit log",
    summary: "Executions, the newest first.",
    query: &[
        ("mine", "`true`: only one's own."),
        ("status", "`running`, `succeeded`, `failed`, `stopped` or `unknown`."),
        ("task", "Only this task's: `Workload\\Name`."),
        LIMIT,
        CURSOR,
    ],
    ..Route::get("/api/v1/executions", || get(list))
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Filter {
    mine: Option<bool>,
    status: Option<String>,
    task: Option<String>,
    limit: Option<usize>,
    cursor: Option<String>,
}

async fn list(State(app): State<App>, viewer: Viewer, Asked(filter): Asked<Filter>) -> Result<Answer<Json>> {
    let (state, now, person) = (app.state(), app.now(), viewer.person);
    let mut query = page::query(filter.limit, filter.cursor)?;
    if let Some(status) = filter.status {
        let status = ExecutionStatus::from_word(&status)
            .ok_or_else(|| Problem::invalid("`status` is not a status of executions."))?;
        query = query.with(Condition::Is(execution::status(&status)));
    }
    if let Some(task) = filter.task {
        query = query.with(Condition::Is(execution::task_key(&task.to_lowercase())));
    }
    let mine = filter.mine == Some(true);
    if mine {
        query = query.with(Condition::Is(execution::person(&person)));
    }
    app.read(move |reader| {
        let addressed = requests::addressed_to(&state, reader, person)?;
        if mine || !executions::oversees(&state, person, now) {
            let requests = addressed.clone();
            query.visibility = Visibility::Only { person: Some(person), requests };
        }
        let page = page_of::<execution::Row>(reader, &query)?;
        let names = Names::load(reader, page.rows.iter().map(|row| row.person))?;
        let parameters = |row: &execution::Row| {
            let theirs = row.person == person || row.number.is_some_and(|number| addressed.contains(&number));
            if theirs { Parameters::Shown } else { Parameters::Hidden }
        };
        let items = page.rows.iter().map(|row| executions::line(row, &names, parameters(row))).collect();
        Ok(Answer(page::answer(&page, items)))
    })
    .await
}
