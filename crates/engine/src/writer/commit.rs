//! The transaction: decided, durable, published, answered; in this order and no other.

use std::sync::PoisonError;

use countersign_core::actor::Principal;
use countersign_core::command::Command;
use countersign_core::refusal::{Code, Refusal};
use countersign_core::time::Instant;
use countersign_store::{AppendError, Batch};
use tokio::sync::oneshot;

use super::batch::Work;
use super::decide::Outcome;
use super::space::SpaceState;
use super::{Job, Next, Writer};
use crate::clock::Moment;
use crate::error::SubmitError;
use crate::failpoint;
use crate::high_water::Mark;
use crate::ledger::origin;
use crate::submission::{Receipt, Submission};

/// How a commit came out.
pub(super) enum Committed {
    Yes,
    /// The disk is full; nothing was written.
    Full,
    /// Nothing was written.
    No(String),
    /// Nothing can be relied on any more.
    Fatal(SubmitError),
}

impl Writer {
    /// Carries waiting commands out.
    pub(super) fn carry_out(&mut self, mut jobs: Vec<Job>) -> Next {
        if self.restored.is_some() {
            return self.hold_back(jobs);
        }
        let moment = self.judge.lock().unwrap_or_else(PoisonError::into_inner).judge();
        if moment.suspect.is_some() && !self.state.organization.clock_suspect && !self.state.is_empty() {
            jobs.insert(0, suspicion(moment));
        }
        let counted = self.refusals.close(moment.now);
        jobs.splice(0..0, counted.into_iter().map(by_system));
        if self.space.look() != SpaceState::Enough {
            jobs = turn_away(jobs);
        }
        let (jobs, outcomes, committed) = self.attempt(jobs, moment.now);
        match committed {
            Committed::Full => {
                self.space.exhausted();
                let essential = turn_away(jobs);
                let (jobs, outcomes, committed) = self.attempt(essential, moment.now);
                self.answer(jobs, outcomes, committed)
            }
            other => self.answer(jobs, outcomes, other),
        }
    }

    /// At the end: what was counted and not yet recorded.
    pub(super) fn record_counted(&mut self) {
        let jobs: Vec<Job> = self.refusals.close_all().into_iter().map(by_system).collect();
        if !jobs.is_empty() {
            let _ = self.carry_out(jobs);
        }
    }

    fn attempt(&mut self, mut jobs: Vec<Job>, now: Instant) -> (Vec<Job>, Vec<Outcome>, Committed) {
        let mut work = Work::new(&self.state, &self.edge);
        let mut outcomes = Vec::new();
        for (place, job) in jobs.iter_mut().enumerate() {
            outcomes.push(self.decide(&mut work, job, place, now));
        }
        failpoint::hit("after_decide");
        let committed = match self.fatal.take() {
            Some(error) => Committed::Fatal(error),
            None => self.commit(work, &jobs, &outcomes),
        };
        (jobs, outcomes, committed)
    }

    pub(super) fn commit(&mut self, work: Work, jobs: &[Job], outcomes: &[Outcome]) -> Committed {
        if work.entries.is_empty() {
            return Committed::Yes;
        }
        let (batch, state, edge) = match work.into_batch(self.edge.size(), &self.keys) {
            Ok(all) => all,
            Err(error) => return Committed::No(error.to_string()),
        };
        match self.append(&batch) {
            Committed::Yes => {}
            other => return other,
        }
        failpoint::hit("after_commit");
        let orders = self.orders(&batch, jobs, outcomes);
        let has = |kind| batch.entries.iter().any(|entry| entry.event.body.kind() == kind);
        let accepted = has("ClockAccepted");
        self.state = state;
        self.edge = edge;
        if accepted {
            self.judge.lock().unwrap_or_else(PoisonError::into_inner).accept();
        }
        if let Err(error) = self.mark() {
            return Committed::Fatal(SubmitError::Unknown(format!(
                "{}: {error}",
                self.high_water.path().display()
            )));
        }
        self.published.publish(self.state.clone(), batch.entries.iter().map(|entry| &entry.event));
        if has("EpochOpened") {
            self.restored = None;
            self.published.set_restored(None);
        }
        for order in orders {
            let _ = self.executor.send(order);
        }
        Committed::Yes
    }

