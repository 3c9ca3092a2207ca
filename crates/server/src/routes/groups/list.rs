//! Lists groups.

use axum::extract::State;
use axum::routing::get;
use countersign_core::id::GroupId;
use countersign_core::name::GroupName;
use schemars::JsonSchema;
use serde::Serialize;

use crate::app::App;
use crate::json::Answer;
use crate::problem::Result;
use crate::routes::{CONFIGURATION, Route, json};
use crate::schema::text;
use crate::see::config;
use crate::see::page::Page;
use crate::see::people::opened;
use crate::viewer::Viewer;

pub(crate) static ROUTE: Route = Route {
    reason: CONFIGURATION,
    summary: "Groups of people: those one belongs to, or all.",
    answer: json::<Page<Group>>(),
    ..Route::get("/api/v1/groups", || get(list))
};

/// A group of people.
#[derive(Serialize, JsonSchema)]
struct Group {
    #[schemars(with = "text::GroupId")]
    id: GroupId,
    #[schemars(with = "text::Name")]
    name: GroupName,
    /// Null once erased.
    mail: Option<String>,
    /// Whether one belongs to it.
    member: bool,
    /// How many people are in it, at any depth.
    people: usize,
}

async fn list(State(app): State<App>, viewer: Viewer) -> Result<Answer<Page<Group>>> {
    let (state, now, person) = (app.state(), app.now(), viewer.person);
    let all = config::reads(&state, person, now);
    app.read(move |reader| {
        let mut items = Vec::new();
        for (id, group) in state.directory.groups() {
            let member = state.directory.is_member(id, person);
            if all || member {
                items.push(Group {
                    id,
                    name: group.name.clone(),
                    mail: opened(reader, &group.mail)?,
                    member,
                    people: state.directory.members(id).count(),
                });
            }
        }
        Ok(Answer(Page::whole(items, state.next_seq)))
    })
    .await
}
