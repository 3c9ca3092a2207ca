//! Sends a test mail.

use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::post;
use countersign_core::command::Closed;
use countersign_engine::MailTest;
use schemars::JsonSchema;
use serde::Serialize;

use crate::app::App;
use crate::json::Answer;
use crate::problem::{Problem, Result};
use crate::routes::{Route, json};
use crate::see::config;
use crate::viewer::{self, Viewer};

pub(crate) static ROUTE: Route = Route {
    reason: "relation: for who may run Countersign\\Get-OrganizationConfig, to their own address only",
    summary: "Sends a test mail to oneself and says what the mail server answered. At most one in ten seconds.",
    answer: json::<TestedMail>(),
    ..Route::post("/api/v1/organization/test-mail", || post(send))
};

/// What became of a test mail.
#[derive(Serialize, JsonSchema)]
struct TestedMail {
    outcome: MailOutcome,
    /// The mail server's words, or where the file is.
    detail: Option<String>,
}

/// Whether a mail was sent: the server took it; it was written to a file, so that nobody is told; there is no way to
/// send; not now, but trying again may help; or not so, and the configuration has to change.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum MailOutcome {
    Accepted,
    Spooled,
    NotSetUp,
    FailedForNow,
    Failed,
}

async fn send(State(app): State<App>, viewer: Viewer) -> Result<Answer<TestedMail>> {
    if !config::reads(&app.state(), viewer.person, app.now()) {
        return Err(viewer::turn_away(&app, &viewer, &ROUTE, Closed::Unknown).await);
    }
    let (outcome, detail) = match app.engine().test_mail(viewer.person).await {
        MailTest::Accepted(answer) => (MailOutcome::Accepted, Some(answer)),
        MailTest::Spooled(path) => (MailOutcome::Spooled, Some(path)),
        MailTest::NotSetUp => (MailOutcome::NotSetUp, None),
        MailTest::Failed { why, again: true } => (MailOutcome::FailedForNow, Some(why)),
        MailTest::Failed { why, again: false } => (MailOutcome::Failed, Some(why)),
        MailTest::TooSoon => {
            let detail = "A test mail was sent only just now. Wait ten seconds.";
            return Err(Problem::new(StatusCode::TOO_MANY_REQUESTS, "rate_limited", detail));
        }
    };
    Ok(Answer(TestedMail { outcome, detail }))
}
