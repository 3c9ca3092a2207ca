//! Shows who one is.

use axum::extract::State;
use axum::routing::get;
use countersign_core::builtin::roles;
use serde_json::{Value as Json, json};

use crate::app::App;
use crate::json::Answer;
use crate::problem::Result;
use crate::routes::Route;
use crate::see::people::Names;
use crate::see::{config, requests};
use crate::sign_in::session::enrolled;
use crate::viewer::{Means, Viewer};

pub(crate) static ROUTE: Route = Route {
    summary: "The signed-in person: names, roles, and what waits for their decision.",
    ..Route::get("/api/v1/me", || get(show))
};

async fn show(State(app): State<App>, viewer: Viewer) -> Result<Answer<Json>> {
    let (state, now, person) = (app.state(), app.now(), viewer.person);
    let names = app.read(move |reader| Names::load(reader, [person])).await?;
    let mut answer = names.show(person);
    let roles: Vec<String> = state
        .catalog
        .roles
        .keys()
        .filter(|role| state.catalog.holds_role(&state.directory, role, person))
        .map(ToString::to_string)
        .collect();
    let session = match &viewer.means {
        Means::Session(live) => Some(live.session.second_factor_at.is_some()),
        Means::Token(_) => None,
    };
    if let (Some(answer), Json::Object(more)) = (
        answer.as_object_mut(),
        json!({
            "person": person,
            "roles": roles,
            "administrator": roles::is_administrator(&state, person),
            "reads_configuration": config::reads(&state, person, now),
            "searches_audit_log": config::may_run(&state, person, "Search-AuditLog", now),
            "second_factor": session,
            "second_factor_enrolled": enrolled(&state, person),
            "to_decide": requests::to_decide(&state, person).len(),
        }),
    ) {
        answer.extend(more);
        answer.remove("id");
    }
    Ok(Answer(answer))
}
