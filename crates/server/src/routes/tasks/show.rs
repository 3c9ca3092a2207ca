//! Shows a task.

use axum::extract::{Path, State};
use axum::routing::get;
use countersign_core::name::TaskName;
use countersign_core::state::State as Everything;
use countersign_core::tasks::Found;
use countersign_core::time::Instant;

use crate::app::App;
use crate::json::Answer;
use crate::problem::{Problem, Result};
use crate::routes::{Route, json};
use crate::see::tasks::{self, TaskDetails};
use crate::viewer::Viewer;

pub(crate) static ROUTE: Route = Route {
    reason: "relation: tasks that the person holds, may ask for or decides on; Countersign's own are no secret",
    summary: "A task: its parameters, how it is executed, and the policy that governs it in words.",
    answer: json::<TaskDetails>(),
    ..Route::get("/api/v1/tasks/{workload}/{name}", || get(show))
};

async fn show(
    State(app): State<App>,
    viewer: Viewer,
    Path((workload, name)): Path<(String, String)>,
) -> Result<Answer<TaskDetails>> {
    let (state, now) = (app.state(), app.now());
    let found = find(&state, &viewer, &workload, &name, now)?;
    Ok(Answer(TaskDetails::of(&state, &found, viewer.person, now)))
}

/// The task, if the viewer may know of it.
pub(super) fn find(
    state: &Everything,
    viewer: &Viewer,
    workload: &str,
    name: &str,
    now: Instant,
) -> Result<Found> {
    let name: TaskName = format!("{workload}\\{name}").parse().map_err(|_| Problem::not_found())?;
    countersign_core::tasks::find(state, &name)
        .filter(|_| tasks::visible(state, viewer.person, &name, now))
        .ok_or_else(Problem::not_found)
}
