//! Lists role groups.

use std::collections::BTreeSet;

use axum::extract::State;
use axum::routing::get;
use countersign_core::name::{RoleGroupName, RoleName, TaskName};
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
use crate::see::members::{Member, members};
use crate::see::page::Page;
use crate::see::policies::AskedPolicy;
use crate::viewer::Viewer;

pub(crate) static ROUTE: Route = Route {
    reason: CONFIGURATION,
    summary: "Role groups with their roles: one's own, or all of them with their members.",
    answer: json::<Page<RoleGroup>>(),
    ..Route::get("/api/v1/role-groups", || get(list))
};

/// A set of roles with members.
#[derive(Serialize, JsonSchema)]
struct RoleGroup {
    #[schemars(with = "text::RoleGroupName")]
    name: RoleGroupName,
    #[schemars(with = "Vec<text::RoleName>")]
    roles: BTreeSet<RoleName>,
    /// Whether one is in it.
    held: bool,
    may_ask: bool,
    /// Direct members; null for who may not read them.
    members: Option<Vec<Member>>,
    policies: Vec<AskedPolicy>,
    /// Tasks that a request for it leaves shut: they have policies of their own, or no role may open them.
    #[schemars(with = "Vec<text::TaskName>")]
    shut: BTreeSet<TaskName>,
}

async fn list(State(app): State<App>, viewer: Viewer) -> Result<Answer<Page<RoleGroup>>> {
    let (state, now, person) = (app.state(), app.now(), viewer.person);
    let all = config::reads(&state, person, now);
    app.read(move |reader| {
        let mut items = Vec::new();
        for (name, group) in &state.catalog.role_groups {
            let held = state.catalog.in_role_group(&state.directory, name, person);
            let target = Target::RoleGroup(name.clone());
            let policies = AskedPolicy::of(&state, &target, person);
            let may_ask = policies.iter().any(AskedPolicy::may_ask);
            if !(all || held || may_ask) {
                continue;
            }
            let governing = policies.first().map(AskedPolicy::id);
            items.push(RoleGroup {
                name: name.clone(),
                roles: group.roles.iter().cloned().collect(),
                held,
                may_ask,
                members: if all { Some(members(reader, &state, group.members.iter())?) } else { None },
                policies,
                shut: governing.map(|policy| tasks::opened(&state, &target, policy).1).unwrap_or_default(),
            });
        }
        Ok(Answer(Page::whole(items, state.next_seq)))
    })
    .await
}
