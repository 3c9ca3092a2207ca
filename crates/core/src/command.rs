//! What people, the host and timers ask for.
//!
//! `Execute` carries every task, Countersign's own included. The others are *relations*: judged by the person's
//! relation to the object, open to every enabled person, gated by no policy.

use std::collections::BTreeSet;

use countersign_ledger::hash::Digest;

use crate::actor::Scope;
use crate::epoch::Restored;
use crate::event::body::{Credential, OutputDigest};
use crate::execution::Outcome;
use crate::id::{ExecutionId, PersonId, RequestNumber, TokenId};
use crate::name::{RoleName, TaskName};
use crate::parameter::{ConstraintForms, Given};
use crate::policy::{Assurance, Target};
use crate::refusal::{Code, Refusal};
use crate::time::{Instant, Span};

/// One thing asked for.
#[derive(Debug, Clone)]
pub enum Command {
    /// Makes the organization with its first administrator and second person (host only).
    Initialize(Initialize),
    /// Runs a task.
    Execute(Execute),
    /// Asks for access.
    Submit(Submit),
    /// Approves, perhaps for less.
    Approve(Approve),
    /// Denies.
    Deny {
        /// Which request.
        number: RequestNumber,
        /// The statement it was decided on.
        statement: Digest,
        /// Why.
        comment: String,
    },
    /// Withdraws one's own request.
    Cancel {
        /// Which.
        number: RequestNumber,
    },
    /// Gives one's own authorization back.
    GiveBack {
        /// Which.
        number: RequestNumber,
    },
    /// Revokes an authorization, as an approver.
    Revoke {
        /// Which.
        number: RequestNumber,
        /// Why.
        comment: String,
    },
    /// Asks the requester something, as an approver.
    Question {
        /// About which request.
        number: RequestNumber,
        /// What.
        text: String,
    },
    /// Answers, as the requester.
    Answer {
        /// Which request.
        number: RequestNumber,
        /// What.
        text: String,
    },
    /// Shows what a requested run would do, without doing it.
    Preview(Preview),
    /// Stops an execution of one's own.
    Stop {
        /// Which.
        execution: ExecutionId,
    },
    /// Accepts that an outcome stays unknown.
    Acknowledge {
        /// Which.
        execution: ExecutionId,
    },
    /// The runner's word on an execution, or that there is none (system only).
    Finish {
        /// Which.
        execution: ExecutionId,
        /// How it ended.
        outcome: Outcome,
        /// What it printed.
        output: Option<OutputDigest>,
    },
    /// Records what a list of standing access says beside the one before it (system only).
    ListStandingAccess(Listed),
    /// Puts a credential of one's own into force, in a session or by an invitation.
    SetCredential {
        /// Whose.
        person: PersonId,
        /// SHA-256 of the secret of the link used instead of a session.
        link: Option<Digest>,
        /// Which.
        credential: Credential,
        /// Its keyed digest.
        digest: Digest,
    },
    /// Puts a second factor of one's own into force together with its recovery codes.
    SetFactor {
        /// The authenticator's keyed digest.
        totp: Digest,
        /// The recovery codes'.
        recovery: Digest,
    },
    /// Takes a second factor of one's own out of force: the authenticator with its recovery codes, or the codes alone.
    RemoveCredential {
        /// Which.
        credential: Credential,
    },
    /// Makes a token for oneself, or for a service account of one's own.
    IssueToken {
        /// The service account, if not for oneself.
        account: Option<PersonId>,
        /// SHA-256 of the secret.
        secret: Digest,
        /// What it may do.
        scopes: BTreeSet<Scope>,
        /// When it ends.
        until: Instant,
        /// What it is for.
        label: String,
    },
    /// Revokes a token of one's own, or of a service account of one's own.
    RevokeToken {
        /// Which.
        token: TokenId,
    },
    /// Records a sign-in (system only).
    RecordSignIn {
        /// Who.
        person: PersonId,
        /// How sure.
        assurance: Assurance,
    },
    /// Records failed sign-ins (system only).
    RecordFailedSignIns {
        /// Whose account, if it is one of ours.
        person: Option<PersonId>,
        /// How many.
        count: u64,
    },
    /// Records refusals that were counted instead of recorded singly (system only).
    RecordRefusals {
        /// Who got them, if a person.
        person: Option<PersonId>,
        /// What was tried.
        attempt: String,
        /// Why it was refused.
        code: Code,
        /// How many times.
        count: u64,
    },
    /// Somebody known came to a way in that is not open to them; always refused, so that it is on record.
    TurnAway {
        /// The way in: method and path as in the table of routes.
        route: String,
        /// Why it is closed.
        why: Closed,
    },
    /// A process began to serve (host only).
    StartNode {
        /// The program's version.
        version: String,
        /// SHA-256 of the program.
        binary: Digest,
        /// SHA-256 of the configuration.
        configuration: Digest,
        /// Whether runner and server have different users.
        separated: bool,
    },
    /// Restores an administrator's sign-in (host only).
    Recover {
        /// Whose.
        person: PersonId,
        /// SHA-256 of the link's secret.
        secret: Digest,
    },
    /// Makes a person a default approver (host only).
    Appoint {
        /// Whom.
        person: PersonId,
        /// From when.
        when: Appointment,
    },
    /// The clock looks wrong (system only).
    SuspectClock {
        /// What it says.
        stated: Instant,
    },
    /// The clock is accepted: on the host, or by two default approvers in sessions of their own.
    AcceptClock,
    /// A restored copy is accepted: on the host, or by two default approvers in sessions of their own. The engine fills in
    /// what there is to accept, whatever stands there.
    AcceptRestore(Option<Box<Restored>>),
    /// Whatever is due (system only).
    Tick,
}

