//! Who could run a task, and through whom.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use axum::extract::{Path, State};
use axum::routing::get;
use countersign_core::explain::Way;
use countersign_core::id::{GroupId, PersonId, PolicyId};
use countersign_core::name::{GroupName, RoleGroupName, RoleName, TaskName};
use countersign_core::policy::{self, PolicyTerms};
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
use crate::see::policies::{GoverningPolicy, Target};
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
    /// The groups that decide under the policies that lead to the task, with the people in them who can.
    groups: Vec<DecidingGroup>,
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
    /// Every way of theirs.
    ways: Vec<CouldWay>,
}

/// One way to run a task.
#[derive(Serialize, JsonSchema)]
struct CouldWay {
    through: Ground,
    /// The role, where it is by one.
    #[schemars(with = "Option<text::RoleName>")]
    role: Option<RoleName>,
    /// The role groups by which the person holds it.
    #[schemars(with = "Vec<text::RoleGroupName>")]
    role_groups: Vec<RoleGroupName>,
    /// The policy, where it is by a request.
    #[schemars(with = "Option<text::PolicyId>")]
    policy: Option<PolicyId>,
    /// What that policy is for; null where nobody wrote it.
    target: Option<Target>,
    people_needed: usize,
}

/// A group that decides.
#[derive(Serialize, JsonSchema)]
struct DecidingGroup {
    #[schemars(with = "text::GroupId")]
    id: GroupId,
    #[schemars(with = "text::Name")]
    name: GroupName,
    /// Under which policies.
    #[schemars(with = "Vec<text::PolicyId>")]
    policies: Vec<PolicyId>,
    people: Vec<Person>,
}

impl CouldWay {
    fn of(state: &Everything, person: PersonId, way: &Way) -> Self {
        let (role, policy) = match way {
            Way::SetUp => (None, None),
            Way::Role { role } | Way::Exemption { role } => (Some(role.clone()), None),
            Way::Request { policy, .. } => (None, Some(*policy)),
        };
        let role_groups = role.iter().flat_map(|role| state.catalog.role_groups_with(role));
        let role_groups = role_groups
            .filter(|group| state.catalog.in_role_group(&state.directory, group, person))
            .cloned()
            .collect();
        let written = policy.and_then(|id| state.policies.get(&id));
        Self {
            through: Ground::of(way),
            role_groups,
            policy,
            target: written.map(|policy| Target::from(&policy.terms.target)),
            people_needed: way.people(),
            role,
        }
    }
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
    let governing = tasks::governing(&state, &policy::Target::Task(name.clone()));
    let protected = gate::is_protected(&state, &name, now);
    let could = explain::who_could(&state, &name, now);
    let groups = if protected { deciding(&state, &governing, &could) } else { Deciding::new() };
    let approvers: BTreeSet<PersonId> = groups.values().flat_map(|(_, people)| people).copied().collect();
    app.read(move |reader| {
        let names = Names::load(reader, could.people.keys().copied().chain(approvers.clone()))?;
        // Each person by the way that takes the fewest people.
        let people = could.people.iter().filter_map(|(person, ways)| {
            let way = ways.iter().min_by_key(|way| way.people())?;
            Some(CouldRun {
                person: names.show(*person),
                through: Ground::of(way),
                people_needed: way.people(),
                ways: ways.iter().map(|way| CouldWay::of(&state, *person, way)).collect(),
            })
        });
        Ok(Answer(WhoCould {
            task: name,
            protected,
            people: people.collect(),
            approvers: approvers.iter().map(|id| names.show(*id)).collect(),
            groups: groups
                .iter()
                .filter_map(|(id, (policies, people))| {
                    Some(DecidingGroup {
                        id: *id,
                        name: state.directory.group(*id)?.name.clone(),
                        policies: policies.iter().copied().collect(),
                        people: people.iter().map(|person| names.show(*person)).collect(),
                    })
                })
                .collect(),
            policies: governing.iter().map(|governing| GoverningPolicy::of(&state, governing)).collect(),
            fewest_people: could.together,
            seq: state.next_seq,
        }))
    })
    .await
}

/// Each deciding group with the policies it decides under and the people in it who can.
type Deciding = BTreeMap<GroupId, (BTreeSet<PolicyId>, BTreeSet<PersonId>)>;

/// The groups that decide under what governs the task, and under what somebody could ask by.
fn deciding(state: &Everything, governing: &[Governing], could: &explain::WhoCould) -> Deciding {
    let asked = could.people.values().flatten().filter_map(|way| match way {
        Way::Request { policy, .. } => Some(*policy),
        _ => None,
    });
    let mut terms: BTreeMap<PolicyId, Arc<PolicyTerms>> =
        asked.filter_map(|id| Some((id, Arc::clone(&state.policies.get(&id)?.terms)))).collect();
    terms.extend(governing.iter().map(|governing| (governing.policy, Arc::clone(&governing.terms))));
    let default = state.organization.default_approvers;
    let mut found = Deciding::new();
    for (id, terms) in terms {
        for group in terms.approval.stages().iter().filter_map(|stage| stage.approvers.group(default)) {
            let (policies, people) = found.entry(group).or_default();
            policies.insert(id);
            let members = state.directory.members(group).map(|(person, _)| person);
            people.extend(members.filter(|person| state.directory.can_decide(*person)));
        }
    }
    found
}
