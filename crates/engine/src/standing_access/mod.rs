//! Standing access, listed daily: the loop submits the workload's task for the account that the organization names, and
//! compares what it printed with the list before. What may run is the gate's matter, when it is due is `core`'s.

mod list;

use std::collections::BTreeMap;
use std::time::Duration;

use countersign_core::actor::Principal;
use countersign_core::command::{Command, Execute, Listed};
use countersign_core::decide::Reply;
use countersign_core::id::{ExecutionId, PersonId};
use countersign_core::name::TaskName;
use countersign_core::parameter::Given;
use countersign_core::standing_access;
use countersign_core::time::{Instant, Span};
use countersign_core::view::Column as _;
use countersign_core::view::rows::execution;
use countersign_core::view::status::ExecutionStatus;
use countersign_ledger::hash::sha256;
use countersign_store::{Error, Stream, get};

use self::list::List;
use crate::error::SubmitError;
use crate::handle::EngineHandle;
use crate::submission::Submission;

/// How often it is asked what is due.
const LOOK: Duration = Duration::from_secs(5);
/// How often a run is looked at for its end.
const WAIT: Duration = Duration::from_millis(250);
/// What was refused is not tried again sooner; the ledger says nothing of it that `core` could go by.
const AFTER_REFUSAL: Span = Span::from_hours(1);

pub(crate) async fn run(engine: EngineHandle) {
    engine.settled().await;
    let mut refused: BTreeMap<TaskName, Instant> = BTreeMap::new();
    loop {
        let (state, now) = (engine.state(), engine.now());
        for (task, account) in standing_access::due(&state, now) {
            if refused.get(&task).is_some_and(|at| now.since(*at) < AFTER_REFUSAL) {
                continue;
            }
            match check(&engine, &task, account).await {
                Ok(Checked::Refused) => {
                    refused.insert(task, now);
                }
                Ok(Checked::Listed | Checked::NoList) => {}
                Err(SubmitError::Stopped) => return,
                Err(error) => tracing::warn!(%task, %error, "standing access was not listed"),
            }
        }
        tokio::time::sleep(LOOK).await;
    }
}

enum Checked {
    /// The gate refused it, which stands in the ledger.
    Refused,
    /// It ran, and printed nothing that is a list.
    NoList,
    Listed,
}

async fn check(engine: &EngineHandle, task: &TaskName, account: PersonId) -> Result<Checked, SubmitError> {
    let before = engine.state().standing.get(task.workload()).and_then(|known| known.known);
    let run = Execute { task: task.clone(), values: Given::default(), cite: None, secret: None };
    let started =
        engine.submit(Submission::new(Principal::scheduled(account), Command::Execute(run))).await?;
    let execution = match started.reply {
        Ok(Reply::Started { execution, .. }) => execution,
        Ok(_) | Err(_) => return Ok(Checked::Refused),
    };
    // A run has a deadline, and an outcome that nobody knows is called so: this ends.
    while engine.state().executions.get(&execution).is_some_and(|run| !run.unknown) {
        tokio::time::sleep(WAIT).await;
    }
    let reading = engine.clone();
    let before = before.map(|known| known.execution);
    let compared = tokio::task::spawn_blocking(move || compare(&reading, execution, before)).await;
    let listed = match compared {
        Ok(Ok(listed)) => listed,
        Ok(Err(why)) => {
            tracing::warn!(%task, %execution, %why, "what was printed is no list of standing access");
            return Ok(Checked::NoList);
        }
        Err(error) => return Err(SubmitError::NotRecorded(error.to_string())),
    };
    let recorded =
        engine.submit(Submission::new(Principal::system(), Command::ListStandingAccess(listed))).await?;
    Ok(if recorded.reply.is_ok() { Checked::Listed } else { Checked::NoList })
}

/// Reads both lists. One before that can't be read any more is no list to compare with, and `core` takes that for drift.
fn compare(
    engine: &EngineHandle,
    execution: ExecutionId,
    before: Option<ExecutionId>,
) -> Result<Listed, String> {
    let list = read(engine, execution)?;
    let before = before.and_then(|before| Some((before, read(engine, before).ok()?)));
    let count = |entries: usize| u32::try_from(entries).unwrap_or(u32::MAX);
    let (appeared, gone) = match &before {
        Some((_, before)) => (list.beyond(before), before.beyond(&list)),
        None => (0, 0),
    };
    Ok(Listed {
        execution,
        before: before.map(|(before, _)| before),
        holders: count(list.len()),
        appeared: count(appeared),
        gone: count(gone),
    })
}

/// A list whole, as its execution printed it: what was cut, or is not what the ledger says, is none.
fn read(engine: &EngineHandle, execution: ExecutionId) -> Result<List, String> {
    let said = |error: Error| error.to_string();
    let row = get::<execution::Row>(&*engine.reader(), &[execution.to_cell()]).map_err(said)?;
    let row = row.ok_or("the execution is not in the tables")?;
    if row.status != ExecutionStatus::Succeeded {
        return Err("the execution did not succeed".to_owned());
    }
    if row.truncated == Some(true) {
        return Err("the output was cut".to_owned());
    }
    let digest = row.stdout_sha256.ok_or("the output's digest is not known")?;
    let kept = engine.outputs().read_checked(execution, Stream::Stdout, &digest).map_err(said)?;
    let bytes = match kept {
        Some(bytes) => bytes,
        None if digest == sha256(&[]) => Vec::new(),
        None => return Err("the output is not kept any more".to_owned()),
    };
    List::parse(&bytes).map_err(|fault| fault.to_string())
}
