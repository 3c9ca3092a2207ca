//! Tasks: which of them a person may know of, and how they are shown.

use countersign_core::id::PersonId;
use countersign_core::name::TaskName;
use countersign_core::policy::{Approvers, Requesters, Target};
use countersign_core::state::State;
use countersign_core::tasks::{self, Found, Governing};
use countersign_core::time::Instant;
use countersign_core::{gate, standing};
use serde_json::{Value as Json, json};

use super::{config, policies};
use crate::problem::Result;

/// Whether a person may know of a task: Countersign's own are no secret; others are for who holds them, may ask for
/// them, decides on them, or reads configuration.
pub(crate) fn visible(state: &State, person: PersonId, name: &TaskName, now: Instant) -> bool {
    if tasks::is_countersign(name) || config::reads(state, person, now) {
        return true;
    }
    let target = Target::Task(name.clone());
    state.catalog.role_for(&state.directory, name, person).is_some()
        || tasks::governing(state, &target).iter().any(|governing| {
            standing::may_ask(state, person, &target, governing) || decides(state, person, governing)
        })
        || state
            .requests
            .values()
            .any(|request| request.asked.requester == person && request.asked.covers.contains_key(name))
        || state
            .authorizations
            .values()
            .any(|live| live.asked.requester == person && live.asked.covers.contains_key(name))
}

/// Whether a person is an approver of a policy.
pub(crate) fn decides(state: &State, person: PersonId, governing: &Governing) -> bool {
    groups(state, governing).any(|group| state.directory.is_member(group, person))
}

fn groups<'a>(
    state: &'a State,
    governing: &'a Governing,
) -> impl Iterator<Item = countersign_core::id::GroupId> + 'a {
    let default = state.organization.default_approvers;
    governing.terms.approval.stages().iter().filter_map(move |stage| match stage.approvers {
        Approvers::DefaultGroup => default,
        Approvers::Group(group) => Some(group),
    })
}

/// One line of the list.
pub(crate) fn line(state: &State, found: &Found, person: PersonId, now: Instant) -> Json {
    let (definition, name) = (&found.definition, &found.definition.name);
    json!({
        "name": name,
        "workload": name.workload(),
        "title": definition.label(),
        "description": definition.description,
        "version": found.version,
        "digest": found.digest,
        "protected": gate::is_protected(state, name, now),
        "control_plane": found.is_control_plane(),
        "held": state.catalog.role_for(&state.directory, name, person).is_some(),
    })
}

/// Everything about a task.
pub(crate) fn details(state: &State, found: &Found, person: PersonId, now: Instant) -> Result<Json> {
    let name = &found.definition.name;
    let target = Target::Task(name.clone());
    let governing = tasks::governing(state, &target);
    let mut answer = line(state, found, person, now);
    let definition = serde_json::to_value(&*found.definition).map_err(crate::problem::Problem::internal)?;
    if let Some(object) = answer.as_object_mut() {
        object.insert("parameters".to_owned(), definition.get("parameters").cloned().unwrap_or_default());
        object.insert("definition".to_owned(), definition);
        let policies = governing.iter().map(|governing| {
            let mut shown = policies::governing(state, governing);
            if let Some(shown) = shown.as_object_mut() {
                let may_ask = standing::may_ask(state, person, &target, governing);
                shown.insert("may_ask".to_owned(), Json::from(may_ask));
                let everyone = governing.terms.requesters == Requesters::Everyone;
                shown.insert("everyone_may_ask".to_owned(), Json::from(everyone));
            }
            shown
        });
        object.insert("policies".to_owned(), policies.collect());
    }
    Ok(answer)
}

/// Every task that there is, Countersign's own first.
pub(crate) fn all(state: &State) -> impl Iterator<Item = Found> + '_ {
    let own = countersign_core::builtin::all().map(|builtin| builtin.definition().name.clone());
    own.chain(state.catalog.tasks.keys().cloned()).filter_map(|name| tasks::find(state, &name))
}
