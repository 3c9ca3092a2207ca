//! Tasks: which of them a person may know of, and how they are shown.

use std::sync::Arc;

use countersign_core::covers::Covered;
use countersign_core::id::PersonId;
use countersign_core::name::{TaskName, WorkloadName};
use countersign_core::parameter::ParameterSpec;
use countersign_core::policy::{Approvers, Target};
use countersign_core::request::Asked;
use countersign_core::state::State;
use countersign_core::task::TaskDefinition;
use countersign_core::tasks::{self, Found, Governing};
use countersign_core::time::Instant;
use countersign_core::{gate, standing};
use countersign_ledger::hash::Digest;
use schemars::JsonSchema;
use serde::Serialize;

use super::config;
use super::policies::AskedPolicy;
use crate::schema::{self, text};

/// Whether a person may know of a task: Countersign's own are no secret; others are for who holds them, may ask for
/// them, decides on them, or reads configuration.
pub(crate) fn visible(state: &State, person: PersonId, name: &TaskName, now: Instant) -> bool {
    if tasks::is_countersign(name) || config::reads(state, person, now) {
        return true;
    }
    let target = Target::Task(name.clone());
    let opened = |asked: &Asked| matches!(state.covered(asked, name), Covered::As(_));
    state.catalog.role_for(&state.directory, name, person).is_some()
        || tasks::governing(state, &target).iter().any(|governing| {
            standing::may_ask(state, person, &target, governing) || decides(state, person, governing)
        })
        || state.requests.values().any(|request| request.asked.requester == person && opened(&request.asked))
        || state.authorizations.values().any(|live| live.asked.requester == person && opened(&live.asked))
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

/// A task.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Task {
    #[schemars(with = "text::TaskName")]
    name: TaskName,
    #[schemars(with = "text::Name")]
    workload: WorkloadName,
    title: String,
    /// What it does.
    description: String,
    version: u64,
    #[schemars(with = "text::Digest")]
    digest: Digest,
    /// Whether a policy covers it.
    protected: bool,
    /// Whether it changes who may do what.
    control_plane: bool,
    /// Whether one holds a role with it.
    held: bool,
    /// Whether one may ask for it.
    may_ask: bool,
}

/// A task with its parameters, its definition, and the policies that govern it.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct TaskDetails {
    #[serde(flatten)]
    task: Task,
    #[schemars(with = "Vec<schema::ParameterSpec>")]
    parameters: Vec<ParameterSpec>,
    #[schemars(with = "schema::TaskDefinition")]
    definition: Arc<TaskDefinition>,
    policies: Vec<AskedPolicy>,
}

impl Task {
    pub(crate) fn of(state: &State, found: &Found, person: PersonId, now: Instant) -> Self {
        let (definition, name) = (&found.definition, &found.definition.name);
        let target = Target::Task(name.clone());
        Self {
            name: name.clone(),
            workload: name.workload().clone(),
            title: definition.label().to_owned(),
            description: definition.description.clone(),
            version: found.version,
            digest: found.digest,
            protected: gate::is_protected(state, name, now),
            control_plane: found.is_control_plane(),
            held: state.catalog.role_for(&state.directory, name, person).is_some(),
            may_ask: tasks::governing(state, &target)
                .iter()
                .any(|governing| standing::may_ask(state, person, &target, governing)),
        }
    }

    pub(crate) const fn may_ask(&self) -> bool {
        self.may_ask
    }
}

impl TaskDetails {
    pub(crate) fn of(state: &State, found: &Found, person: PersonId, now: Instant) -> Self {
        let target = Target::Task(found.definition.name.clone());
        Self {
            task: Task::of(state, found, person, now),
            parameters: found.definition.parameters.clone(),
            definition: Arc::clone(&found.definition),
            policies: AskedPolicy::of(state, &target, person),
        }
    }
}

/// Whether all of these words, in lower case, are found in what a task is called or does.
pub(crate) fn says(definition: &TaskDefinition, words: &[String]) -> bool {
    let name = definition.name.to_string();
    let parameters =
        definition.parameters.iter().flat_map(|spec| [spec.name.as_str(), &spec.title, &spec.help]);
    let texts = [name.as_str(), &definition.title, &definition.description, &definition.risk];
    let texts: Vec<String> = texts.into_iter().chain(parameters).map(str::to_lowercase).collect();
    words.iter().all(|word| texts.iter().any(|text| text.contains(word)))
}

/// Every task that there is, Countersign's own first.
pub(crate) fn all(state: &State) -> impl Iterator<Item = Found> + '_ {
    let own = countersign_core::builtin::all().map(|builtin| builtin.definition().name.clone());
    own.chain(state.catalog.tasks.keys().cloned()).filter_map(|name| tasks::find(state, &name))
}
