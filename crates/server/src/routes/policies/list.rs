//! Lists approval policies.

use axum::extract::State;
use axum::routing::get;
use countersign_core::id::PolicyId;
use countersign_core::policy::Target;
use countersign_core::state::{Policy, State as Everything};
use countersign_core::tasks::Governing;
use serde_json::{Value as Json, json};

use crate::app::App;
use crate::json::Answer;
use crate::problem::Result;
use crate::routes::{CONFIGURATION, Route};
use crate::see::policies::{clauses, target};
use crate::see::{config, page, tasks};
use crate::viewer::Viewer;

pub(crate) static ROUTE: Route = Route {
    reason: CONFIGURATION,
    summary: "Approval policies in words: those that one decides on, or all.",
    ..Route::get("/api/v1/policies", || get(list))
};

async fn list(State(app): State<App>, viewer: Viewer) -> Result<Answer<Json>> {
    let (state, now, person) = (app.state(), app.now(), viewer.person);
    let all = config::reads(&state, person, now);
    let seen = state
        .policies
        .iter()
        .filter(|(id, policy)| all || tasks::decides(&state, person, &governing(**id, policy)));
    let items = seen.map(|(id, policy)| line(&state, *id, policy)).collect();
    Ok(Answer(page::whole(items, state.next_seq)))
}

pub(super) fn governing(id: PolicyId, policy: &Policy) -> Governing {
    Governing { policy: id, version: policy.version, terms: std::sync::Arc::clone(&policy.terms) }
}

pub(super) fn line(state: &Everything, id: PolicyId, policy: &Policy) -> Json {
    let terms = &policy.terms;
    let exists = match &terms.target {
        Target::Task(name) => countersign_core::tasks::find(state, name).is_some(),
        Target::Role(name) => state.catalog.roles.contains_key(name),
        Target::RoleGroup(name) => state.catalog.role_groups.contains_key(name),
    };
    let approval = if terms.approval.stages().is_empty() { "Auto" } else { "Manual" };
    json!({
        "id": id, "version": policy.version, "target": target(&terms.target), "target_exists": exists,
        "approval_type": approval, "words": clauses(state, terms), "terms": &**terms,
    })
}
