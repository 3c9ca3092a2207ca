//! Refusals: values with a stable code, what governs, and the next step (G18).

use serde::{Deserialize, Serialize};

/// The first sentence of every refusal for a protected task.
pub const RAISE_A_REQUEST: &str =
    "Insufficient permissions. Please raise an elevated access request for this task.";

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $text:literal;)*) => {
        /// Why something was refused. The text form is stable: programs may depend on it.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
        #[non_exhaustive]
        pub enum Code {
            $($(#[$doc])* #[serde(rename = $text)] $name,)*
        }

        impl Code {
            /// Every code, for the reference page and for tests.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The stable text form.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }
        }
    };
}

codes! {
    /// No authorization covers this run of a protected task (G3).
    AuthorizationRequired = "authorization_required";
    /// The task is unprotected and no role of this person contains it (G2).
    RoleRequired = "role_required";
    /// The task is not in the catalog, or may not be known to this person.
    UnknownTask = "unknown_task";
    /// The object does not exist, or may not be known to this person (G19).
    NotFound = "not_found";
    /// The person is disabled or unknown.
    PersonDisabled = "person_disabled";
    /// This person may not ask for this target (G4).
    NotEligibleToRequest = "not_eligible_to_request";
    /// No policy covers the target, so there is nothing to request.
    NotProtected = "not_protected";
    /// A request needs a reason.
    ReasonRequired = "reason_required";
    /// A decision needs a comment.
    CommentRequired = "comment_required";
    /// The ticket does not match the policy's pattern.
    TicketRequired = "ticket_required";
    /// The duration is zero or above the ceiling.
    DurationOutOfRange = "duration_out_of_range";
    /// The start lies in the past or more than 30 days ahead (G13).
    StartOutOfRange = "start_out_of_range";
    /// The moment lies outside the policy's weekly windows.
    OutsideWindow = "outside_window";
    /// A parameter is missing, malformed, out of range, unknown or given twice.
    ParameterInvalid = "parameter_invalid";
    /// The parameters are not those that were approved.
    ParameterNotApproved = "parameter_not_approved";
    /// Nobody approves their own request (G9).
    SelfApproval = "self_approval";
    /// The person is not an eligible approver of the current stage (G11).
    NotAnApprover = "not_an_approver";
    /// This person has voted on this request already (G10).
    AlreadyVoted = "already_voted";
    /// The vote would leave a later seat that nobody could fill (G10).
    NeededLater = "needed_later";
    /// The statement voted on is not the current one.
    StatementChanged = "statement_changed";
    /// A final event has already happened (G12).
    AlreadyFinal = "already_final";
    /// The assurance of the sign-in is below what the policy demands.
    AssuranceTooLow = "assurance_too_low";
    /// A second factor is needed to approve or to touch the control plane.
    SecondFactorRequired = "second_factor_required";
    /// A token may not do this (G9, section Tokens).
    TokenNotAllowed = "token_not_allowed";
    /// The authorization has not started yet.
    NotYetStarted = "not_yet_started";
    /// The authorization has ended.
    AuthorizationEnded = "authorization_ended";
    /// The request is still waiting for approval.
    WaitingForApproval = "waiting_for_approval";
    /// All uses are taken (G6).
    UsesExhausted = "uses_exhausted";
    /// As many executions as allowed are running or unknown (G6).
    AlreadyRunning = "already_running";
    /// Too many in too short a time.
    RateLimited = "rate_limited";
    /// The task or role is not what it was at the request (G7).
    DefinitionChanged = "definition_changed";
    /// The task has its own policy, which the role's authorization does not open (G5).
    GovernedByOtherPolicy = "governed_by_other_policy";
    /// The target of the authorization does not cover this task.
    NotCovered = "not_covered";
    /// No set of distinct eligible people can fill the policy's seats (G10).
    QuorumImpossible = "quorum_impossible";
    /// There is already a policy for exactly this target (G5).
    PolicyExists = "policy_exists";
    /// The policy is weaker than the task or the control plane allows.
    PolicyTooWeak = "policy_too_weak";
    /// The definition is invalid.
    DefinitionInvalid = "definition_invalid";
    /// A name or address is already in use.
    AlreadyExists = "already_exists";
    /// The object is in use and cannot be removed.
    InUse = "in_use";
    /// The group would contain itself, or nest deeper than 16.
    NestingRefused = "nesting_refused";
    /// The control plane or the default approvers would be left without enough people (G17).
    LastPeople = "last_people";
    /// Privileged access is already in that state.
    AlreadyInState = "already_in_state";
    /// This is only possible in set-up mode, or no longer possible in it.
    SetUpMode = "set_up_mode";
    /// A bound was reached (G22).
    LimitReached = "limit_reached";
    /// The clock is suspect; starts and approvals wait (G16).
    ClockSuspect = "clock_suspect";
    /// The ledger is a copy that is not what was served before; nothing is recorded until it is accepted.
    RestoredCopy = "restored_copy";
    /// The task, or this request for it, has no preview.
    PreviewNotPossible = "preview_not_possible";
    /// The runner or runspace is not there.
    RunspaceUnavailable = "runspace_unavailable";
    /// The request or input is malformed.
    InvalidInput = "invalid_input";
    /// The same idempotency key was used for another command.
    IdempotencyMismatch = "idempotency_mismatch";
    /// The name and password, or the code, are not right.
    SignInFailed = "sign_in_failed";
    /// The sign-in was too long ago for this.
    SignInAgain = "sign_in_again";
    /// Sealed values that the decision needs are missing or do not match the ledger.
    EvidenceMissing = "evidence_missing";
    /// This person may not do this.
    Forbidden = "forbidden";
    /// The disk or another resource is short; new work is refused first.
    NoSpace = "no_space";
}

impl std::fmt::Display for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A refusal as people and programs see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[must_use]
pub struct Refusal {
    /// The stable code.
    pub code: Code,
    /// What is wrong, in one or two sentences.
    pub message: String,
    /// What governs: a policy, a limit, a rule. Never what the person may not know.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub governs: Option<String>,
    /// The next step, as a command line where there is one.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub hint: Option<String>,
}

impl Refusal {
    /// A refusal with a message.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), governs: None, hint: None }
    }

    /// Names what governs.
    pub fn governed_by(mut self, what: impl Into<String>) -> Self {
        self.governs = Some(what.into());
        self
    }

    /// Adds the next step.
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} ({})", self.message, self.code)
    }
}
