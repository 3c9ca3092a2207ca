//! Shows an execution.

use axum::extract::State;
use axum::routing::get;
use countersign_core::id::ExecutionId;

use crate::app::App;
use crate::json::{Answer, Id};
use crate::problem::Result;
use crate::routes::{Route, json};
use crate::see::executions::{self, Execution};
use crate::see::people::Names;
use crate::viewer::Viewer;

pub(crate) static ROUTE: Route = Route {
    reason: "relation: who ran it, approvers of its authorization; without parameters for who may stop others' runs \
             or search the audit log",
    summary: "An execution: on which basis, how it stands, how it ended, the digests of its output.",
    answer: json::<Execution>(),
    ..Route::get("/api/v1/executions/{id}", || get(show))
};

async fn show(State(app): State<App>, viewer: Viewer, Id(id): Id<ExecutionId>) -> Result<Answer<Execution>> {
    let (state, now, person) = (app.state(), app.now(), viewer.person);
    app.read(move |reader| {
        let (row, parameters) = executions::find(&state, reader, person, id, now)?;
        let names = Names::load(reader, [row.person])?;
        Ok(Answer(Execution::of(&row, &names, parameters)))
    })
    .await
}
