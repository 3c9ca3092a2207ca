//! Explains a decision without making it: would this run, on which ground, and what would it end?

use axum::extract::State;
use axum::routing::post;
use countersign_core::actor::Scope;
use countersign_core::command::{Command, Execute};
use countersign_core::decide::{decide, needs};
use countersign_core::event::Body as Happened;
use countersign_core::event::body::Ends as Ended;
use countersign_core::execution::Basis;
use countersign_core::facts::{Facts, Needs};
use countersign_core::name::TaskName;
use countersign_core::parameter::Given;
use countersign_core::policy::Target;
use countersign_core::refusal::Refusal;
use countersign_core::statement::Statement;
use countersign_core::view::Column as _;
use countersign_core::view::rows::execution;
use countersign_core::{gate, tasks, trial};
use countersign_ledger::hash::sha256;
use countersign_store::{Blobs, Reader, get};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::app::App;
use crate::json::{Answer, Body};
use crate::problem::{Problem, Result};
use crate::routes::{Access, Route, json};
use crate::schema::text::{self, At, Number};
use crate::schema::{Values, word};
use crate::see::config;
use crate::see::policies::GoverningPolicy;
use crate::see::tasks as visible;
use crate::viewer::Viewer;

pub(crate) static ROUTE: Route = Route {
    access: Access::Relation { token: Some(Scope::Read) },
    reason: "relation: what the gate would say to the person; nothing is done or recorded",
    summary: "Whether one could run a task now, on which ground, and what it would end.",
    body: Some(json::<Supposed>()),
    answer: json::<Explanation>(),
    ..Route::post("/api/v1/explain", || post(explain))
};

/// A run to be judged.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Supposed {
    #[schemars(with = "text::TaskName")]
    task: TaskName,
    #[serde(default)]
    #[schemars(with = "Values")]
    values: Given,
}

/// What the gate would say.
#[derive(Serialize, JsonSchema)]
struct Explanation {
    #[schemars(with = "text::TaskName")]
    task: TaskName,
    allowed: bool,
    /// The ground on which it would run.
    #[schemars(with = "Option<ExplainedBasis>")]
    basis: Option<Basis>,
    /// When it would have to be over.
    deadline: Option<At>,
    #[schemars(with = "Option<ExplainedRefusal>")]
    refusal: Option<Refusal>,
    protected: bool,
    policies: Vec<GoverningPolicy>,
    /// What it would end; for who reads configuration also where it would be refused for want of an authorization.
    ends: Ends,
    /// Why it would be refused even with an authorization; for who reads configuration, of Countersign's own tasks.
    #[schemars(with = "Option<ExplainedRefusal>")]
    then_refused: Option<Refusal>,
    seq: u64,
}

/// The ground on which a run would stand.
#[derive(JsonSchema)]
#[expect(dead_code, reason = "it describes; values are core's own")]
struct ExplainedBasis {
    #[schemars(with = "word::BasisKind")]
    basis: String,
    /// The authorization's bare number.
    #[serde(skip_serializing_if = "Option::is_none")]
    number: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<text::RoleName>")]
    role: Option<String>,
}

/// A refusal as it would be.
#[derive(JsonSchema)]
#[expect(dead_code, reason = "it describes; values are core's own")]
pub(crate) struct ExplainedRefusal {
    #[schemars(with = "text::Code")]
    code: String,
    message: String,
    /// What governs.
    #[serde(skip_serializing_if = "Option::is_none")]
    governs: Option<String>,
    /// The next step.
    #[serde(skip_serializing_if = "Option::is_none")]
    hint: Option<String>,
}

/// How much something would end.
#[derive(Default, Serialize, JsonSchema)]
pub(crate) struct Ends {
    authorizations: usize,
    requests: usize,
    /// Their numbers, at most 100 of each.
    numbers: Vec<Number>,
}

/// Numbers of what would end, at most this many of each kind.
const NUMBERS: usize = 100;

impl Ends {
    pub(crate) fn of(ends: &Ended) -> Self {
        let numbers = ends.authorizations.keys().take(NUMBERS).chain(ends.requests.keys().take(NUMBERS));
        Self {
            authorizations: ends.authorizations.len(),
            requests: ends.requests.len(),
            numbers: numbers.map(|number| Number(*number)).collect(),
        }
    }
}

async fn explain(
    State(app): State<App>,
    viewer: Viewer,
    Body(form): Body<Supposed>,
) -> Result<Answer<Explanation>> {
    let (state, now, entropy) = (app.state(), app.now(), app.seed()?);
    if !visible::visible(&state, viewer.person, &form.task, now) {
        return Err(Problem::not_found());
    }
    let blobs = app.engine().blobs();
    app.read(move |reader| {
        let task = form.task;
        let governing = tasks::governing(&state, &Target::Task(task.clone()));
        // A link's secret would be made by the engine; what it is makes no difference here.
        let secret = Some(sha256(b"explained"));
        let execute = Execute { task: task.clone(), values: form.values, cite: None, secret };
        let command = Command::Execute(execute.clone());
        let principal = viewer.principal();
        let facts = facts(reader, &blobs, &needs(&state, &principal, &command))?;
        let decision = decide(&state, &facts, now, entropy, &principal, None, &command);
        let (mut ends, mut basis, mut deadline, mut then) = (Ends::default(), None, None, None);
        match &decision.reply {
            Ok(_) => {
                ends = Ends::of(&trial::ended(&decision.events));
                for event in &decision.events {
                    if let Happened::ExecutionStarted { basis: ground, deadline: until, .. } = &event.body {
                        basis = Some(ground.clone());
                        deadline = Some(At(*until));
                    }
                }
            }
            // What it would do once it is approved is configuration: whoever reads that may look ahead.
            Err(_) if tasks::is_countersign(&task) && config::reads(&state, viewer.person, now) => {
                match trial::act(&state, &facts, now, entropy, &principal, &execute) {
                    Ok(tried) => ends = Ends::of(&tried.ends),
                    Err(refusal) => then = Some(refusal),
                }
            }
            Err(_) => {}
        }
        let refusal = decision.reply.err();
        Ok(Answer(Explanation {
            allowed: refusal.is_none(),
            basis,
            deadline,
            refusal,
            protected: gate::is_protected(&state, &task, now),
            policies: governing.iter().map(|governing| GoverningPolicy::of(&state, governing)).collect(),
            task,
            ends,
            then_refused: then,
            seq: state.next_seq,
        }))
    })
    .await
}

/// The facts as a decision would get them, checked against the ledger's commitments.
pub(crate) fn facts(reader: &dyn Reader, blobs: &Blobs, needs: &Needs) -> Result<Facts> {
    let mut facts = Facts::default();
    for (number, digest) in &needs.statements {
        let values = reader.sealed(&[*digest])?;
        let bytes = values.into_iter().find(|value| value.commitment == *digest).map(|value| value.value);
        if let Some(statement) = bytes.and_then(|bytes| Statement::from_bytes(&bytes, *digest).ok()) {
            facts.statements.insert(*number, statement);
        }
    }
    for upn in &needs.upns {
        if let Some(person) = reader.person_by_upn(upn)? {
            facts.upns.insert(upn.clone(), person);
        }
    }
    for (digest, person) in &needs.files {
        let size = blobs.uploaded_by(digest, *person)?;
        facts.files.extend(size.map(|size| ((*digest, *person), size)));
    }
    if let Some(execution) = needs.execution
        && get::<execution::Row>(reader, &[execution.to_cell()])?.is_some()
    {
        facts.executions.insert(execution);
    }
    Ok(facts)
}
