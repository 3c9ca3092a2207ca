//! One execution from its hand-over to its recorded end.

use std::sync::Arc;
use std::time::Duration;

use countersign_core::actor::Principal;
use countersign_core::command::Command;
use countersign_core::event::body::OutputDigest;
use countersign_core::execution::Outcome;
use countersign_core::id::ExecutionId;
use countersign_runner::client::Events;
use countersign_runspace::{Event, ExecutionResult, Stream as Told};
use countersign_store::Stream;

use super::{Shared, ToExecutor, words};
use crate::error::SubmitError;
use crate::submission::Submission;

const FIRST_WAIT: Duration = Duration::from_millis(200);
const LONGEST_WAIT: Duration = Duration::from_secs(30);

/// Follows the events of an execution. If they end without a result the connection was lost: the next one tells, or
/// the executor gives up.
pub(super) async fn follow(shared: Arc<Shared>, execution: ExecutionId, mut events: Events, limit: u64) {
    while let Some(event) = events.next().await {
        match event {
            Event::Started { .. } => crate::failpoint::hit("program_started"),
            Event::Output(output) => {
                let stream = match output.stream {
                    Told::Stdout => Stream::Stdout,
                    Told::Stderr => Stream::Stderr,
                };
                shared.outputs.append(execution, stream, output.bytes.0, limit).await;
            }
            end @ (Event::Finished(_) | Event::Refused(_)) => return ended(shared, execution, end).await,
        }
    }
}

/// Records an end.
pub(super) async fn ended(shared: Arc<Shared>, execution: ExecutionId, event: Event) {
    crate::failpoint::hit("result_heard");
    let (outcome, output) = match event {
        Event::Finished(result) => {
            let outcome = words::outcome(&result.outcome);
            let cut = shared.outputs.finish(execution).await;
            (outcome, digest(&result, cut))
        }
        // The first order of this id may have run: this refusal says nothing of it.
        Event::Refused(refusal) if refusal.code == "duplicate_execution" => {
            (Outcome::Unknown { reason: refusal.code }, None)
        }
        Event::Refused(refusal) => {
            tracing::info!(%execution, code = refusal.code, "the runner refused an order: {}", refusal.message);
            (Outcome::Failed { exit: None, reason: words::not_started(&refusal.code) }, None)
        }
        Event::Started { .. } | Event::Output(_) => return,
    };
    record(shared, execution, outcome, output).await;
}

/// Records an outcome, however long that takes: it is true whether or not there is room for it now.
pub(super) async fn record(
    shared: Arc<Shared>,
    execution: ExecutionId,
    outcome: Outcome,
    output: Option<OutputDigest>,
) {
    let mut wait = FIRST_WAIT;
    let is_unknown = outcome.is_unknown();
    loop {
        let command = Command::Finish { execution, outcome: outcome.clone(), output };
        match shared.engine.submit(Submission::new(Principal::system(), command)).await {
            Ok(_) => break,
            Err(SubmitError::Stopped) => return,
            Err(error) => {
                tracing::error!(%execution, %error, "an outcome could not be recorded yet");
                tokio::time::sleep(wait).await;
                wait = (wait * 2).min(LONGEST_WAIT);
            }
        }
    }
    shared.outputs.end(execution);
    // A refusal means that the end is in the ledger already. An unknown outcome stays open at the runner: it may
    // still tell the truth.
    if !is_unknown {
        let _ = shared.me.send(ToExecutor::Ended(execution));
    }
}

fn digest(result: &ExecutionResult, cut: bool) -> Option<OutputDigest> {
    let (stdout, stderr) = (&result.stdout, &result.stderr);
    Some(OutputDigest {
        stdout_bytes: stdout.bytes,
        stdout_sha256: stdout.sha256.parse().ok()?,
        stderr_bytes: stderr.bytes,
        stderr_sha256: stderr.sha256.parse().ok()?,
        truncated: cut || stdout.kept < stdout.bytes || stderr.kept < stderr.bytes,
    })
}
