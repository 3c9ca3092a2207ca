//! Runs a task. Everything passes the gate.

use std::collections::BTreeMap;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use countersign_core::actor::Scope;
use countersign_core::command::{Command, Execute};
use countersign_core::decide::Reply;
use countersign_core::id::{ExecutionId, RequestNumber};
use countersign_core::name::TaskName;
use countersign_core::parameter::Given;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::app::App;
use crate::idempotency::IdempotencyKey;
use crate::json::{Answer, Body};
use crate::problem::{Problem, Result};
use crate::routes::{Access, Route, json};
use crate::schema::Values;
use crate::schema::text::{self, At};
use crate::viewer::Viewer;

pub(crate) static ROUTE: Route = Route {
    access: Access::Task { task: "", token: Some(Scope::Execute) },
    reason: "task: whichever the body names passes the gate (G1 to G8)",
    summary: "Runs a task. Countersign's own are done with the answer (200); others have started (202).",
    body: Some(json::<NewExecution>()),
    answer: json::<Ran>(),
    also: Some((202, json::<Started>())),
    ..Route::post("/api/v1/executions", || post(create))
};

/// A run to be started.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct NewExecution {
    #[schemars(with = "text::TaskName")]
    task: TaskName,
    #[serde(default)]
    #[schemars(with = "Values")]
    values: Given,
    /// Under which authorization, where there is a choice.
    #[schemars(with = "Option<text::RequestId>")]
    authorization: Option<String>,
}

/// A run of one of Countersign's own tasks, which is over.
#[derive(Serialize, JsonSchema)]
struct Ran {
    #[schemars(with = "text::ExecutionId")]
    execution: ExecutionId,
    /// What it made, by kind.
    made: BTreeMap<String, String>,
    /// The single-use link that was made, if it was made to be shown: once, in this answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    link: Option<String>,
}

/// A run that was started.
#[derive(Serialize, JsonSchema)]
struct Started {
    #[schemars(with = "text::ExecutionId")]
    execution: ExecutionId,
    /// When it must be over.
    deadline: At,
}

async fn create(
    State(app): State<App>,
    viewer: Viewer,
    key: IdempotencyKey,
    Body(form): Body<NewExecution>,
) -> Result<Response> {
    let cite: Option<RequestNumber> = match form.authorization {
        Some(number) => {
            let number = number.parse();
            Some(number.map_err(|_| Problem::invalid("`authorization` is a number such as R-1042."))?)
        }
        None => None,
    };
    let command = Command::Execute(Execute { task: form.task, values: form.values, cite, secret: None });
    let receipt = app.submit(key.submission(viewer.principal(), command)).await?;
    match receipt.reply? {
        Reply::Ran { execution, made } => {
            let link = receipt.link.map(|link| link.reveal().to_owned());
            Ok(Answer(Ran { execution, made, link }).into_response())
        }
        Reply::Started { execution, deadline } => {
            let started = Started { execution, deadline: deadline.into() };
            Ok((StatusCode::ACCEPTED, Answer(started)).into_response())
        }
        other => Err(Problem::internal(format!("an execution was answered by {other:?}"))),
    }
}
