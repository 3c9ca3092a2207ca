//! Shows the figures.

use axum::extract::State;
use axum::routing::get;
use countersign_core::name::TaskName;
use countersign_core::state::State as Everything;
use countersign_core::view::rows::execution;
use countersign_engine::Health;
use countersign_store::{Condition, ListQuery, Reader, list};
use schemars::JsonSchema;
use serde::Serialize;

use super::activity::{self, Activity};
use super::native::{self, NativeAccess};
use super::standing::{self, StandingPrivilege};
use crate::app::App;
use crate::json::Answer;
use crate::problem::{Problem, Result};
use crate::routes::{Route, json};
use crate::schema::text;
use crate::see::config;
use crate::see::people::Names;
use crate::viewer::Viewer;

pub(crate) static ROUTE: Route = Route {
    reason: "relation: for who may run Countersign\\Get-OrganizationConfig; counts and names, no reasons, no parameters",
    summary: "Figures: standing privilege, requests and decisions, tasks never used, what is live, mails.",
    answer: json::<Overview>(),
    ..Route::get("/api/v1/overview", || get(show))
};

/// Tasks looked at for whether they were ever used, at most.
const TASKS: usize = 2_000;

/// How privileged access is used.
#[derive(Serialize, JsonSchema)]
struct Overview {
    standing: StandingPrivilege,
    native: NativeAccess,
    activity: Activity,
    /// Tasks of the catalog that nobody ever ran; at most 2,000 tasks are looked at.
    #[schemars(with = "Vec<text::TaskName>")]
    never_used: Vec<TaskName>,
    live: LiveNow,
    mail: MailDelivery,
    seq: u64,
}

/// What is live now.
#[derive(Serialize, JsonSchema)]
struct LiveNow {
    /// Requests that wait.
    requests: usize,
    authorizations: usize,
    /// Executions that run, or whose outcome is unknown.
    executions: usize,
}

/// Messages to people.
#[derive(Serialize, JsonSchema)]
struct MailDelivery {
    /// Whether there is a way to send at all.
    set_up: bool,
    /// Waiting for a first or another try.
    waiting: u64,
    /// Whether some have waited long.
    stuck: bool,
    /// Of the newest failures, those that were given up.
    given_up: usize,
}

async fn show(State(app): State<App>, viewer: Viewer) -> Result<Answer<Overview>> {
    let (state, now) = (app.state(), app.now());
    if !config::reads(&state, viewer.person, now) {
        return Err(Problem::not_found());
    }
    let engine = app.engine().clone();
    app.read(move |reader| {
        let health = engine.health();
        let holders = standing::count(&state, now);
        let counted = activity::count(reader, now)?;
        let names =
            Names::load(reader, holders.shown().chain(counted.people()).chain(native::account(&state)))?;
        Ok(Answer(Overview {
            standing: StandingPrivilege::of(&holders, &names),
            native: NativeAccess::of(&state, now, &names),
            activity: Activity::of(counted, &names),
            never_used: never_used(&state, reader)?,
            live: LiveNow {
                requests: state.requests.len(),
                authorizations: state.authorizations.values().filter(|live| now < live.until).count(),
                executions: state.executions.len(),
            },
            mail: MailDelivery::of(&health),
            seq: state.next_seq,
        }))
    })
    .await
}

impl MailDelivery {
    const fn of(health: &Health) -> Self {
        let outbox = health.outbox;
        Self { set_up: outbox.mails, waiting: outbox.waiting, stuck: outbox.stuck, given_up: outbox.given_up }
    }
}

fn never_used(state: &Everything, reader: &dyn Reader) -> Result<Vec<TaskName>> {
    let mut unused = Vec::new();
    for name in state.catalog.tasks.keys().take(TASKS) {
        let query = ListQuery { limit: 1, ..ListQuery::all() };
        let query = query.with(Condition::Is(execution::task_key(&name.to_string().to_lowercase())));
        if list::<execution::Row>(reader, &query)?.rows.is_empty() {
            unused.push(name.clone());
        }
    }
    Ok(unused)
}
