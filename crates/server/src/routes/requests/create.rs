//! Asks for access.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use countersign_core::command::{Command, Submit};
use countersign_core::decide::Reply;
use countersign_core::id::{PersonId, RequestNumber};
use countersign_core::name::RoleName;
use countersign_core::parameter::ConstraintForms;
use countersign_core::policy::Target;
use countersign_core::time::Span;
use serde::Deserialize;
use serde_json::{Value as Json, json};

use crate::app::App;
use crate::idempotency::IdempotencyKey;
use crate::json::{Answer, Body};
use crate::problem::{Problem, Result};
use crate::routes::{Access, Route};
use crate::schema::{Schema, constraints, instant, integer, object, text};
use crate::see::instant as read_instant;
use crate::viewer::Viewer;

pub(crate) static ROUTE: Route = Route {
    access: Access::Asking,
    reason: "relation: a request is for oneself or a service account of one's own; who may ask is judged by the governing policy (G4)",
    summary: "Asks for a task, a role or a role group.",
    body: Some(form),
    success: 201,
    ..Route::post("/api/v1/requests", || post(create))
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Form {
    account: Option<PersonId>,
    target: TargetForm,
    role: Option<RoleName>,
    #[serde(default)]
    constraints: ConstraintForms,
    reason: String,
    ticket: Option<String>,
    duration_secs: Option<u64>,
    start: Option<String>,
    uses: Option<u32>,
    extends: Option<String>,
}

/// A target with its kind as forms and mails say it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TargetForm {
    r#type: String,
    name: String,
}

fn form() -> Schema {
    let kinds = json!({ "enum": ["Task", "Role", "Role Group"] });
    object(&[
        ("account?", text()),
        ("target", object(&[("type", kinds), ("name", text())]).0),
        ("role?", text()),
        ("constraints?", constraints()),
        ("reason", text()),
        ("ticket?", text()),
        ("duration_secs?", integer()),
        ("start?", instant()),
        ("uses?", integer()),
        ("extends?", text()),
    ])
}

impl TargetForm {
    fn read(self) -> Result<Target> {
        let wrong = || Problem::invalid("`target.name` is `Workload\\Name`.");
        match self.r#type.as_str() {
            "Task" => self.name.parse().map(Target::Task).map_err(|_| wrong()),
            "Role" => self.name.parse().map(Target::Role).map_err(|_| wrong()),
            "Role Group" | "RoleGroup" => self.name.parse().map(Target::RoleGroup).map_err(|_| wrong()),
            _ => Err(Problem::invalid("`target.type` is Task, Role or Role Group.")),
        }
    }
}

async fn create(
    State(app): State<App>,
    viewer: Viewer,
    key: IdempotencyKey,
    Body(form): Body<Form>,
) -> Result<Response> {
    let start = match form.start {
        Some(text) => Some(
            read_instant(&text)
                .ok_or_else(|| Problem::invalid("`start` is an instant such as 2026-01-31T08:00:00Z."))?,
        ),
        None => None,
    };
    let extends: Option<RequestNumber> = match form.extends {
        Some(text) => {
            Some(text.parse().map_err(|_| Problem::invalid("`extends` is a number such as R-1042."))?)
        }
        None => None,
    };
    let command = Command::Submit(Submit {
        account: form.account,
        target: form.target.read()?,
        role: form.role,
        constraints: form.constraints,
        reason: form.reason,
        ticket: form.ticket,
        duration: form.duration_secs.map(Span::from_secs),
        start,
        uses: form.uses,
        extends,
    });
    let receipt = app.submit(key.submission(viewer.principal(), command)).await?;
    Ok((StatusCode::CREATED, Answer(answer(&receipt.reply?)?)).into_response())
}

/// What a request is after a step: `{number, status, statement}`.
pub(crate) fn answer(reply: &Reply) -> Result<Json> {
    match reply {
        Reply::Request { number, status, statement } => {
            Ok(json!({ "number": number.to_string(), "status": status, "statement": statement }))
        }
        other => Err(Problem::internal(format!("a request was answered by {other:?}"))),
    }
}
