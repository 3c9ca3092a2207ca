//! Explains a decision without making it: would this run, on which ground, and what would it end?

use axum::extract::State;
use axum::routing::post;
use countersign_core::actor::Scope;
use countersign_core::command::{Command, Execute};
use countersign_core::decide::{decide, needs};
use countersign_core::event::Body as Happened;
use countersign_core::execution::Basis;
use countersign_core::facts::Facts;
use countersign_core::name::TaskName;
use countersign_core::parameter::Given;
use countersign_core::policy::Target;
use countersign_core::refusal::Refusal;
use countersign_core::statement::Statement;
use countersign_core::{gate, tasks};
use countersign_ledger::hash::sha256;
use countersign_store::Reader;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::app::App;
use crate::json::{Answer, Body};
use crate::problem::{Problem, Result};
use crate::routes::{Access, Route, json};
use crate::schema::text::{self, At};
use crate::schema::{Values, word};
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
    ends: Ends,
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
struct ExplainedRefusal {
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

/// How much a run would end.
#[derive(Default, Serialize, JsonSchema)]
struct Ends {
    authorizations: usize,
    requests: usize,
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
    app.read(move |reader| {
        let task = form.task;
        let governing = tasks::governing(&state, &Target::Task(task.clone()));
        // A link's secret would be made by the engine; what it is makes no difference here.
        let secret = Some(sha256(b"explained"));
        let command =
            Command::Execute(Execute { task: task.clone(), values: form.values, cite: None, secret });
        let principal = viewer.principal();
        let facts = facts(reader, &needs(&state, &principal, &command))?;
        let decision = decide(&state, &facts, now, entropy, &principal, None, &command);
        let (mut ends, mut basis, mut deadline) = (Ends::default(), None, None);
        if decision.reply.is_ok() {
            for event in &decision.events {
                if let Some(ended) = event.body.ends() {
                    ends.authorizations += ended.authorizations.len();
                    ends.requests += ended.requests.len();
                }
                if let Happened::ExecutionStarted { basis: ground, deadline: until, .. } = &event.body {
                    basis = Some(ground.clone());
                    deadline = Some(At(*until));
                }
            }
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
            seq: state.next_seq,
        }))
    })
    .await
}

/// The facts as a decision would get them, checked against the ledger's commitments.
fn facts(reader: &dyn Reader, needs: &countersign_core::facts::Needs) -> Result<Facts> {
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
    Ok(facts)
}
