//! Shows a group.

use axum::extract::State;
use axum::routing::get;
use countersign_core::id::GroupId;
use serde_json::{Value as Json, json};

use crate::app::App;
use crate::json::{Answer, Id};
use crate::problem::{Problem, Result};
use crate::routes::role_groups::list::members;
use crate::routes::{CONFIGURATION, Route};
use crate::see::config;
use crate::see::people::{Names, opened};
use crate::viewer::Viewer;

pub(crate) static ROUTE: Route = Route {
    reason: CONFIGURATION,
    summary: "A group: direct members, and the people in it at any depth.",
    ..Route::get("/api/v1/groups/{id}", || get(show))
};

async fn show(State(app): State<App>, viewer: Viewer, Id(id): Id<GroupId>) -> Result<Answer<Json>> {
    let (state, now) = (app.state(), app.now());
    if !(config::reads(&state, viewer.person, now) || state.directory.is_member(id, viewer.person)) {
        return Err(Problem::not_found());
    }
    app.read(move |reader| {
        let group = state.directory.group(id).ok_or_else(Problem::not_found)?;
        let names = Names::load(reader, state.directory.members(id).map(|(person, _)| person))?;
        Ok(Answer(json!({
            "id": id,
            "name": group.name,
            "mail": opened(reader, &group.mail)?,
            "members": members(reader, &state, group.members.iter())?,
            "people": state.directory.members(id).map(|(person, _)| names.show(person)).collect::<Vec<_>>(),
            "seq": state.next_seq,
        })))
    })
    .await
}
