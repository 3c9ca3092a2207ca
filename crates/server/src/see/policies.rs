//! Policies in words.

use std::collections::BTreeSet;
use std::sync::Arc;

use countersign_core::id::{GroupId, PersonId, PolicyId};
use countersign_core::policy::{self, Names, PolicyTerms, Requesters};
use countersign_core::standing;
use countersign_core::state::State;
use countersign_core::tasks::{self, CONTROL_PLANE_POLICY, DEFAULT_POLICY, Governing};
use schemars::JsonSchema;
use serde::Serialize;

use crate::schema::{self, text, word};

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
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct GoverningPolicy {
    #[schemars(with = "text::PolicyId")]
    id: PolicyId,
    version: u64,
    title: String,
    /// Whether it is one of Countersign's own, which nobody wrote.
    built_in: bool,
    /// Its clauses in words.
    words: Vec<String>,
    #[schemars(with = "schema::PolicyTerms")]
    terms: Arc<PolicyTerms>,
}

/// A policy that governs a target, and whether one may ask under it.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct AskedPolicy {
    #[serde(flatten)]
    policy: GoverningPolicy,
    may_ask: bool,
    everyone_may_ask: bool,
}

impl AskedPolicy {
    /// The policies that govern a target.
    pub(crate) fn of(state: &State, target: &policy::Target, person: PersonId) -> Vec<Self> {
        let governing = tasks::governing(state, target);
        let policies = governing.iter().map(|governing| Self {
            policy: GoverningPolicy::of(state, governing),
            may_ask: standing::may_ask(state, person, target, governing),
            everyone_may_ask: governing.terms.requesters == Requesters::Everyone,
        });
        policies.collect()
    }

    pub(crate) const fn may_ask(&self) -> bool {
        self.may_ask
    }

    pub(crate) const fn id(&self) -> PolicyId {
        self.policy.id
    }
}

/// What a request or a policy is about.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct Target {
    #[schemars(with = "word::TargetType")]
    pub(crate) r#type: String,
    pub(crate) name: String,
}

impl From<&policy::Target> for Target {
    fn from(target: &policy::Target) -> Self {
        Self { r#type: target.kind().to_owned(), name: target.to_string() }
    }
}

impl GoverningPolicy {
    pub(crate) fn of(state: &State, governing: &Governing) -> Self {
        Self {
            id: governing.policy,
            version: governing.version,
            title: title(governing),
            built_in: matches!(governing.policy, CONTROL_PLANE_POLICY | DEFAULT_POLICY),
            words: clauses(state, &governing.terms),
            terms: Arc::clone(&governing.terms),
        }
    }
}

fn title(governing: &Governing) -> String {
    match governing.policy {
        CONTROL_PLANE_POLICY => "The control plane's built-in policy".to_owned(),
        DEFAULT_POLICY => "The built-in policy for tasks without their own".to_owned(),
        _ => format!("The approval policy for {}", governing.terms.target),
    }
}
