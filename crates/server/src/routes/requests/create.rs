//! Asks for access.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use countersign_core::command::{Command, Submit};
use countersign_core::id::{PersonId, RequestNumber};
use countersign_core::name::RoleName;
use countersign_core::parameter::ConstraintForms;
use countersign_core::policy::Target;
use countersign_core::time::Span;
use schemars::JsonSchema;
use serde::Deserialize;

use super::step::{Submitted, step};
use crate::app::App;
use crate::idempotency::IdempotencyKey;
use crate::json::Body;
use crate::problem::{Problem, Result};
use crate::routes::{Access, Route, json};
use crate::schema::text::{self, At};
use crate::schema::{self, word};
use crate::see::instant as read_instant;
use crate::viewer::Viewer;

pub(crate) static ROUTE: Route = Route {
    access: Access::Asking,
    reason: "relation: a request is for oneself or a service account of one's own; who may ask is judged by the governing policy (G4)",
    summary: "Asks for a task, a role or a role group.",
    body: Some(json::<NewRequest>()),
    answer: json::<Submitted>(),
    success: 201,
    ..Route::post("/api/v1/requests", || post(create))
};

/// A request to be made.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct NewRequest {
    /// A service account of one's own that it is for, if not oneself.
    #[schemars(with = "Option<text::PersonId>")]
    account: Option<PersonId>,
    target: TargetForm,
    /// The role whose policy shall govern, where there is a choice.
    #[schemars(with = "Option<text::RoleName>")]
    role: Option<RoleName>,
    #[serde(default)]
    #[schemars(with = "schema::ConstraintForms")]
    constraints: ConstraintForms,
    reason: String,
    ticket: Option<String>,
    duration_secs: Option<u64>,
    /// From when, if not from the approval on.
    #[schemars(with = "Option<At>")]
    start: Option<String>,
    /// How often; absent means as often as the policy lets.
    uses: Option<u32>,
    /// The request it extends.
    #[schemars(with = "Option<text::RequestId>")]
    extends: Option<String>,
}

/// A target with its kind as forms and mails say it.
#[derive(Deserialize, JsonSchema)]
#[schemars(rename = "NewTarget")]
#[serde(deny_unknown_fields)]
pub(super) struct TargetForm {
    #[schemars(with = "word::TargetType")]
    r#type: String,
    name: String,
}

impl TargetForm {
    pub(super) fn read(self) -> Result<Target> {
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
    Body(form): Body<NewRequest>,
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
    Ok((StatusCode::CREATED, step(&app, &viewer, key, command).await?).into_response())
}