/// Why a way in is closed to somebody known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Closed {
    /// A token's scopes do not reach it, or no token's do.
    Scope,
    /// The sign-in was too long ago for it.
    Stale,
    /// What it is about is not there, or not for them to know of.
    Unknown,
}

impl Closed {
    /// What the caller hears.
    pub fn refusal(self) -> Refusal {
        match self {
            Self::Scope => Refusal::new(Code::TokenNotAllowed, "A token may not do this.")
                .hint("sign in and do it in a session: countersign login"),
            Self::Stale => Refusal::new(
                Code::SignInAgain,
                "A second factor is set up within fifteen minutes of signing in or of showing the present one.",
            )
            .hint("countersign login"),
            // Unknown and forbidden ids answer alike (G19).
            Self::Unknown => {
                Refusal::new(Code::NotFound, "There is no such object, or you may not know of it.")
            }
        }
    }
}

/// When an appointment on the host takes effect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Appointment {
    /// After a day, in which people who were told can object.
    AfterADay,
    /// At once.
    Now,
}

/// See [`Command::Initialize`].
#[derive(Debug, Clone)]
pub struct Initialize {
    /// The organization's name.
    pub organization: String,
    /// The ledger's id: lower-case letters, digits, dots and dashes.
    pub ledger: String,
    /// Its IANA zone.
    pub zone: String,
    /// The first administrator.
    pub administrator: NewPerson,
    /// SHA-256 of the secret of the administrator's invitation.
    pub secret: Digest,
}

/// A person to be made.
#[derive(Debug, Clone)]
pub struct NewPerson {
    /// Sign-in name, normalized.
    pub upn: String,
    /// The name people read.
    pub display_name: String,
    /// Where mail goes.
    pub mail: String,
}

/// See [`Command::ListStandingAccess`].
#[derive(Debug, Clone, Copy)]
pub struct Listed {
    /// The execution that printed the list.
    pub execution: ExecutionId,
    /// The one that printed the list it was compared with, if that could be read.
    pub before: Option<ExecutionId>,
    /// How many entries it has.
    pub holders: u32,
    /// How many of them the one before had not.
    pub appeared: u32,
    /// How many of the one before it has not.
    pub gone: u32,
}

