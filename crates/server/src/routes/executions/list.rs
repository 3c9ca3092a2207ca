//! Lists executions.

use axum::extract::State;
use axum::routing::get;
use countersign_core::view::ExecutionStatus;
use countersign_core::view::rows::execution;
use countersign_store::{Condition, Visibility, list as page_of};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::app::App;
use crate::json::{Answer, Asked};
use crate::problem::{Problem, Result};
use crate::routes::{Route, json};
use crate::schema::{whole, word};
use crate::see::executions::{self, Execution, Parameters};
use crate::see::page::{self, Page};
use crate::see::people::Names;
use crate::see::requests;
use crate::viewer::Viewer;

pub(crate) static ROUTE: Route = Route {
    reason: "relation: one's own runs and those under requests addressed to one; without parameters for who may stop \
             others' runs or search the audit log",
    summary: "Executions, the newest first.",
    query: Some(whole::<Filter>),
    answer: json::<Page<Execution>>(),
    ..Route::get("/api/v1/executions", || get(list))
};

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Filter {
    /// Only one's own.
    mine: Option<bool>,
    #[schemars(with = "Option<word::ExecutionStatus>")]
    status: Option<String>,
    /// Only this task's: `Workload\\Name`.
    task: Option<String>,
    /// Items on a page; 50 if absent.
    #[schemars(range(min = 1, max = 500))]
    limit: Option<usize>,
    /// `next` of the page before.
    cursor: Option<String>,
}

async fn list(
    State(app): State<App>,
    viewer: Viewer,
    Asked(filter): Asked<Filter>,
) -> Result<Answer<Page<Execution>>> {
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
            let own = row.person == person && row.basis != executions::PREVIEW;
            let theirs = own || row.number.is_some_and(|number| addressed.contains(&number));
            if theirs { Parameters::Shown } else { Parameters::Hidden }
        };
        Ok(Answer(Page::of(&page, |row| Execution::of(row, &names, parameters(row)))))
    })
    .await
}
