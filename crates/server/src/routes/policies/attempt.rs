//! Tries a change of policies before it is made: what would hold then, what it would end, and what it would have meant
//! for the requests of the last 90 days.

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::extract::State;
use axum::routing::post;
use countersign_core::command::{Command, Execute};
use countersign_core::decide::needs;
use countersign_core::explain;
use countersign_core::id::PolicyId;
use countersign_core::name::TaskName;
use countersign_core::parameter::Given;
use countersign_core::policy::{self, Comparison, PolicyTerms, compare};
use countersign_core::refusal::Refusal;
use countersign_core::state::State as Everything;
use countersign_core::time::Instant;
use countersign_core::trial::{self, Trial};
use countersign_store::Reader;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::list::PolicyWarnings;
use super::past::{self, PastRequests};
use crate::app::App;
use crate::json::{Answer, Body};
use crate::problem::{Problem, Result};
use crate::routes::explain::create::{Ends, ExplainedRefusal, facts};
use crate::routes::{Route, json};
use crate::schema::{self, Values, text};
use crate::see::config;
use crate::see::people::{Names, Person};
use crate::see::policies::{Target, clauses};
use crate::viewer::Viewer;

pub(crate) static ROUTE: Route = Route {
    reason: "relation: for who may run Countersign\\Get-OrganizationConfig; nothing is done or recorded",
    summary: "What a change of approval policies would bring about: policies in words, warnings, what it would end, and \
              what would have become of the last 90 days' requests.",
    body: Some(json::<TriedChange>()),
    answer: json::<PolicyTrial>(),
    ..Route::post("/api/v1/policies/try", || post(attempt))
};

/// Policies of one change that are shown, and people of each.
const POLICIES: usize = 20;
const PEOPLE: usize = 20;

/// A change to be tried: one of the tasks that make, change and remove policies, with its values.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct TriedChange {
    #[schemars(with = "text::TaskName")]
    task: TaskName,
    #[serde(default)]
    #[schemars(with = "Values")]
    values: Given,
}

/// What a change of policies would bring about.
#[derive(Serialize, JsonSchema)]
struct PolicyTrial {
    /// Why it would be refused; then everything else is empty.
    #[schemars(with = "Option<ExplainedRefusal>")]
    refusal: Option<Refusal>,
    /// The policies that it makes, changes or removes; at most 20 are shown.
    policies: Vec<TriedPolicy>,
    /// How many they are.
    count: usize,
    ends: Ends,
    past: Option<PastRequests>,
    seq: u64,
}

/// A policy as a change would leave it.
#[derive(Serialize, JsonSchema)]
struct TriedPolicy {
    target: Target,
    /// Whether it would be gone.
    removed: bool,
    /// Its clauses in words, once the change is made; of a removed one, those of now.
    words: Vec<String>,
    #[schemars(with = "schema::PolicyTerms")]
    terms: Arc<PolicyTerms>,
    /// Its clauses of now, if there is one.
    before: Option<Vec<String>>,
    /// How it stands to what it is now: null where there is none, or none will be.
    compared: Option<Compared>,
    warnings: PolicyWarnings,
    /// Who could run the task under it; null for roles and role groups.
    could: Option<Could>,
}

/// How much a policy asks for, next to another.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum Compared {
    Weaker,
    Equal,
    Stronger,
    Incomparable,
}

/// Who could run a task.
#[derive(Serialize, JsonSchema)]
struct Could {
    /// How many people could, each with the help that it takes.
    people: usize,
    /// The same as things are now.
    people_now: usize,
    /// Some of them, at most 20.
    some: Vec<Person>,
    /// How few people together suffice; null if nobody could.
    fewest: Option<usize>,
    fewest_now: Option<usize>,
}

