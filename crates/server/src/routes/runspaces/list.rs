//! Lists runspaces and how they are.

use std::collections::BTreeMap;

use axum::extract::State;
use axum::routing::get;
use countersign_core::name::WorkloadName;
use countersign_engine::{Health, RunnerState, Separation};
use schemars::JsonSchema;
use serde::Serialize;

use crate::app::App;
use crate::json::Answer;
use crate::problem::{Problem, Result};
use crate::routes::{Route, json};
use crate::schema::text;
use crate::see::config;
use crate::viewer::Viewer;

pub(crate) static ROUTE: Route = Route {
    reason: "relation: for who may run Countersign\\Get-OrganizationConfig",
    summary: "Runspaces: the workloads whose tasks each executes, the runner that they live in, and what is amiss.",
    answer: json::<Runspaces>(),
    ..Route::get("/api/v1/runspaces", || get(list))
};

/// The runner and the runspaces in it.
#[derive(Serialize, JsonSchema)]
struct Runspaces {
    runner: Runner,
    items: Vec<Runspace>,
    seq: u64,
}

/// The process that runspaces live in.
#[derive(Serialize, JsonSchema)]
struct Runner {
    state: RunnerWord,
    /// Why it is not connected, if known.
    why: Option<String>,
    /// Whether the kernel keeps server and runner apart; null while it is not connected.
    separated: Option<bool>,
    /// Executions that run; null while it is not connected.
    running: Option<usize>,
    /// What is amiss, in sentences. Empty is good.
    notes: Vec<String>,
}

/// Whether there is a runner.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum RunnerWord {
    Absent,
    Disconnected,
    Connected,
}

/// What executes some workloads' tasks.
#[derive(Serialize, JsonSchema)]
struct Runspace {
    /// `process` and the like.
    name: String,
    workloads: Vec<RunspaceWorkload>,
    /// Whether the runner offers it now.
    available: bool,
    /// What does not hold on its host, in sentences. Empty is good.
    notes: Vec<String>,
}

/// A workload that a runspace executes.
#[derive(Serialize, JsonSchema)]
struct RunspaceWorkload {
    #[schemars(with = "text::Name")]
    name: WorkloadName,
    /// How many tasks it has.
    tasks: usize,
}

async fn list(State(app): State<App>, viewer: Viewer) -> Result<Answer<Runspaces>> {
    let (state, now) = (app.state(), app.now());
    if !config::reads(&state, viewer.person, now) {
        return Err(Problem::not_found());
    }
    let engine = app.engine().clone();
    let health = tokio::task::spawn_blocking(move || engine.health()).await.map_err(Problem::internal)?;
    let mut items: BTreeMap<String, Runspace> = BTreeMap::new();
    let empty = |name: &str| Runspace {
        name: name.to_owned(),
        workloads: Vec::new(),
        available: false,
        notes: Vec::new(),
    };
    for (name, runspace) in &state.catalog.workloads {
        let tasks = state.catalog.tasks.keys().filter(|task| task.workload() == name).count();
        let item = items.entry(runspace.clone()).or_insert_with(|| empty(runspace));
        item.workloads.push(RunspaceWorkload { name: name.clone(), tasks });
    }
    if let RunnerState::Connected { health: Some(runner) } = &health.runner {
        for offered in &runner.runspaces {
            let item = items.entry(offered.executor.clone()).or_insert_with(|| empty(&offered.executor));
            item.available = true;
            item.notes.clone_from(&offered.notes);
        }
    }
    let items = items.into_values().collect();
    Ok(Answer(Runspaces { runner: runner(&health), items, seq: state.next_seq }))
}

fn runner(health: &Health) -> Runner {
    let plain = |state, why| Runner { state, why, separated: None, running: None, notes: Vec::new() };
    match &health.runner {
        RunnerState::Absent => plain(RunnerWord::Absent, None),
        RunnerState::Disconnected { why } => plain(RunnerWord::Disconnected, why.clone()),
        RunnerState::Connected { health: None } => plain(RunnerWord::Connected, None),
        RunnerState::Connected { health: Some(found) } => Runner {
            separated: Some(found.separation == Separation::Separated),
            running: Some(found.running.len()),
            notes: found.notes.clone(),
            ..plain(RunnerWord::Connected, None)
        },
    }
}
