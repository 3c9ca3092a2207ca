//! Shows a group.

use axum::extract::State;
use axum::routing::get;
use countersign_core::id::GroupId;
use countersign_core::name::GroupName;
use schemars::JsonSchema;
use serde::Serialize;

use crate::app::App;
use crate::json::{Answer, Id};
use crate::problem::{Problem, Result};
use crate::routes::{CONFIGURATION, Route, json};
use crate::schema::text;
use crate::see::config;
use crate::see::members::{Member, members};
use crate::see::people::{Names, Person, opened};
use crate::viewer::Viewer;

pub(crate) static ROUTE: Route = Route {
    reason: CONFIGURATION,
    summary: "A group: direct members, and the people in it at any depth.",
    answer: json::<GroupDetails>(),
    ..Route::get("/api/v1/groups/{id}", || get(show))
};

/// A group with its members.
#[derive(Serialize, JsonSchema)]
struct GroupDetails {
    #[schemars(with = "text::GroupId")]
    id: GroupId,
    #[schemars(with = "text::Name")]
    name: GroupName,
    /// Null once erased.
    mail: Option<String>,
    /// Direct members.
    members: Vec<Member>,
    /// The people in it, at any depth.
    people: Vec<Person>,
    seq: u64,
}

async fn show(State(app): State<App>, viewer: Viewer, Id(id): Id<GroupId>) -> Result<Answer<GroupDetails>> {
    let (state, now) = (app.state(), app.now());
    if !(config::reads(&state, viewer.person, now) || state.directory.is_member(id, viewer.person)) {
        return Err(Problem::not_found());
    }
    app.read(move |reader| {
        let group = state.directory.group(id).ok_or_else(Problem::not_found)?;
        let names = Names::load(reader, state.directory.members(id).map(|(person, _)| person))?;
        Ok(Answer(GroupDetails {
            id,
            name: group.name.clone(),
            mail: opened(reader, &group.mail)?,
            members: members(reader, &state, group.members.iter())?,
            people: state.directory.members(id).map(|(person, _)| names.show(person)).collect(),
            seq: state.next_seq,
        }))
    })
    .await
}
