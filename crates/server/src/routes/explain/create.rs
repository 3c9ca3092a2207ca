//! Explains a decision without making it: would this run, on which ground, and what would it end?

use axum::extract::State;
use axum::routing::post;
use countersign_core::actor::Scope;
use countersign_core::command::{Command, Execute};
use countersign_core::decide::{decide, needs};
use countersign_core::event::Body as Happened;
use countersign_core::facts::Facts;
use countersign_core::name::TaskName;
use countersign_core::parameter::Given;
use countersign_core::policy::Target;
use countersign_core::statement::Statement;
use countersign_core::{gate, tasks};
use countersign_ledger::hash::sha256;
use countersign_store::Reader;
use serde::Deserialize;
use serde_json::{Value as Json, json};

use crate::app::App;
use crate::json::{Answer, Body};
use crate::problem::{Problem, Result};
use crate::routes::{Access, Route};
use crate::schema::{Schema, object, text, values};
use crate::see::policies::governing as shown;
use crate::see::{at, tasks as visible};
use crate::viewer::Viewer;

pub(crate) static ROUTE: Route = Route {
    access: Access::Relation { token: Some(Scope::Read) },
    reason: "relation: what the gate would say to the person; nothing is done or recorded",
    summary: "Whether one could run a task now, on which ground, and what it would end.",
    body: Some(form),
    ..Route::post("/api/v1/explain", || post(explain))
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Form {
    task: TaskName,
    #[serde(default)]
    values: Given,
}

fn form() -> Schema {
    object(&[("task", text()), ("values?", values())])
}

async fn explain(State(app): State<App>, viewer: Viewer, Body(form): Body<Form>) -> Result<Answer<Json>> {
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
        let (mut authorizations, mut requests, mut basis, mut deadline) = (0, 0, Json::Null, None);
        if decision.reply.is_ok() {
            for event in &decision.events {
                if let Some(ends) = event.body.ends() {
                    authorizations += ends.authorizations.len();
                    requests += ends.requests.len();
                }
                if let Happened::ExecutionStarted { basis: ground, deadline: until, .. } = &event.body {
                    basis = serde_json::to_value(ground).map_err(Problem::internal)?;
                    deadline = Some(at(*until));
                }
            }
        }
        let refusal = decision.reply.err();
        Ok(Answer(json!({
            "task": task,
            "allowed": refusal.is_none(),
            "basis": basis,
            "deadline": deadline,
            "refusal": refusal,
            "protected": gate::is_protected(&state, &task, now),
            "policies": governing.iter().map(|governing| shown(&state, governing)).collect::<Vec<_>>(),
            "ends": { "authorizations": authorizations, "requests": requests },
            "seq": state.next_seq,
        })))
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