/// See [`Command::Execute`].
#[derive(Debug, Clone)]
pub struct Execute {
    /// What to run.
    pub task: TaskName,
    /// With which parameters, as they came.
    pub values: Given,
    /// Under which authorization, if the person says so.
    pub cite: Option<RequestNumber>,
    /// SHA-256 of the secret of a link that the task makes, for tasks that make one.
    pub secret: Option<Digest>,
}

/// See [`Command::Preview`].
#[derive(Debug, Clone)]
pub struct Preview {
    /// Of which request.
    pub number: RequestNumber,
    /// The statement to be shown.
    pub statement: Digest,
    /// With which parameters, for who executes under a live authorization; empty for what the statement itself says.
    pub values: Given,
}

/// See [`Command::Submit`].
#[derive(Debug, Clone)]
pub struct Submit {
    /// The service account of one's own that it is for, if not for oneself.
    pub account: Option<PersonId>,
    /// What for.
    pub target: Target,
    /// The role whose policy shall govern, where there is a choice.
    pub role: Option<RoleName>,
    /// What the parameters are bound to.
    pub constraints: ConstraintForms,
    /// Why.
    pub reason: String,
    /// The ticket.
    pub ticket: Option<String>,
    /// For how long.
    pub duration: Option<Span>,
    /// From when, if later than the approval.
    pub start: Option<Instant>,
    /// How often, if bounded.
    pub uses: Option<u32>,
    /// The request this one extends.
    pub extends: Option<RequestNumber>,
}

/// See [`Command::Approve`].
#[derive(Debug, Clone)]
pub struct Approve {
    /// Which request.
    pub number: RequestNumber,
    /// The statement approved.
    pub statement: Digest,
    /// A comment.
    pub comment: String,
    /// What less is approved, if less.
    pub less: Option<Less>,
}

/// Less than was asked.
#[derive(Debug, Clone, Default)]
pub struct Less {
    /// A shorter duration.
    pub duration: Option<Span>,
    /// Fewer uses.
    pub uses: Option<u32>,
    /// Narrower constraints.
    pub constraints: ConstraintForms,
}

impl Command {
    /// The stable word for the command, as it stands in refusals and logs; of a closed way in, the route.
    #[must_use]
    pub const fn word(&self) -> &str {
        match self {
            Self::Initialize(_) => "initialize",
            Self::Execute(_) => "execute",
            Self::Submit(_) => "submit",
            Self::Approve(_) => "approve",
            Self::Deny { .. } => "deny",
            Self::Cancel { .. } => "cancel",
            Self::GiveBack { .. } => "give_back",
            Self::Revoke { .. } => "revoke",
            Self::Question { .. } => "question",
            Self::Answer { .. } => "answer",
            Self::Preview(_) => "preview",
            Self::Stop { .. } => "stop",
            Self::Acknowledge { .. } => "acknowledge",
            Self::Finish { .. } => "finish",
            Self::ListStandingAccess(_) => "list_standing_access",
            Self::SetCredential { .. } => "set_credential",
            Self::SetFactor { .. } => "set_factor",
            Self::RemoveCredential { .. } => "remove_credential",
            Self::IssueToken { .. } => "issue_token",
            Self::RevokeToken { .. } => "revoke_token",
            Self::RecordSignIn { .. } => "record_sign_in",
            Self::RecordFailedSignIns { .. } => "record_failed_sign_ins",
            Self::RecordRefusals { .. } => "record_refusals",
            Self::TurnAway { route, .. } => route.as_str(),
            Self::StartNode { .. } => "start_node",
            Self::Recover { .. } => "recover",
            Self::Appoint { .. } => "appoint",
            Self::SuspectClock { .. } => "suspect_clock",
            Self::AcceptClock => "accept_clock",
            Self::AcceptRestore(_) => "accept_restore",
            Self::Tick => "tick",
        }
    }
}
