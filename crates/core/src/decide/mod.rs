//! Commands become events, or a refusal.

mod access;
mod adopt;
mod appoint;
mod covers;
mod draft;
mod execute;
mod files;
mod identity;
mod needs;
mod preview;
mod rest;
mod restore;
mod standing_access;
mod submit;
mod take_back;
mod tick;
mod vote;
mod vouch;

use std::collections::BTreeMap;

use countersign_ledger::hash::Digest;

pub(crate) use access::LONGEST_PAUSE;
pub(crate) use draft::Draft;
pub(crate) use execute::request_stop;
pub use execute::runs_in_engine;
pub(crate) use identity::{INVITATION_OPEN, NewLink, invite};
pub use needs::needs;
pub(crate) use submit::{duration, fillable, invalid_parameters, opens_at, stages, ticket};
pub use tick::next_due;

use crate::actor::Principal;
use crate::command::Command;
use crate::event::{Body, Cause, Event};
use crate::facts::Facts;
use crate::id::{ExecutionId, PersonId, RequestNumber, TokenId};
use crate::refusal::{Code, Refusal};
use crate::sealing::SealedValue;
use crate::state::State;
use crate::time::Instant;

/// What came of a command.
#[derive(Debug, Clone)]
#[must_use]
pub struct Decision {
    /// The state after it.
    pub state: State,
    /// What happened, to be made durable before anybody hears of it.
    pub events: Vec<Event>,
    /// Values beside the ledger.
    pub sealed: Vec<SealedValue>,
    /// What the caller hears.
    pub reply: Result<Reply, Refusal>,
}

/// What the caller hears of a command that was carried out.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Reply {
    /// It is done.
    Done,
    /// A request was made or decided on.
    Request {
        /// Its number.
        number: RequestNumber,
        /// What it is now.
        status: RequestStatus,
        /// The digest of its current statement.
        statement: Digest,
    },
    /// A task of Countersign itself ran.
    Ran {
        /// The execution.
        execution: ExecutionId,
        /// What it made, by name: ids of people, groups, policies.
        made: BTreeMap<String, String>,
    },
    /// An execution on a target was recorded and goes to the runner.
    Started {
        /// The execution.
        execution: ExecutionId,
        /// When it must be over.
        deadline: Instant,
    },
    /// A person was made.
    Person {
        /// Who.
        person: PersonId,
    },
    /// A token was made.
    Token {
        /// Which.
        token: TokenId,
    },
}

/// Where a request stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RequestStatus {
    /// It waits for approvers.
    Pending,
    /// It was approved.
    Approved,
    /// It was denied.
    Denied,
    /// It was withdrawn.
    Cancelled,
    /// Its authorization ended early.
    Ended,
}

/// Decides a command: a pure function of its arguments.
///
/// A refusal is recorded like everything else (G20); nothing else of a refused command remains.
pub fn decide(
    state: &State,
    facts: &Facts,
    now: Instant,
    entropy: [u8; 32],
    principal: &Principal,
    cause: Option<Cause>,
    command: &Command,
) -> Decision {
    let mut draft = Draft::new(state, facts, now, entropy, principal, cause);
    let reply = dispatch(&mut draft, command);
    let drafted = match &reply {
        Ok(_) => draft.finish(),
        Err(refusal) => {
            let mut draft = Draft::new(state, facts, now, entropy, principal, cause);
            if !state.is_empty() {
                let (number, body) = refused(command, refusal.code);
                draft.push(number, body);
            }
            draft.finish()
        }
    };
    Decision { state: drafted.state, events: drafted.events, sealed: drafted.sealed, reply }
}

fn dispatch(draft: &mut Draft<'_>, command: &Command) -> Result<Reply, Refusal> {
    match command {
        Command::Initialize(initialize) => access::initialize(draft, initialize),
        Command::Execute(execute) => execute::execute(draft, execute),
        Command::Submit(submit) => submit::submit(draft, submit),
        Command::Approve(approve) => vote::approve(draft, approve),
        Command::Deny { number, statement, comment } => vote::deny(draft, *number, *statement, comment),
        Command::Cancel { number } => rest::cancel(draft, *number),
        Command::GiveBack { number } => rest::give_back(draft, *number),
        Command::Revoke { number, comment } => vote::revoke(draft, *number, comment),
        Command::Question { number, text } => rest::question(draft, *number, text),
        Command::Answer { number, text } => rest::answer(draft, *number, text),
        Command::Preview(preview) => preview::preview(draft, preview),
        Command::Stop { execution } => execute::stop(draft, *execution),
        Command::Acknowledge { execution } => execute::acknowledge(draft, *execution),
        Command::Finish { execution, outcome, output } => {
            execute::finish(draft, *execution, outcome, *output)
        }
        Command::ListStandingAccess(listed) => standing_access::record(draft, listed),
        Command::SetCredential { person, link, credential, digest } => {
            identity::set_credential(draft, *person, *link, *credential, *digest)
        }
        Command::SetFactor { totp, recovery } => identity::set_factor(draft, *totp, *recovery),
        Command::RemoveCredential { credential } => identity::remove_credential(draft, *credential),
        Command::IssueToken { account, secret, scopes, until, label } => {
            identity::issue_token(draft, *account, *secret, scopes, *until, label)
        }
        Command::RevokeToken { token } => identity::revoke_token(draft, *token),
        Command::RecordSignIn { person, assurance } => identity::signed_in(draft, *person, *assurance),
        Command::RecordFailedSignIns { person, count } => identity::failed(draft, *person, *count),
        Command::RecordRefusals { person, attempt, code, count } => {
            identity::refused(draft, *person, attempt, *code, *count)
        }
        Command::TurnAway { why, .. } => Err(why.refusal()),
        Command::StartNode { version, binary, configuration, separated } => {
            access::start_node(draft, version, *binary, *configuration, *separated)
        }
        Command::Recover { person, secret } => identity::recover(draft, *person, *secret),
        Command::Appoint { person, when } => appoint::appoint(draft, *person, *when),
        Command::SuspectClock { stated } => access::suspect_clock(draft, *stated),
        Command::AcceptClock => access::accept_clock(draft),
        Command::AcceptRestore(restored) => restore::accept(draft, restored.as_deref()),
        Command::Tick => tick::tick(draft),
    }
}

/// What stands in the ledger of a refused command (G20), and which request it concerns.
#[must_use]
pub fn refused(command: &Command, code: Code) -> (Option<RequestNumber>, Body) {
    let (task, number) = subject(command);
    (number, Body::Refused { attempt: command.word().to_owned(), code, task, number })
}

fn subject(command: &Command) -> (Option<crate::name::TaskName>, Option<RequestNumber>) {
    match command {
        Command::Execute(execute) => (Some(execute.task.clone()), execute.cite),
        Command::Submit(submit) => match &submit.target {
            crate::policy::Target::Task(task) => (Some(task.clone()), None),
            _ => (None, None),
        },
        Command::Approve(approve) => (None, Some(approve.number)),
        Command::Preview(preview) => (None, Some(preview.number)),
        Command::Deny { number, .. }
        | Command::Cancel { number }
        | Command::GiveBack { number }
        | Command::Revoke { number, .. }
        | Command::Question { number, .. }
        | Command::Answer { number, .. } => (None, Some(*number)),
        _ => (None, None),
    }
}
