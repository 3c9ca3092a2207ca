//! Who could run a task, and through whom.

use std::collections::BTreeSet;

use axum::extract::{Path, State};
use axum::routing::get;
use countersign_core::explain::Way;
use countersign_core::id::PersonId;
use countersign_core::name::TaskName;
use countersign_core::policy::Target;
use countersign_core::state::State as Everything;
use countersign_core::tasks::{self, Governing};
use countersign_core::{explain, gate};
use schemars::JsonSchema;
use serde::Serialize;

use super::show::find;
use crate::app::App;
use crate::json::Answer;
use crate::problem::{Problem, Result};
use crate::routes::{CONFIGURATION, Route, json};
use crate::schema::text;
use crate::see::config;
use crate::see::people::{Names, Person};
use crate::see::policies::GoverningPolicy;
use crate::viewer::Viewer;

pub(crate) static ROUTE: Route = Route {
    reason: CONFIGURATION,
    summary: "Who could run the task and through whom, and how few people together suffice.",
    answer: json::<WhoCould>(),
    ..Route::get("/api/v1/tasks/{workload}/{name}/who-could", || get(who))
};

/// Who could run a task.
#[derive(Serialize, JsonSchema)]
struct WhoCould {
    #[schemars(with = "text::TaskName")]
    task: TaskName,
    protected: bool,
    people: Vec<CouldRun>,
    approvers: Vec<Person>,
    policies: Vec<GoverningPolicy>,
    /// How few people together suffice; null if nobody could.
    fewest_people: Option<usize>,
    seq: u64,
}

/// A person who could run a task.
#[derive(Serialize, JsonSchema)]
struct CouldRun {
    person: Person,
    through: Ground,
    /// How many people it takes, this one among them.
    people_needed: usize,
}

/// On which ground somebody could run a task.
#[derive(Clone, Copy, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum Ground {
    SetUp,
    Role,
    Exemption,
    Request,
}

impl Ground {
    const fn of(way: &Way) -> Self {
        match way {
            Way::SetUp => Self::SetUp,
            Way::Role { .. } => Self::Role,
            Way::Exemption { .. } => Self::Exemption,
            Way::Request { .. } => Self::Request,
        }
    }
}

async fn who(
    State(app): State<App>,
    viewer: Viewer,
    Path((workload, name)): Path<(String, String)>,
) -> Result<Answer<WhoCould>> {
    let (state, now) = (app.state(), app.now());
    if !config::reads(&state, viewer.person, now) {
        return Err(Problem::not_found());
    }
    let found = find(&state, &viewer, &workload, &name, now)?;
    let name = found.definition.name.clone();
    let governing = tasks::governing(&state, &Target::Task(name.clone()));
    let protected = gate::is_protected(&state, &name, now);
    let could = explain::who_could(&state, &name, now);
    let approvers: BTreeSet<PersonId> = if protected {
        governing.iter().flat_map(|governing| deciders(&state, governing)).collect()
    } else {
        BTreeSet::new()
    };
    app.read(move |reader| {
        let names = Names::load(reader, could.people.keys().copied().chain(approvers.clone()))?;
        // Each person by the way that takes the fewest people.
        let people = could.people.iter().filter_map(|(person, ways)| {
            let way = ways.iter().min_by_key(|way| way.people())?;
            let person = names.show(*person);
            Some(CouldRun { person, through: Ground::of(way), people_needed: way.people() })
        });
        Ok(Answer(WhoCould {
            task: name,
            protected,
            people: people.collect(),
            approvers: approvers.iter().map(|id| names.show(*id)).collect(),
            policies: governing.iter().map(|governing| GoverningPolicy::of(&state, governing)).collect(),
            fewest_people: could.together,
            seq: state.next_seq,
        }))
    })
    .await
}

fn deciders(state: &Everything, governing: &Governing) -> BTreeSet<PersonId> {
    let default = state.organization.default_approvers;
    let groups = governing.terms.approval.stages().iter().filter_map(|stage| stage.approvers.group(default));
    groups
        .flat_map(|group| state.directory.members(group).map(|(person, _)| person).collect::<Vec<_>>())
        .filter(|person| state.directory.can_decide(*person))
        .collect()
}
