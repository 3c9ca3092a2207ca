//! Lists approval policies.

use std::sync::Arc;

use axum::extract::State;
use axum::routing::get;
use countersign_core::id::PolicyId;
use countersign_core::policy::{self, PolicyTerms};
use countersign_core::state::{self, State as Everything};
use countersign_core::tasks::Governing;
use countersign_core::warnings;
use schemars::JsonSchema;
use serde::Serialize;

use crate::app::App;
use crate::json::Answer;
use crate::problem::Result;
use crate::routes::{CONFIGURATION, Route, json};
use crate::schema::{self, text};
use crate::see::page::Page;
use crate::see::policies::{Target, clauses};
use crate::see::{config, tasks};
use crate::viewer::Viewer;

pub(crate) static ROUTE: Route = Route {
    reason: CONFIGURATION,
    summary: "Approval policies in words: those that one decides on, or all.",
    answer: json::<Page<Policy>>(),
    ..Route::get("/api/v1/policies", || get(list))
};

async fn list(State(app): State<App>, viewer: Viewer) -> Result<Answer<Page<Policy>>> {
    let (state, now, person) = (app.state(), app.now(), viewer.person);
    let all = config::reads(&state, person, now);
    let seen = state
        .policies
        .iter()
        .filter(|(id, policy)| all || tasks::decides(&state, person, &governing(**id, policy)));
    let items = seen.map(|(id, policy)| Policy::of(&state, *id, policy)).collect();
    Ok(Answer(Page::whole(items, state.next_seq)))
}

pub(super) fn governing(id: PolicyId, policy: &state::Policy) -> Governing {
    Governing { policy: id, version: policy.version, terms: Arc::clone(&policy.terms) }
}

/// An approval policy.
#[derive(Serialize, JsonSchema)]
pub(super) struct Policy {
    #[schemars(with = "text::PolicyId")]
    id: PolicyId,
    version: u64,
    target: Target,
    /// Whether there is what it covers.
    target_exists: bool,
    approval_type: ApprovalType,
    /// Its clauses in words.
    words: Vec<String>,
    #[schemars(with = "schema::PolicyTerms")]
    terms: Arc<PolicyTerms>,
    warnings: PolicyWarnings,
}

/// What is to be said of a policy. Nothing is good.
#[derive(Serialize, JsonSchema)]
pub(super) struct PolicyWarnings {
    /// Too few people could approve for somebody who may ask.
    short: bool,
    /// One person's leaving would make it so.
    hangs_on_one: bool,
    /// Policies that ask for more and cover the same.
    weaker_than: Vec<WeakerThan>,
}

/// A policy that asks for more than another that stands before it.
#[derive(Serialize, JsonSchema)]
struct WeakerThan {
    target: Target,
    how: Conflict,
}

/// How the less demanding policy stands before the other: it is more specific, or of equal rank.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum Conflict {
    Shadows,
    EqualRank,
}

impl PolicyWarnings {
    pub(super) fn of(state: &Everything, terms: &PolicyTerms) -> Self {
        let found = warnings::of(state, terms);
        let weaker = found.exceptions.iter().map(|exception| WeakerThan {
            target: Target::from(&exception.than),
            how: match exception.conflict {
                policy::Conflict::Shadows => Conflict::Shadows,
                policy::Conflict::EqualRank => Conflict::EqualRank,
            },
        });
        Self { short: found.short, hangs_on_one: found.hangs_on_one, weaker_than: weaker.collect() }
    }
}

/// Whether people decide.
#[derive(Serialize, JsonSchema)]
enum ApprovalType {
    Manual,
    Auto,
}

impl Policy {
    pub(super) fn of(state: &Everything, id: PolicyId, policy: &state::Policy) -> Self {
        let terms = &policy.terms;
        let exists = match &terms.target {
            policy::Target::Task(name) => countersign_core::tasks::find(state, name).is_some(),
            policy::Target::Role(name) => state.catalog.roles.contains_key(name),
            policy::Target::RoleGroup(name) => state.catalog.role_groups.contains_key(name),
        };
        let auto = terms.approval.stages().is_empty();
        Self {
            id,
            version: policy.version,
            target: (&terms.target).into(),
            target_exists: exists,
            approval_type: if auto { ApprovalType::Auto } else { ApprovalType::Manual },
            words: clauses(state, terms),
            terms: Arc::clone(terms),
            warnings: PolicyWarnings::of(state, terms),
        }
    }
}
