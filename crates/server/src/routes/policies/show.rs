//! Shows an approval policy and its versions.

use axum::extract::State;
use axum::routing::get;
use countersign_core::id::PolicyId;
use countersign_core::policy::PolicyTerms;
use countersign_core::view::rows::policy_version;
use countersign_store::{Condition, ListQuery, list};
use serde_json::{Value as Json, json};

use super::list::{governing, line};
use crate::app::App;
use crate::json::{Answer, Id};
use crate::problem::{Problem, Result};
use crate::routes::{CONFIGURATION, Route};
use crate::see::people::Names;
use crate::see::policies::clauses;
use crate::see::{at, config, tasks};
use crate::viewer::Viewer;

pub(crate) static ROUTE: Route = Route {
    reason: CONFIGURATION,
    summary: "An approval policy in words, with all its versions: who made each, under which request.",
    ..Route::get("/api/v1/policies/{id}", || get(show))
};

async fn show(State(app): State<App>, viewer: Viewer, Id(id): Id<PolicyId>) -> Result<Answer<Json>> {
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
            json!({
                "version": version.version,
                "created": at(version.created),
                "by": names.maybe(version.by),
                "under": version.under.map(|number| number.to_string()),
                "words": terms.as_ref().map(|terms| clauses(&state, terms)),
                "terms": terms,
            })
        });
        let versions: Json = versions.collect();
        let mut answer = line(&state, id, &policy);
        if let Some(answer) = answer.as_object_mut() {
            answer.insert("versions".to_owned(), versions);
            answer.insert("seq".to_owned(), Json::from(state.next_seq));
        }
        Ok(Answer(answer))
    })
    .await
}
