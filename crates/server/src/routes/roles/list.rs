//! Lists roles.

use axum::extract::State;
use axum::routing::get;
use countersign_core::policy::Target;
use countersign_core::{standing, tasks};
use serde_json::{Value as Json, json};

use crate::app::App;
use crate::json::Answer;
use crate::problem::Result;
use crate::routes::{CONFIGURATION, Route};
use crate::see::{config, page};
use crate::viewer::Viewer;

pub(crate) static ROUTE: Route = Route {
    reason: CONFIGURATION,
    summary: "Roles with their tasks: those that one holds or may ask for, or all.",
    ..Route::get("/api/v1/roles", || get(list))
};

async fn list(State(app): State<App>, viewer: Viewer) -> Result<Answer<Json>> {
    let (state, now, person) = (app.state(), app.now(), viewer.person);
    let all = config::reads(&state, person, now);
    let mut items = Vec::new();
    for (name, role) in &state.catalog.roles {
        let held = state.catalog.holds_role(&state.directory, name, person);
        let target = Target::Role(name.clone());
        let governing = tasks::governing(&state, &target);
        let may_ask = governing.iter().any(|governing| standing::may_ask(&state, person, &target, governing));
        if all || held || may_ask {
            items.push(json!({
                "name": name, "version": role.version, "tasks": role.tasks, "held": held,
                "may_ask": may_ask, "policy": governing.first().map(|governing| governing.policy),
            }));
        }
    }
    Ok(Answer(page::whole(items, state.next_seq)))
}