async fn attempt(
    State(app): State<App>,
    viewer: Viewer,
    Body(form): Body<TriedChange>,
) -> Result<Answer<PolicyTrial>> {
    let (state, now, entropy) = (app.state(), app.now(), app.seed()?);
    if !config::reads(&state, viewer.person, now) {
        return Err(Problem::not_found());
    }
    let own = form.task.to_string().to_lowercase();
    if !(own.starts_with("countersign\\") && own.ends_with("-elevatedaccessapprovalpolicy")) {
        return Err(Problem::invalid("`task` is one of the tasks that make, change and remove policies."));
    }
    let execute = Execute { task: form.task, values: form.values, cite: None, secret: None };
    let blobs = app.engine().blobs();
    app.read(move |reader| {
        let principal = viewer.principal();
        let facts = facts(reader, &blobs, &needs(&state, &principal, &Command::Execute(execute.clone())))?;
        Ok(Answer(match trial::act(&state, &facts, now, entropy, &principal, &execute) {
            Ok(tried) => shown(reader, &state, &tried, now)?,
            Err(refusal) => PolicyTrial {
                refusal: Some(refusal),
                policies: Vec::new(),
                count: 0,
                ends: Ends::default(),
                past: None,
                seq: state.next_seq,
            },
        }))
    })
    .await
}

fn shown(reader: &dyn Reader, state: &Everything, tried: &Trial, now: Instant) -> Result<PolicyTrial> {
    let changed = changed(state, &tried.after);
    let (before, after) = (trial::in_force(state), trial::in_force(&tried.after));
    let policies = changed.iter().take(POLICIES).map(|id| one(reader, (&before, &after), *id, now));
    let policies = policies.collect::<Result<Vec<_>>>()?;
    Ok(PolicyTrial {
        refusal: None,
        policies: policies.into_iter().flatten().collect(),
        count: changed.len(),
        ends: Ends::of(&tried.ends),
        past: Some(past::judged(reader, (&before, &after), &changed, now)?),
        seq: state.next_seq,
    })
}

/// The policies that differ.
fn changed(before: &Everything, after: &Everything) -> BTreeSet<PolicyId> {
    let of = |state: &Everything, id: &PolicyId| state.policies.get(id).map(|policy| policy.version);
    let all = before.policies.keys().chain(after.policies.keys());
    all.filter(|id| of(before, id) != of(after, id)).copied().collect()
}

fn one(
    reader: &dyn Reader,
    (before, after): (&Everything, &Everything),
    id: PolicyId,
    now: Instant,
) -> Result<Option<TriedPolicy>> {
    let (old, new) = (before.policies.get(&id), after.policies.get(&id));
    let Some(terms) = new.or(old).map(|policy| Arc::clone(&policy.terms)) else { return Ok(None) };
    let compared = old.zip(new).map(|(old, new)| {
        match compare(&new.terms, &old.terms, after.organization.default_approvers) {
            Comparison::Weaker => Compared::Weaker,
            Comparison::Equal => Compared::Equal,
            Comparison::Stronger => Compared::Stronger,
            Comparison::Incomparable => Compared::Incomparable,
        }
    });
    Ok(Some(TriedPolicy {
        target: Target::from(&terms.target),
        removed: new.is_none(),
        words: clauses(after, &terms),
        before: old.map(|policy| clauses(before, &policy.terms)),
        compared,
        warnings: PolicyWarnings::of(after, &terms),
        could: match &terms.target {
            policy::Target::Task(task) => Some(could(reader, (before, after), task, now)?),
            policy::Target::Role(_) | policy::Target::RoleGroup(_) => None,
        },
        terms,
    }))
}

fn could(
    reader: &dyn Reader,
    (before, after): (&Everything, &Everything),
    task: &TaskName,
    now: Instant,
) -> Result<Could> {
    let (earlier, then) = (explain::who_could(before, task, now), explain::who_could(after, task, now));
    let some: Vec<_> = then.people.keys().take(PEOPLE).copied().collect();
    let names = Names::load(reader, some.iter().copied())?;
    Ok(Could {
        people: then.people.len(),
        people_now: earlier.people.len(),
        some: some.into_iter().map(|person| names.show(person)).collect(),
        fewest: then.together,
        fewest_now: earlier.together,
    })
}
