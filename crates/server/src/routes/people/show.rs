//! Shows a person.

use axum::extract::State;
use axum::routing::get;
use countersign_core::id::PersonId;
use countersign_core::view::Column as _;
use countersign_core::view::rows::person;
use countersign_store::get as row;
use serde_json::{Value as Json, json};

use super::list::line;
use crate::app::App;
use crate::json::{Answer, Id};
use crate::problem::{Problem, Result};
use crate::routes::{CONFIGURATION, Route};
use crate::see::config;
use crate::see::people::Names;
use crate::viewer::Viewer;

pub(crate) static ROUTE: Route = Route {
    reason: CONFIGURATION,
    summary: "A person: names, groups, roles, linked accounts, which credentials are in force.",
    ..Route::get("/api/v1/people/{id}", || get(show))
};

async fn show(State(app): State<App>, viewer: Viewer, Id(id): Id<PersonId>) -> Result<Answer<Json>> {
    let (state, now) = (app.state(), app.now());
    if id != viewer.person && !config::reads(&state, viewer.person, now) {
        return Err(Problem::not_found());
    }
    app.read(move |reader| {
        let found = row::<person::Row>(reader, &[id.to_cell()])?.ok_or_else(Problem::not_found)?;
        let person = state.directory.person(id).ok_or_else(Problem::not_found)?;
        let groups = state.directory.groups().filter(|(group, _)| state.directory.is_member(*group, id));
        let roles = &state.catalog.role_groups;
        let roles = roles.keys().filter(|group| state.catalog.in_role_group(&state.directory, group, id));
        let linked: Vec<PersonId> = state
            .directory
            .people()
            .filter(|(other, linked)| *other != id && linked.human == person.human)
            .map(|(other, _)| other)
            .collect();
        let names = Names::load(reader, linked.iter().copied())?;
        let mut answer = line(&found);
        if let (Some(answer), Json::Object(more)) = (
            answer.as_object_mut(),
            json!({
                "groups": groups.map(|(id, group)| json!({ "id": id, "name": group.name })).collect::<Vec<_>>(),
                "role_groups": roles.collect::<Vec<_>>(),
                "linked": linked.iter().map(|id| names.show(*id)).collect::<Vec<_>>(),
                "password": person.credentials.password.is_some(),
                "second_factor": person.credentials.totp.is_some(),
                "system_account": state.organization.system_accounts.contains_key(&id),
                "seq": state.next_seq,
            }),
        ) {
            answer.extend(more);
        }
        Ok(Answer(answer))
    })
    .await
}