    fn append(&mut self, batch: &Batch) -> Committed {
        match self.store.append(batch) {
            Ok(()) => Committed::Yes,
            Err(AppendError::Definite(countersign_store::Error::Full)) => Committed::Full,
            Err(AppendError::Definite(error)) if error.is_fatal() => Committed::Fatal(not_recorded(&error)),
            Err(AppendError::Definite(error)) => Committed::No(error.to_string()),
            Err(AppendError::Conflict { expected, found }) => Committed::Fatal(SubmitError::NotRecorded(
                format!("somebody else writes to this ledger: it has {found} entries, not {expected}"),
            )),
            Err(AppendError::Unknown(error)) => self.look_again(batch, &error),
        }
    }

    /// The commit was not acknowledged: what is there decides.
    fn look_again(&mut self, batch: &Batch, error: &countersign_store::Error) -> Committed {
        tracing::error!(%error, "a commit was not acknowledged");
        match self.store.head() {
            Ok(Some(head)) if head.size == batch.size && head.root == batch.root => Committed::Yes,
            Ok(head) if head.as_ref().map_or(0, |head| head.size) == batch.first_seq && !error.is_fatal() => {
                Committed::No(error.to_string())
            }
            _ => Committed::Fatal(SubmitError::Unknown(error.to_string())),
        }
    }

    fn mark(&mut self) -> Result<(), String> {
        let origin = origin(&self.state).map_err(|error| error.to_string())?;
        let key = self.keys.log(&origin).verifying_key().to_string();
        let mark = Mark { size: self.edge.size(), root: self.edge.root(), epoch: origin.epoch(), key };
        self.high_water.set(&mark).map_err(|error| error.to_string())
    }

    fn answer(&mut self, jobs: Vec<Job>, outcomes: Vec<Outcome>, committed: Committed) -> Next {
        failpoint::hit("before_reply");
        let failure = match &committed {
            Committed::Yes => None,
            Committed::Full => Some(SubmitError::NotRecorded("the disk is full".to_owned())),
            Committed::No(why) => Some(SubmitError::NotRecorded(why.clone())),
            Committed::Fatal(error) => Some(error.clone()),
        };
        let receipts: Vec<Result<Receipt, SubmitError>> =
            outcomes.iter().map(|outcome| heard(outcome, &outcomes)).collect();
        for (job, receipt) in jobs.into_iter().zip(receipts) {
            let _ = job.reply.send(match &failure {
                None => receipt,
                Some(error) => Err(error.clone()),
            });
        }
        match committed {
            Committed::Fatal(error) => {
                tracing::error!(%error, "the engine stops");
                (self.on_fatal)(&error);
                Next::Ends
            }
            _ => Next::Goes,
        }
    }

    /// A store that failed while something was looked up: nothing was recorded.
    pub(super) fn failed(&mut self, error: &countersign_store::Error) -> SubmitError {
        let answer = not_recorded(error);
        if error.is_fatal() {
            self.fatal.get_or_insert_with(|| answer.clone());
        }
        answer
    }
}

fn not_recorded(error: &countersign_store::Error) -> SubmitError {
    SubmitError::NotRecorded(error.to_string())
}

fn heard(outcome: &Outcome, all: &[Outcome]) -> Result<Receipt, SubmitError> {
    match outcome {
        Outcome::Receipt(receipt) => Ok(receipt.clone()),
        Outcome::Failed(error) => Err(error.clone()),
        Outcome::Same(place) => match all.get(*place) {
            Some(Outcome::Receipt(receipt)) => Ok(Receipt { replayed: true, link: None, ..receipt.clone() }),
            Some(Outcome::Failed(error)) => Err(error.clone()),
            _ => Err(SubmitError::NotRecorded("the same command failed".to_owned())),
        },
    }
}

fn suspicion(moment: Moment) -> Job {
    by_system(Command::SuspectClock { stated: moment.suspect.unwrap_or(moment.now) })
}

/// A command of the engine's own, whose receipt nobody waits for.
fn by_system(command: Command) -> Job {
    Job { submission: Submission::new(Principal::system(), command), reply: oneshot::channel().0 }
}

/// Refuses what is not essential, at once and without recording it: a record would take the room that is missing.
fn turn_away(jobs: Vec<Job>) -> Vec<Job> {
    let (essential, others): (Vec<Job>, Vec<Job>) =
        jobs.into_iter().partition(|job| job.submission.is_essential());
    for job in others {
        let refusal = Refusal::new(
            Code::NoSpace,
            "The server's disk is nearly full; new work waits until there is room.",
        )
        .hint("an administrator of the host must free space");
        let _ = job.reply.send(Ok(Receipt { size: 0, reply: Err(refusal), replayed: false, link: None }));
    }
    essential
}
