//! A restored copy: nothing is appended to it but the event that accepts it.

use std::sync::PoisonError;

use countersign_core::actor::Authentication;
use countersign_core::command::Command;
use countersign_core::decide::{self, Decision, Reply};
use countersign_core::epoch::Restored;
use countersign_core::facts::Facts;
use countersign_core::refusal::{Code, Refusal};

use super::batch::{Addition, Work};
use super::commit::Committed;
use super::{Job, Next, Writer};
use crate::error::SubmitError;
use crate::submission::Receipt;

impl Writer {
    /// Answers commands while the copy is not accepted; what comes behind the acceptance is carried out as always.
    pub(super) fn hold_back(&mut self, jobs: Vec<Job>) -> Next {
        let mut jobs = jobs.into_iter();
        while let Some(restored) = self.restored.clone() {
            let Some(job) = jobs.next() else { return Next::Goes };
            let answer = match &job.submission.command {
                Command::AcceptRestore(_) => self.accept(&job, restored),
                _ => Ok(self.read_only(&job)),
            };
            let fatal = self.fatal.take();
            let size = self.state.next_seq;
            let _ = job.reply.send(match &fatal {
                Some(error) => Err(error.clone()),
                None => answer.map(|reply| Receipt { size, reply, replayed: false, link: None }),
            });
            if let Some(error) = fatal {
                (self.on_fatal)(&error);
                return Next::Ends;
            }
        }
        let rest: Vec<Job> = jobs.collect();
        if rest.is_empty() { Next::Goes } else { self.carry_out(rest) }
    }

    /// People sign in to look, and to accept; the log says so, because the ledger can't.
    fn read_only(&self, job: &Job) -> Result<Reply, Refusal> {
        match &job.submission.command {
            Command::RecordSignIn { person, .. } if self.state.directory.enabled(*person) => {
                tracing::warn!(%person, "somebody signed in; a restored copy records nothing");
                Ok(Reply::Person { person: *person })
            }
            Command::RecordFailedSignIns { .. } | Command::RecordRefusals { .. } | Command::Tick => {
                Ok(Reply::Done)
            }
            _ => Err(read_only()),
        }
    }

    fn accept(&mut self, job: &Job, mut restored: Restored) -> Result<Result<Reply, Refusal>, SubmitError> {
        let now = self.judge.lock().unwrap_or_else(PoisonError::into_inner).judge().now;
        let seed = self.randomness.seed().map_err(|error| SubmitError::NotRecorded(error.to_string()))?;
        let principal = &job.submission.principal;
        let command = Command::AcceptRestore(Some(Box::new(restored.clone())));
        let decision = decide::decide(&self.state, &Facts::default(), now, seed, principal, None, &command);
        let Decision { state, events, sealed, reply } = decision;
        let reply = match reply {
            Ok(reply) => reply,
            Err(refusal) => {
                tracing::warn!(code = %refusal.code, "a restored copy was not accepted");
                return Ok(Err(refusal));
            }
        };
        if events.is_empty() {
            restored.vouched.extend(principal.person());
            self.published.set_restored(Some(restored.clone()));
            self.restored = Some(restored);
            return Ok(Ok(reply));
        }
        let mut work = Work::new(&self.state, &self.edge);
        let addition = Addition { state, events, sealed, secrets: &[], link: None };
        work.add(addition, &self.keys).map_err(|error| SubmitError::NotRecorded(error.to_string()))?;
        match self.commit(work, &[], &[]) {
            Committed::Yes => {
                let host = matches!(principal.authentication(), Authentication::Host);
                tracing::warn!(host, epoch = self.state.organization.epoch(), "a restored copy was accepted");
                Ok(Ok(reply))
            }
            Committed::Full => Err(SubmitError::NotRecorded("the disk is full".to_owned())),
            Committed::No(why) => Err(SubmitError::NotRecorded(why)),
            Committed::Fatal(error) => {
                self.fatal = Some(error.clone());
                Err(error)
            }
        }
    }
}

fn read_only() -> Refusal {
    Refusal::new(
        Code::RestoredCopy,
        "The ledger is a restored copy: it is only read until it is accepted.",
    )
    .hint(
        "two default approvers accept it (countersign ledger vouch-restore), or the host's administrator, with the server \
         stopped: countersign ledger accept-restore",
    )
}
