//! Runs a task. Everything passes the gate.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use countersign_core::actor::Scope;
use countersign_core::command::{Command, Execute};
use countersign_core::decide::Reply;
use countersign_core::id::RequestNumber;
use countersign_core::name::TaskName;
use countersign_core::parameter::Given;
use serde::Deserialize;
use serde_json::json;

use crate::app::App;
use crate::idempotency::IdempotencyKey;
use crate::json::{Answer, Body};
use crate::problem::{Problem, Result};
use crate::routes::{Access, Route};
use crate::schema::{Schema, flag, object, text, values};
use crate::see::at;
use crate::viewer::Viewer;

pub(crate) static ROUTE: Route = Route {
    access: Access::Task { task: "", token: Some(Scope::Execute) },
    reason: "task: whichever the body names passes the gate (G1 to G8)",
    summary: "Runs a task. Countersign's own are done with the answer (200); others have started (202).",
    body: Some(form),
    ..Route::post("/api/v1/executions", || post(create))
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Form {
    task: TaskName,
    #[serde(default)]
    values: Given,
    authorization: Option<String>,
    /// A single-use link that the task makes is answered instead of mailed.
    #[serde(default)]
    print_link: bool,
}

fn form() -> Schema {
    object(&[("task", text()), ("values?", values()), ("authorization?", text()), ("print_link?", flag())])
}

async fn create(
    State(app): State<App>,
    viewer: Viewer,
    key: IdempotencyKey,
    Body(form): Body<Form>,
) -> Result<Response> {
    let cite: Option<RequestNumber> = match form.authorization {
        Some(number) => {
            let number = number.parse();
            Some(number.map_err(|_| Problem::invalid("`authorization` is a number such as R-1042."))?)
        }
        None => None,
    };
    let command = Command::Execute(Execute { task: form.task, values: form.values, cite, secret: None });
    let mut submission = key.submission(viewer.principal(), command);
    if form.print_link {
        submission = submission.printing_link();
    }
    let receipt = app.submit(submission).await?;
    match receipt.reply? {
        Reply::Ran { execution, made } => {
            let mut answer = json!({ "execution": execution, "made": made });
            if let (Some(link), Some(answer)) = (receipt.link, answer.as_object_mut()) {
                answer.insert("link".to_owned(), link.reveal().into());
            }
            Ok(Answer(answer).into_response())
        }
        Reply::Started { execution, deadline } => {
            let answer = json!({ "execution": execution, "deadline": at(deadline) });
            Ok((StatusCode::ACCEPTED, Answer(answer)).into_response())
        }
        other => Err(Problem::internal(format!("an execution was answered by {other:?}"))),
    }
}
