//! Who could run a task, and through whom.

use std::collections::BTreeSet;

use axum::extract::{Path, State};
use axum::routing::get;
use countersign_core::directory::PersonKind;
use countersign_core::id::PersonId;
use countersign_core::name::TaskName;
use countersign_core::policy::{Approval, Approvers, Human, StageSeats, Target, satisfiable};
use countersign_core::state::State as Everything;
use countersign_core::tasks::{self, Found, Governing};
use countersign_core::time::Instant;
use countersign_core::{gate, standing};
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

struct Could {
    person: PersonId,
    through: Ground,
    people: usize,
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
    let could = could(&state, &name, &found, &governing, protected, now);
    let approvers: BTreeSet<PersonId> = if protected {
        governing.iter().flat_map(|governing| deciders(&state, governing)).collect()
    } else {
        BTreeSet::new()
    };
    let fewest = could.iter().map(|could| could.people).min();
    app.read(move |reader| {
        let names = Names::load(reader, could.iter().map(|could| could.person).chain(approvers.clone()))?;
        let people = could.iter().map(|could| CouldRun {
            person: names.show(could.person),
            through: could.through,
            people_needed: could.people,
        });
        Ok(Answer(WhoCould {
            task: name,
            protected,
            people: people.collect(),
            approvers: approvers.iter().map(|id| names.show(*id)).collect(),
            policies: governing.iter().map(|governing| GoverningPolicy::of(&state, governing)).collect(),
            fewest_people: fewest,
            seq: state.next_seq,
        }))
    })
    .await
}

fn could(
    state: &Everything,
    name: &TaskName,
    found: &Found,
    governing: &[Governing],
    protected: bool,
    now: Instant,
) -> Vec<Could> {
    let target = Target::Task(name.clone());
    let mut could = Vec::new();
    for (person, _) in state.directory.people().filter(|(_, person)| person.enabled) {
        // No role and no exemption opens what runs whatever it is given.
        let holds = !found.definition.arbitrary_code
            && state.catalog.role_for(&state.directory, name, person).is_some();
        if state.organization.in_set_up() {
            let first = state.organization.first_administrator == Some(person) && found.builtin.is_some();
            could.extend(first.then_some(Could { person, through: Ground::SetUp, people: 1 }));
        } else if !protected {
            could.extend(holds.then_some(Could { person, through: Ground::Role, people: 1 }));
        } else if exempt(state, person, found, now) && holds {
            could.push(Could { person, through: Ground::Exemption, people: 1 });
        } else {
            let needed = governing
                .iter()
                .filter(|governing| standing::may_ask(state, person, &target, governing))
                .filter_map(|governing| needed(state, governing, person))
                .min();
            could.extend(needed.map(|people| Could { person, through: Ground::Request, people }));
        }
    }
    could
}

fn exempt(state: &Everything, person: PersonId, found: &Found, now: Instant) -> bool {
    let account = state.organization.system_accounts.get(&person);
    let service = state.directory.person(person).is_some_and(|person| person.kind != PersonKind::Member);
    service && !found.is_control_plane() && account.is_some_and(|account| now < account.until)
}

/// How many people it takes for this one's request: themselves and one for each seat; none if the seats can't be filled.
fn needed(state: &Everything, governing: &Governing, person: PersonId) -> Option<usize> {
    let Approval::Manual { stages } = &governing.terms.approval else { return Some(1) };
    let default = state.organization.default_approvers;
    let requester = state.directory.human(person);
    let eligible: Vec<BTreeSet<Human>> = stages
        .iter()
        .map(|stage| {
            let group = stage.approvers.group(default);
            group.map(|group| state.directory.eligible(group, u64::MAX)).unwrap_or_default()
        })
        .collect();
    let seats: Vec<StageSeats<'_>> = stages
        .iter()
        .zip(&eligible)
        .map(|(stage, eligible)| StageSeats { eligible, seats: stage.seats })
        .collect();
    let all: usize = stages.iter().map(|stage| usize::from(stage.seats)).sum();
    satisfiable(&seats, Some(requester)).then_some(all + 1)
}

fn deciders(state: &Everything, governing: &Governing) -> BTreeSet<PersonId> {
    let default = state.organization.default_approvers;
    let groups = governing.terms.approval.stages().iter().filter_map(|stage| match stage.approvers {
        Approvers::DefaultGroup => default,
        Approvers::Group(group) => Some(group),
    });
    groups
        .flat_map(|group| state.directory.members(group).map(|(person, _)| person).collect::<Vec<_>>())
        .filter(|person| state.directory.can_decide(*person))
        .collect()
}
