//! One command on the evolving state.

use countersign_core::actor::Principal;
use countersign_core::apply::apply;
use countersign_core::command::Command;
use countersign_core::decide::{self, Decision, Reply};
use countersign_core::event::body::LinkDelivery;
use countersign_core::event::wire::WireError;
use countersign_core::event::{Body, Cause, Event, RULES};
use countersign_core::refusal::{Code, Refusal};
use countersign_core::state::State;
use countersign_core::time::Instant;
use serde::{Deserialize, Serialize};

use super::batch::{Addition, Work};
use super::facts;
use super::refusals::Record;
use super::{Job, Writer};
use crate::error::SubmitError;
use crate::keys::Keys;
use crate::link::Nonce;
use crate::submission::{Receipt, Submission};

/// What a waiting command will hear once everything is durable.
pub(super) enum Outcome {
    /// This.
    Receipt(Receipt),
    /// What another command of the same batch hears.
    Same(usize),
    /// Nothing of it was recorded.
    Failed(SubmitError),
}

/// The stored form of a reply.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
enum Stored {
    Reply(Reply),
    Refusal(Refusal),
}

impl Writer {
    /// Decides one command and takes it into the batch.
    pub(super) fn decide(&mut self, work: &mut Work, job: &mut Job, place: usize, now: Instant) -> Outcome {
        match self.try_decide(work, &mut job.submission, place, now) {
            Ok(outcome) => outcome,
            Err(error) => Outcome::Failed(error),
        }
    }

    fn try_decide(
        &mut self,
        work: &mut Work,
        submission: &mut Submission,
        place: usize,
        now: Instant,
    ) -> Result<Outcome, SubmitError> {
        let initializes = matches!(submission.command, Command::Initialize(_));
        if work.state.is_empty() && !initializes {
            let refusal =
                Refusal::new(Code::SetUpMode, "There is no organization in this data directory yet.")
                    .hint("countersign init");
            return Ok(answered(work, Err(refusal)));
        }
        if let Command::Initialize(initialize) = &submission.command
            && countersign_ledger::checkpoint::Origin::new(&initialize.ledger, countersign_core::epoch::FIRST)
                .is_err()
        {
            let refusal = Refusal::new(Code::InvalidInput, "The ledger's id cannot name a checkpoint.");
            return Ok(answered(work, Err(refusal)));
        }
        if let Command::AcceptRestore(restored) = &mut submission.command {
            // This ledger is the one that was served; what a caller says there is to accept does not count.
            *restored = None;
        }
        let cause = submission.cause(&self.keys);
        if let Some(cause) = cause
            && let Some(outcome) = self.done_before(work, cause, submission, now)?
        {
            return Ok(outcome);
        }
        let nonce = self.prepare_link(&mut submission.command)?;
        let needs = decide::needs(&work.state, &submission.principal, &submission.command);
        let facts = facts::fetch(&mut *self.store, &self.blobs, work, &work.state, &needs)
            .map_err(|error| self.failed(&error))?;
        let seed = self.randomness.seed().map_err(|error| SubmitError::NotRecorded(error.to_string()))?;
        let Submission { principal, command, .. } = &*submission;
        let decision = decide::decide(&work.state, &facts, now, seed, principal, cause, command);
        if let Err(refusal) = &decision.reply
            && self.refusals.note(principal, command, refusal.code, now) == Record::Counted
        {
            return Ok(answered(work, Err(refusal.clone())));
        }
        let printed = nonce.as_ref().is_some_and(|nonce| prints(&decision, nonce, &self.keys));
        let reply = self.take(work, decision, submission, nonce.as_ref())?;
        if let Some(cause) = cause {
            work.answer(cause, place, stored(&reply));
        }
        let mut receipt = Receipt { size: work.edge.size(), reply, replayed: false, link: None };
        if printed && receipt.reply.is_ok() {
            receipt.link = nonce.map(|nonce| nonce.token(&self.keys));
        }
        Ok(Outcome::Receipt(receipt))
    }

    /// Takes a decision into the batch. One whose events are too large becomes a refusal.
    fn take(
        &self,
        work: &mut Work,
        decision: Decision,
        submission: &Submission,
        link: Option<&Nonce>,
    ) -> Result<Result<Reply, Refusal>, SubmitError> {
        let secrets = if decision.reply.is_ok() { submission.secrets.as_slice() } else { &[] };
        let Decision { state, events, sealed, reply } = decision;
        let cause = events.first().and_then(|event| event.cause);
        let time = events.first().map_or(work.state.last, |event| event.time);
        match work.add(Addition { state, events, sealed, secrets, link }, &self.keys) {
            Ok(()) => Ok(reply),
            Err(error @ WireError::TooLarge { .. }) => {
                let refusal =
                    Refusal::new(Code::LimitReached, format!("This is too much for one entry: {error}."));
                self.record_refusal(work, submission, cause, time, refusal.code)?;
                Ok(Err(refusal))
            }
            // A fault of this program: less of the same would not help.
            Err(error) => Err(SubmitError::NotRecorded(error.to_string())),
        }
    }

