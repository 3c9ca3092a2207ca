//! Shows an approval policy and its versions.

use axum::extract::State;
use axum::routing::get;
use countersign_core::id::PolicyId;
use countersign_core::policy::PolicyTerms;
use countersign_core::view::rows::policy_version;
use countersign_store::{Condition, ListQuery, list};
use schemars::JsonSchema;
use serde::Serialize;

use super::list::{Policy, governing};
use crate::app::App;
use crate::json::{Answer, Id};
use crate::problem::{Problem, Result};
use crate::routes::{CONFIGURATION, Route, json};
use crate::schema;
use crate::schema::text::{At, Number};
use crate::see::people::{Names, Person};
use crate::see::policies::clauses;
use crate::see::{config, tasks};
use crate::viewer::Viewer;

pub(crate) static ROUTE: Route = Route {
    reason: CONFIGURATION,
    summary: "An approval policy in words, with all its versions: who made each, under which request.",
    answer: json::<PolicyDetails>(),
    ..Route::get("/api/v1/policies/{id}", || get(show))
};

/// A policy with all its versions, the newest first.
#[derive(Serialize, JsonSchema)]
struct PolicyDetails {
    #[serde(flatten)]
    policy: Policy,
    versions: Vec<PolicyVersion>,
    seq: u64,
}

/// A version of a policy.
#[derive(Serialize, JsonSchema)]
struct PolicyVersion {
    version: u64,
    created: At,
    /// Who made it; null for the host.
    by: Option<Person>,
    /// The request under which it was made.
    under: Option<Number>,
    words: Option<Vec<String>>,
    #[schemars(with = "Option<schema::PolicyTerms>")]
    terms: Option<PolicyTerms>,
}

async fn show(State(app): State<App>, viewer: Viewer, Id(id): Id<PolicyId>) -> Result<Answer<PolicyDetails>> {
    let (state, now) = (app.state(), app.now());
    let policy = state.policies.get(&id).cloned().ok_or_else(Problem::not_found)?;
    let approver = tasks::decides(&state, viewer.person, &governing(id, &policy));
    if !(approver || config::reads(&state, viewer.person, now)) {
        return Err(Problem::not_found());
    }
    app.read(move |reader| {
        let query = ListQuery { limit: 200, ..ListQuery::all() };
        let query = query.with(Condition::Is(policy_version::id(&id)));
        let versions = list::<policy_version::Row>(reader, &query)?.rows;
        let names = Names::load(reader, versions.iter().filter_map(|version| version.by))?;
        let versions = versions.iter().map(|version| {
            let terms = serde_json::from_str::<PolicyTerms>(&version.terms).ok();
            PolicyVersion {
                version: version.version,
                created: version.created.into(),
                by: names.maybe(version.by),
                under: version.under.map(Number),
                words: terms.as_ref().map(|terms| clauses(&state, terms)),
                terms,
            }
        });
        Ok(Answer(PolicyDetails {
            versions: versions.collect(),
            policy: Policy::of(&state, id, &policy),
            seq: state.next_seq,
        }))
    })
    .await
}
