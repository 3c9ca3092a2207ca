//! Events are the orders: what follows from a commit.

use std::sync::Arc;

use countersign_core::command::Command;
use countersign_core::decide::Reply;
use countersign_core::event::Body;
use countersign_core::execution::Basis;
use countersign_core::id::{ExecutionId, PersonId};
use countersign_core::name::TaskName;
use countersign_core::parameter::{self, Values};
use countersign_core::task::TaskDefinition;
use countersign_core::tasks;
use countersign_core::time::Instant;
use countersign_ledger::hash::Digest;
use countersign_ledger::json;
use countersign_store::{Batch, Entry};

use super::decide::Outcome;
use super::{Job, Writer};
use crate::executions::ToExecutor;

/// An execution that is to be started. It holds secrets, which are wiped when it is dropped.
#[derive(Debug)]
pub(crate) struct Order {
    pub(crate) execution: ExecutionId,
    pub(crate) person: PersonId,
    pub(crate) definition: Arc<TaskDefinition>,
    pub(crate) values: Values,
    /// The ground, which says what is to be done with the definition.
    pub(crate) basis: Basis,
    pub(crate) deadline: Instant,
    /// Nanoseconds on the boot clock by which it must have begun.
    pub(crate) start_by: u64,
}

/// How long after the commit a program may still begin.
const START_WITHIN: u64 = 5_000_000_000;

impl Writer {
    /// What the executor has to do about this batch, in order. To be asked before the batch's state takes its place.
    pub(super) fn orders(&self, batch: &Batch, jobs: &[Job], outcomes: &[Outcome]) -> Vec<ToExecutor> {
        let boot = self.judge.lock().unwrap_or_else(std::sync::PoisonError::into_inner).boot();
        let start_by = boot.nanos.saturating_add(START_WITHIN);
        let order = |entry: &Entry| match &entry.event.body {
            Body::ExecutionStarted {
                execution,
                task,
                digest,
                person,
                basis,
                values: sealed,
                deadline,
                ..
            } if !tasks::is_countersign(task) => {
                let definition = match basis {
                    Basis::TakeBack { of } => {
                        self.state.obligations.get(of).map(|owed| Arc::clone(&owed.definition))
                    }
                    _ => self.definition(batch, task, *digest),
                };
                let values = definition.as_ref().and_then(|definition| match basis {
                    Basis::Preview { .. } | Basis::TakeBack { .. } => {
                        recorded(batch, sealed.commitment(), definition)
                    }
                    _ => values(*execution, definition, jobs, outcomes),
                });
                Some(match (definition, values) {
                    (Some(definition), Some(values)) => ToExecutor::Start(Box::new(Order {
                        execution: *execution,
                        person: *person,
                        definition,
                        values,
                        basis: basis.clone(),
                        deadline: *deadline,
                        start_by,
                    })),
                    // Without them nothing can be started, and it is certain that nothing was.
                    _ => ToExecutor::Lost(*execution),
                })
            }
            Body::ExecutionAdopted { execution, deadline, .. } => {
                Some(ToExecutor::Extend(*execution, *deadline))
            }
            Body::StopRequested { execution, why } => Some(ToExecutor::Stop(*execution, *why)),
            _ => None,
        };
        batch.entries.iter().filter_map(order).collect()
    }

    /// The definition that the start was judged by, known by its digest: a task may be redefined in the same batch.
    fn definition(&self, batch: &Batch, task: &TaskName, wanted: Digest) -> Option<Arc<TaskDefinition>> {
        let before = tasks::find(&self.state, task).filter(|found| found.digest == wanted);
        before.map(|found| found.definition).or_else(|| {
            batch.entries.iter().find_map(|entry| match &entry.event.body {
                Body::TaskDefined { digest, definition, .. }
                    if definition.name == *task && *digest == wanted =>
                {
                    Some(Arc::new(definition.clone()))
                }
                _ => None,
            })
        })
    }
}

/// The values of an execution that takes no secrets, as this batch records them.
fn recorded(batch: &Batch, commitment: Digest, definition: &TaskDefinition) -> Option<Values> {
    let value = batch.sealed.iter().find(|value| value.commitment == commitment)?;
    parameter::recorded(&definition.parameters, &json::from_canonical(&value.value).ok()?)
}

/// The values of an execution, read from its command again: secrets are nowhere else.
fn values(
    wanted: ExecutionId,
    definition: &TaskDefinition,
    jobs: &[Job],
    outcomes: &[Outcome],
) -> Option<Values> {
    jobs.iter().zip(outcomes).find_map(|(job, outcome)| {
        let Outcome::Receipt(receipt) = outcome else { return None };
        match (&receipt.reply, &job.submission.command) {
            (Ok(Reply::Started { execution, .. }), Command::Execute(execute))
                if *execution == wanted && !receipt.replayed =>
            {
                parameter::check(&definition.parameters, execute.values.clone()).ok()
            }
            _ => None,
        }
    })
}
