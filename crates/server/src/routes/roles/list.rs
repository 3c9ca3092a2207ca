//! Lists roles.

use std::collections::BTreeSet;

use axum::extract::State;
use axum::routing::get;
use countersign_core::id::PolicyId;
use countersign_core::name::{RoleName, TaskName};
use countersign_core::policy::Target;
use countersign_core::tasks;
use schemars::JsonSchema;
use serde::Serialize;

use crate::app::App;
use crate::json::Answer;
use crate::problem::Result;
use crate::routes::{CONFIGURATION, Route, json};
use crate::schema::text;
use crate::see::config;
use crate::see::page::Page;
use crate::see::policies::AskedPolicy;
use crate::viewer::Viewer;

pub(crate) static ROUTE: Route = Route {
    reason: CONFIGURATION,
    summary: "Roles with their tasks: those that one holds or may ask for, or all.",
    answer: json::<Page<Role>>(),
    ..Route::get("/api/v1/roles", || get(list))
};

/// A set of tasks.
#[derive(Serialize, JsonSchema)]
struct Role {
    #[schemars(with = "text::RoleName")]
    name: RoleName,
    version: u64,
    #[schemars(with = "Vec<text::TaskName>")]
    tasks: BTreeSet<TaskName>,
    /// Whether one holds it.
    held: bool,
    may_ask: bool,
    /// The first of the policies.
    #[schemars(with = "Option<text::PolicyId>")]
    policy: Option<PolicyId>,
    policies: Vec<AskedPolicy>,
    /// Tasks that a request for it leaves shut: they have policies of their own, or no role may open them.
    #[schemars(with = "Vec<text::TaskName>")]
    shut: BTreeSet<TaskName>,
}

async fn list(State(app): State<App>, viewer: Viewer) -> Result<Answer<Page<Role>>> {
    let (state, now, person) = (app.state(), app.now(), viewer.person);
    let all = config::reads(&state, person, now);
    let mut items = Vec::new();
    for (name, role) in &state.catalog.roles {
        let held = state.catalog.holds_role(&state.directory, name, person);
        let target = Target::Role(name.clone());
        let policies = AskedPolicy::of(&state, &target, person);
        let may_ask = policies.iter().any(AskedPolicy::may_ask);
        if all || held || may_ask {
            let policy = policies.first().map(AskedPolicy::id);
            items.push(Role {
                name: name.clone(),
                version: role.version,
                tasks: role.tasks.iter().cloned().collect(),
                held,
                may_ask,
                policy,
                policies,
                shut: policy.map(|policy| tasks::opened(&state, &target, policy).1).unwrap_or_default(),
            });
        }
    }
    Ok(Answer(Page::whole(items, state.next_seq)))
}
