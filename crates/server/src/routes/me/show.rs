//! Shows who one is.

use axum::extract::State;
use axum::routing::get;
use countersign_core::builtin::roles;
use countersign_core::id::PersonId;
use countersign_core::name::RoleName;
use schemars::JsonSchema;
use serde::Serialize;

use crate::app::App;
use crate::json::Answer;
use crate::problem::Result;
use crate::routes::{Route, json};
use crate::schema::text;
use crate::see::people::{Names, Person};
use crate::see::{config, requests};
use crate::sign_in::session::enrolled;
use crate::viewer::{Means, Viewer};

pub(crate) static ROUTE: Route = Route {
    summary: "The signed-in person: names, roles, and what waits for their decision.",
    answer: json::<Me>(),
    ..Route::get("/api/v1/me", || get(show))
};

/// The signed-in person.
#[derive(Serialize, JsonSchema)]
struct Me {
    #[schemars(with = "text::PersonId")]
    person: PersonId,
    upn: Option<String>,
    display_name: Option<String>,
    #[schemars(with = "Vec<text::RoleName>")]
    roles: Vec<RoleName>,
    administrator: bool,
    reads_configuration: bool,
    searches_audit_log: bool,
    /// Whether this session has shown a second factor; null for a token.
    second_factor: Option<bool>,
    second_factor_enrolled: bool,
    /// How many requests wait for one's decision.
    to_decide: usize,
}

async fn show(State(app): State<App>, viewer: Viewer) -> Result<Answer<Me>> {
    let (state, now, person) = (app.state(), app.now(), viewer.person);
    let names = app.read(move |reader| Names::load(reader, [person])).await?;
    let roles = state
        .catalog
        .roles
        .keys()
        .filter(|role| state.catalog.holds_role(&state.directory, role, person))
        .cloned()
        .collect();
    let session = match &viewer.means {
        Means::Session(live) => Some(live.session.second_factor_at.is_some()),
        Means::Token(_) => None,
    };
    let Person { upn, display_name, .. } = names.show(person);
    Ok(Answer(Me {
        person,
        upn,
        display_name,
        roles,
        administrator: roles::is_administrator(&state, person),
        reads_configuration: config::reads(&state, person, now),
        searches_audit_log: config::may_run(&state, person, "Search-AuditLog", now),
        second_factor: session,
        second_factor_enrolled: enrolled(&state, person),
        to_decide: requests::to_decide(&state, person).len(),
    }))
}
