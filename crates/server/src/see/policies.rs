//! Policies in words.

use std::collections::BTreeSet;

use countersign_core::id::{GroupId, PersonId};
use countersign_core::policy::{self, Names, PolicyTerms, Target};
use countersign_core::state::State;
use countersign_core::tasks::{CONTROL_PLANE_POLICY, DEFAULT_POLICY, Governing};
use serde_json::{Value as Json, json};

/// What the words need to know of groups.
pub(crate) struct Groups<'a>(pub(crate) &'a State);

impl Names for Groups<'_> {
    fn group(&self, id: GroupId) -> Option<String> {
        self.0.directory.group(id).map(|group| group.name.to_string())
    }

    fn people(&self, id: GroupId) -> usize {
        let directory = &self.0.directory;
        let people: Vec<PersonId> = directory.members(id).map(|(person, _)| person).collect();
        let humans: BTreeSet<_> = people
            .into_iter()
            .filter(|person| directory.can_decide(*person))
            .map(|person| directory.human(person))
            .collect();
        humans.len()
    }

    fn default_group(&self) -> Option<GroupId> {
        self.0.organization.default_approvers
    }
}

/// A policy's clauses in words.
pub(crate) fn clauses(state: &State, terms: &PolicyTerms) -> Vec<String> {
    policy::clauses(terms, &Groups(state))
}

/// A policy that governs something.
pub(crate) fn governing(state: &State, governing: &Governing) -> Json {
    json!({
        "id": governing.policy,
        "version": governing.version,
        "title": title(governing),
        "built_in": matches!(governing.policy, CONTROL_PLANE_POLICY | DEFAULT_POLICY),
        "words": clauses(state, &governing.terms),
        "terms": &*governing.terms,
    })
}

fn title(governing: &Governing) -> String {
    match governing.policy {
        CONTROL_PLANE_POLICY => "The control plane's built-in policy".to_owned(),
        DEFAULT_POLICY => "The built-in policy for tasks without their own".to_owned(),
        _ => format!("The approval policy for {}", governing.terms.target),
    }
}

/// A target: `{type, name}`.
pub(crate) fn target(target: &Target) -> Json {
    json!({ "type": target.kind(), "name": target.to_string() })
}