    /// A refusal that the engine itself gives is recorded like any other (G20).
    fn record_refusal(
        &self,
        work: &mut Work,
        submission: &Submission,
        cause: Option<Cause>,
        now: Instant,
        code: Code,
    ) -> Result<(), SubmitError> {
        let Submission { principal, command, .. } = submission;
        if self.refusals.note(principal, command, code, now) == Record::Counted {
            return Ok(());
        }
        let (event, state) =
            refused(&work.state, &submission.principal, &submission.command, cause, now, code);
        let addition = Addition { state, events: vec![event], sealed: Vec::new(), secrets: &[], link: None };
        work.add(addition, &self.keys).map_err(|error| SubmitError::NotRecorded(error.to_string()))
    }

    /// The answer to a command that was carried out before, in this batch or an earlier one.
    fn done_before(
        &mut self,
        work: &mut Work,
        cause: Cause,
        submission: &Submission,
        now: Instant,
    ) -> Result<Option<Outcome>, SubmitError> {
        let (command, outcome) = match work.keyed.get(&cause.key) {
            Some((command, job)) => (*command, Outcome::Same(*job)),
            None => match self.store.idempotent(&cause.key).map_err(|error| self.failed(&error))? {
                None => return Ok(None),
                Some(done) => {
                    let reply = done.reply.as_deref().map_or(Ok(Reply::Done), read);
                    let receipt = Receipt { size: work.edge.size(), reply, replayed: true, link: None };
                    (done.command, Outcome::Receipt(receipt))
                }
            },
        };
        if command == cause.command {
            return Ok(Some(outcome));
        }
        let refusal =
            Refusal::new(Code::IdempotencyMismatch, "This idempotency key was used for another command.")
                .hint("use a new key for a new command");
        // Without the cause: the key belongs to the first command for ever.
        self.record_refusal(work, submission, None, now, refusal.code)?;
        Ok(Some(answered(work, Err(refusal))))
    }

    /// Draws a link's secret beforehand for commands that may make one.
    fn prepare_link(&self, command: &mut Command) -> Result<Option<Nonce>, SubmitError> {
        let makes = match command {
            Command::Execute(execute) => countersign_core::tasks::is_countersign(&execute.task),
            Command::Initialize(_) | Command::Recover { .. } => true,
            _ => false,
        };
        if !makes {
            return Ok(None);
        }
        let nonce =
            Nonce::draw(&*self.randomness).map_err(|error| SubmitError::NotRecorded(error.to_string()))?;
        let digest = nonce.digest(&self.keys);
        match command {
            Command::Execute(execute) => execute.secret = Some(digest),
            Command::Initialize(initialize) => initialize.secret = digest,
            Command::Recover { secret, .. } => *secret = digest,
            _ => {}
        }
        Ok(Some(nonce))
    }
}

fn answered(work: &Work, reply: Result<Reply, Refusal>) -> Outcome {
    Outcome::Receipt(Receipt { size: work.edge.size(), reply, replayed: false, link: None })
}

/// Whether a decision made the link that was prepared for it, and made it to be shown.
fn prints(decision: &Decision, nonce: &Nonce, keys: &Keys) -> bool {
    let prepared = nonce.digest(keys);
    decision.events.iter().any(|event| {
        matches!(&event.body, Body::InvitationIssued { secret, delivery: LinkDelivery::Printed, .. } if *secret == prepared)
    })
}

fn stored(reply: &Result<Reply, Refusal>) -> String {
    let stored = match reply {
        Ok(reply) => Stored::Reply(reply.clone()),
        Err(refusal) => Stored::Refusal(refusal.clone()),
    };
    serde_json::to_string(&stored).unwrap_or_default()
}

/// A reply that is no longer readable was given by an older program: the command is done, which is what counts.
fn read(json: &str) -> Result<Reply, Refusal> {
    match serde_json::from_str(json) {
        Ok(Stored::Reply(reply)) => Ok(reply),
        Ok(Stored::Refusal(refusal)) => Err(refusal),
        Err(_) => Ok(Reply::Done),
    }
}

fn refused(
    state: &State,
    principal: &Principal,
    command: &Command,
    cause: Option<Cause>,
    now: Instant,
    code: Code,
) -> (Event, State) {
    let (request, body) = decide::refused(command, code);
    let actor = principal.actor();
    let event = Event { seq: state.next_seq, time: now, rules: RULES, actor, request, cause, body };
    let mut after = state.clone();
    apply(&mut after, &event);
    (event, after)
}
