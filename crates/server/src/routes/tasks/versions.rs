//! Lists a task's versions.

use axum::extract::{Path, State};
use axum::routing::get;
use countersign_core::task::TaskDefinition;
use countersign_core::view::rows::task_version;
use countersign_ledger::hash::Digest;
use countersign_store::{Condition, ListQuery, list};
use schemars::JsonSchema;
use serde::Serialize;

use super::show::find;
use crate::app::App;
use crate::json::Answer;
use crate::problem::{Problem, Result};
use crate::routes::{CONFIGURATION, Route, json};
use crate::schema;
use crate::schema::text::{self, At};
use crate::see::config;
use crate::see::page::Page;
use crate::see::people::{Names, Person};
use crate::viewer::Viewer;

pub(crate) static ROUTE: Route = Route {
    reason: CONFIGURATION,
    summary: "All versions of a task, the newest first; Countersign's own have none.",
    answer: json::<Page<TaskVersion>>(),
    ..Route::get("/api/v1/tasks/{workload}/{name}/versions", || get(versions))
};

/// A version of a task.
#[derive(Serialize, JsonSchema)]
struct TaskVersion {
    version: u64,
    #[schemars(with = "text::Digest")]
    digest: Digest,
    created: At,
    /// Who defined it; null for the host.
    by: Option<Person>,
    #[schemars(with = "Option<schema::TaskDefinition>")]
    definition: Option<TaskDefinition>,
}

async fn versions(
    State(app): State<App>,
    viewer: Viewer,
    Path((workload, name)): Path<(String, String)>,
) -> Result<Answer<Page<TaskVersion>>> {
    let (state, now) = (app.state(), app.now());
    if !config::reads(&state, viewer.person, now) {
        return Err(Problem::not_found());
    }
    let found = find(&state, &viewer, &workload, &name, now)?;
    let key = found.definition.name.to_string().to_lowercase();
    app.read(move |reader| {
        let query = ListQuery { limit: 200, ..ListQuery::all() };
        let page = list::<task_version::Row>(reader, &query.with(Condition::Is(task_version::key(&key))))?;
        let names = Names::load(reader, page.rows.iter().filter_map(|row| row.by))?;
        Ok(Answer(Page::of(&page, |row| TaskVersion {
            version: row.version,
            digest: row.digest,
            created: row.created.into(),
            by: names.maybe(row.by),
            definition: serde_json::from_str(&row.definition).ok(),
        })))
    })
    .await
}
