//! What goes on beside requests: failed sign-ins are counted into the ledger, sessions of people who were disabled or
//! whose credentials changed are removed, and what is over is swept.

use std::time::Duration;

use countersign_core::event::{Body, wire};
use countersign_core::time::Span;
use tokio::sync::broadcast::error::RecvError;
use tokio::task::AbortHandle;

use crate::app::App;
use crate::problem::{Problem, Result};
use crate::sign_in::{failures, session};

const MINUTE: Duration = Duration::from_secs(60);
/// How long throttles and familiar addresses are kept.
const KEPT: Span = Span::from_hours(24 * 30);

/// Starts it; stop it by the handles.
pub(crate) fn start(app: &App) -> Vec<AbortHandle> {
    let (minutes, changes) = (app.clone(), app.clone());
    vec![
        tokio::spawn(async move { each_minute(&minutes).await }).abort_handle(),
        tokio::spawn(async move { watch(&changes).await }).abort_handle(),
    ]
}

async fn each_minute(app: &App) {
    loop {
        tokio::time::sleep(MINUTE).await;
        failures::flush(app).await;
        let now = app.now();
        let swept = app.ops(move |ops| {
            ops.sweep_sessions(now)?;
            ops.sweep_throttles(now.minus(KEPT))?;
            Ok(())
        });
        if let Err(problem) = swept.await {
            tracing::warn!(code = problem.code(), "sessions that are over could not be swept");
        }
    }
}

/// A session is judged at each use; this removes those that nobody uses in between, so that they do not come back to
/// life with a person who is enabled again.
async fn watch(app: &App) {
    let mut changes = app.engine().subscribe();
    loop {
        match changes.recv().await {
            Ok(change) if matches!(change.kind, "PersonDisabled" | "PersonEnabled") => {
                if let Err(problem) = end_sessions(app, change.seq).await {
                    tracing::error!(
                        code = problem.code(),
                        "sessions of a disabled person could not be ended"
                    );
                }
            }
            Ok(_) => {}
            Err(RecvError::Lagged(_)) => {
                if let Err(problem) = end_all_of_disabled(app).await {
                    tracing::error!(code = problem.code(), "sessions of disabled people could not be ended");
                }
            }
            Err(RecvError::Closed) => return,
        }
    }
}

async fn end_sessions(app: &App, seq: u64) -> Result<()> {
    let person = app.read(move |reader| {
        let entry = reader.entries(seq, 1)?.into_iter().next().ok_or_else(Problem::not_found)?;
        Ok(match wire::from_bytes(&entry.bytes).map_err(Problem::internal)?.body {
            Body::PersonDisabled { person, .. } | Body::PersonEnabled { person } => Some(person),
            _ => None,
        })
    });
    match person.await? {
        Some(person) => session::end_all(app, person).await,
        None => Ok(()),
    }
}

/// At the start, and whenever changes came faster than they were read.
pub(crate) async fn end_all_of_disabled(app: &App) -> Result<()> {
    let state = app.state();
    let disabled: Vec<_> =
        state.directory.people().filter(|(_, person)| !person.enabled).map(|(id, _)| id).collect();
    for person in disabled {
        session::end_all(app, person).await?;
    }
    Ok(())
}
