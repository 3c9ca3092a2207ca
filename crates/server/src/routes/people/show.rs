//! Shows a person.

use axum::extract::State;
use axum::routing::get;
use countersign_core::id::{GroupId, PersonId};
use countersign_core::name::{GroupName, RoleGroupName};
use countersign_core::view::Column as _;
use countersign_core::view::rows::person;
use countersign_store::get as row;
use schemars::JsonSchema;
use serde::Serialize;

use super::list::Account;
use crate::app::App;
use crate::json::{Answer, Id};
use crate::problem::{Problem, Result};
use crate::routes::{CONFIGURATION, Route, json};
use crate::schema::text;
use crate::see::config;
use crate::see::people::{Names, Person};
use crate::viewer::Viewer;

pub(crate) static ROUTE: Route = Route {
    reason: CONFIGURATION,
    summary: "A person: names, groups, roles, linked accounts, which credentials are in force.",
    answer: json::<AccountDetails>(),
    ..Route::get("/api/v1/people/{id}", || get(show))
};

/// Everything about an account.
#[derive(Serialize, JsonSchema)]
struct AccountDetails {
    #[serde(flatten)]
    account: Account,
    /// The groups that they are in, at any depth.
    groups: Vec<NamedGroup>,
    #[schemars(with = "Vec<text::RoleGroupName>")]
    role_groups: Vec<RoleGroupName>,
    /// Accounts of the same person.
    linked: Vec<Person>,
    /// Whether a password is set.
    password: bool,
    /// Whether a second factor is in force.
    second_factor: bool,
    /// Whether it is an exempt service account.
    system_account: bool,
    seq: u64,
}

/// A group by name.
#[derive(Serialize, JsonSchema)]
struct NamedGroup {
    #[schemars(with = "text::GroupId")]
    id: GroupId,
    #[schemars(with = "text::Name")]
    name: GroupName,
}

async fn show(
    State(app): State<App>,
    viewer: Viewer,
    Id(id): Id<PersonId>,
) -> Result<Answer<AccountDetails>> {
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
        Ok(Answer(AccountDetails {
            account: Account::of(&found),
            groups: groups.map(|(id, group)| NamedGroup { id, name: group.name.clone() }).collect(),
            role_groups: roles.cloned().collect(),
            linked: linked.iter().map(|id| names.show(*id)).collect(),
            password: person.credentials.password.is_some(),
            second_factor: person.credentials.totp.is_some(),
            system_account: state.organization.system_accounts.contains_key(&id),
            seq: state.next_seq,
        }))
    })
    .await
}
