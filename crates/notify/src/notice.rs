//! What people are told: one variant per kind of mail, with the facts it must carry.
//! Instants are microseconds since 1970, UTC; lengths are microseconds.

mod account;
mod change;
mod execution;
mod outcome;
mod request;

pub use account::{CredentialChange, CredentialChanged, Invitation, LinkPrinted, Reset, TestMail};
pub use change::{Alarm, Change, ControlPlaneAct, Ends, PrivilegedAccess, RecoveryUsed, Switch};
pub use execution::{Execution, ExecutionOutcome};
pub use outcome::{Approval, EndCause, Ended, Narrowing, PendingEnd, Released};
pub use request::{
    ApprovalType, Binding, Constraint, Denial, Disclosure, Names, Parameter, Person, Policy, PreviewOffer,
    Request, Stage, TargetType, Uses,
};

/// One message to one person. Who it is for is said with each variant.
#[derive(Clone, Debug)]
pub enum Notice {
    /// Approvers of the current stage: decide.
    RequestPending(Request),
    /// The same, again, before it expires.
    RequestReminder(Request),
    /// Approvers who were asked and needn't decide any more.
    NoLongerNeeded { request: Request, because: Released },
    /// The requester: approved in full (by nobody: automatically), with the window.
    Approved { request: Request, approvals: Vec<Approval>, from: i64, until: i64 },
    /// The requester: an approver approves for less. `request` is the narrower statement.
    Narrowed { request: Request, narrowing: Narrowing },
    /// The requester: denied.
    Denied { request: Request, denial: Denial },
    /// The requester: nobody decided in time.
    Expired(Request),
    /// The requester: a pending request ended for another reason.
    RequestEnded { request: Request, because: PendingEnd, at: i64 },
    /// Approvers: the requester withdrew it.
    Cancelled { request: Request, at: i64 },
    /// The requester: an approver asks something before deciding.
    QuestionAsked { request: Request, by: Person, question: String },
    /// Approvers: the requester's answer.
    QuestionAnswered { request: Request, question: String, answer: String },
    /// The requester: the authorization will end soon.
    AuthorizationEnding { request: Request, until: i64 },
    /// The requester, and approvers where another's act ended it.
    AuthorizationEnded { request: Request, ended: Ended },
    /// The requester: a run is over, or nobody can know.
    ExecutionEnded { request: Option<Request>, execution: Execution },
    /// Administrators and audit readers: who may do what was changed.
    ControlPlaneAct(ControlPlaneAct),
    /// Everyone concerned: privileged access was switched.
    PrivilegedAccess(PrivilegedAccess),
    /// Everyone: the host's recovery command was used.
    RecoveryUsed(RecoveryUsed),
    /// A new person: set a password.
    Invitation(Invitation),
    /// A person: set a new password.
    Reset(Reset),
    /// A person: somebody else was shown a link to their account.
    LinkPrinted(LinkPrinted),
    /// A person, or who answers for the account: how it is signed in to was changed.
    CredentialChanged(CredentialChanged),
    /// Whoever set up mail: it works.
    TestMail(TestMail),
    /// Administrators: something needs a person.
    Alarm(Alarm),
}

impl Notice {
    /// A stable word for the kind, for delivery lists and a header that people can filter by.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::RequestPending(_) => "request-pending",
            Self::RequestReminder(_) => "request-reminder",
            Self::NoLongerNeeded { .. } => "no-longer-needed",
            Self::Approved { .. } => "approved",
            Self::Narrowed { .. } => "narrowed",
            Self::Denied { .. } => "denied",
            Self::Expired(_) => "expired",
            Self::RequestEnded { .. } => "request-ended",
            Self::Cancelled { .. } => "cancelled",
            Self::QuestionAsked { .. } => "question-asked",
            Self::QuestionAnswered { .. } => "question-answered",
            Self::AuthorizationEnding { .. } => "authorization-ending",
            Self::AuthorizationEnded { .. } => "authorization-ended",
            Self::ExecutionEnded { .. } => "execution-ended",
            Self::ControlPlaneAct(_) => "control-plane-act",
            Self::PrivilegedAccess(_) => "privileged-access",
            Self::RecoveryUsed(_) => "recovery-used",
            Self::Invitation(_) => "invitation",
            Self::Reset(_) => "reset",
            Self::LinkPrinted(_) => "link-printed",
            Self::CredentialChanged(_) => "credential-changed",
            Self::TestMail(_) => "test-mail",
            Self::Alarm(_) => "alarm",
        }
    }

    /// The request it is about, if any: mails about one request form one thread.
    #[must_use]
    pub const fn request(&self) -> Option<&Request> {
        match self {
            Self::RequestPending(request)
            | Self::RequestReminder(request)
            | Self::Expired(request)
            | Self::NoLongerNeeded { request, .. }
            | Self::Approved { request, .. }
            | Self::Narrowed { request, .. }
            | Self::Denied { request, .. }
            | Self::RequestEnded { request, .. }
            | Self::Cancelled { request, .. }
            | Self::QuestionAsked { request, .. }
            | Self::QuestionAnswered { request, .. }
            | Self::AuthorizationEnding { request, .. }
            | Self::AuthorizationEnded { request, .. } => Some(request),
            Self::ExecutionEnded { request, .. } => request.as_ref(),
            _ => None,
        }
    }
}
