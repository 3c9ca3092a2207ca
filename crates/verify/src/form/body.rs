//! The kinds of events.

use std::collections::{BTreeMap, BTreeSet};

use countersign_ledger::{Digest, Origin};
use serde::Deserialize;
use serde_json::Value;

use super::catalog::{Definition, Settings};
use super::{
    Assurance, Ends, Execution, Group, Invitation, Member, Name, Person, Policy, Submitted, Terms, Token,
};

macro_rules! kinds {
    ($($name:ident { $($field:ident: $type:ty,)* })*) => {
        /// What happened. Fields that no rule looks at are read all the same: an entry with others is malformed.
        #[derive(Debug)]
        #[expect(dead_code, reason = "an entry is read whole, whether or not a rule looks at its kind")]
        pub(crate) enum Body {
            $($name($name),)*
            RequestSubmitted(Box<Submitted>),
        }

        $(
            #[derive(Debug, Deserialize)]
            #[serde(deny_unknown_fields)]
            #[allow(dead_code, reason = "fields that no rule looks at are part of the form")]
            pub(crate) struct $name { $(pub(crate) $field: $type,)* }
        )*

        impl Body {
            /// Reads what happened; `None` if the kind is not known.
            pub(crate) fn read(kind: &str, data: Value) -> Result<Option<Self>, serde_json::Error> {
                Ok(Some(match kind {
                    $(stringify!($name) => Self::$name(serde_json::from_value(data)?),)*
                    "RequestSubmitted" => Self::RequestSubmitted(serde_json::from_value(data)?),
                    _ => return Ok(None),
                }))
            }

            /// The name that stands in the ledger.
            pub(crate) const fn kind(&self) -> &'static str {
                match self {
                    $(Self::$name(_) => stringify!($name),)*
                    Self::RequestSubmitted(_) => "RequestSubmitted",
                }
            }
        }
    };
}

kinds! {
    OrganizationCreated { name: String, ledger: String, zone: String, settings: Settings, }
    FirstAdministratorNamed { person: Person, }
    NodeStarted { version: String, binary: Digest, configuration: Digest, separated: bool, }
    AccessEnabled { approvers: Group, control_plane: ControlPlane, settings: Settings, cites: u64, }
    AccessDisabled { how: Disable, ends: Ends, }
    AccessResumed {}
    OrganizationChanged { settings: Settings, approvers: Group, ends: Ends, }
    SystemAccountAdded { person: Person, reason: Digest, until: i64, }
    SystemAccountRemoved { person: Person, }

    PersonCreated { person: Person, kind: PersonKind, upn: Digest, display_name: Digest, mail: Digest, }
    PersonChanged { person: Person, upn: Digest, display_name: Digest, mail: Digest, }
    PersonDisabled { person: Person, ends: Ends, }
    PersonEnabled { person: Person, }
    PeopleLinked { person: Person, other: Person, ends: Ends, }
    PersonUnlinked { person: Person, ends: Ends, }
    GroupCreated { group: Group, name: Name, mail: Digest, }
    GroupMembersChanged { group: Group, added: Vec<Member>, removed: Vec<Member>, ends: Ends, }
    GroupRemoved { group: Group, ends: Ends, }

    WorkloadRegistered { workload: Name, runspace: String, }
    TaskDefined { version: u64, digest: Digest, definition: Definition, ends: Ends, }
    TaskRemoved { task: Name, ends: Ends, }
    RoleDefined { role: Name, version: u64, tasks: BTreeSet<Name>, ends: Ends, }
    RoleRemoved { role: Name, ends: Ends, }
    RoleGroupDefined { role_group: Name, roles: BTreeSet<Name>, ends: Ends, }
    RoleGroupMembersChanged { role_group: Name, added: Vec<Member>, removed: Vec<Member>, ends: Ends, }
    RoleGroupRemoved { role_group: Name, ends: Ends, }

    PolicyCreated { policy: Policy, terms: Terms, ends: Ends, }
    PolicyChanged { policy: Policy, version: u64, terms: Terms, ends: Ends, }
    PolicyRemoved { policy: Policy, ends: Ends, }

    QuorumAlarm { policies: BTreeSet<Policy>, }
    QuorumRestored { policies: BTreeSet<Policy>, }

    CredentialSet { person: Person, credential: Credential, digest: Digest, }
    CredentialRemoved { person: Person, credential: Credential, }
    InvitationIssued {
        invitation: Invitation, person: Person, purpose: Purpose, delivery: Delivery, secret: Digest, until: i64,
    }
    InvitationUsed { invitation: Invitation, }
    TokenIssued { token: Token, person: Person, secret: Digest, scopes: BTreeSet<Scope>, until: i64, label: Digest, }
    TokenRevoked { token: Token, }
    SignedIn { person: Person, assurance: Assurance, }
    SignInFailed { person: Option<Person>, count: u64, }

    VoteCast {
        number: u64, statement: Digest, approver: Person, stage: u16, assurance: Assurance, comment: Digest,
        completes_stage: bool,
    }
    RequestNarrowed { number: u64, from: Digest, to: Digest, duration: u64, uses: Option<u32>, }
    RequestEnded { number: u64, how: RequestEnd, comment: Option<Digest>, }
    QuestionAsked { number: u64, text: Digest, }
    QuestionAnswered { number: u64, text: Digest, }
    AuthorizationGranted {
        number: u64, from: i64, until: i64, uses: Option<u32>, parallel: u32, counted: BTreeMap<Person, u16>,
    }
    AuthorizationEnded { number: u64, how: AuthorizationEnd, comment: Option<Digest>, }
    ReminderDue { number: u64, }

    ExecutionStarted {
        execution: Execution, person: Person, task: Name, version: u64, digest: Digest, basis: Basis, values: Digest,
        matched: Option<Digest>, deadline: i64, would_refuse: Option<String>,
    }
    ExecutionFinished { execution: Execution, outcome: Outcome, output: Option<Value>, }
    ExecutionReported { execution: Execution, outcome: Outcome, output: Option<Value>, }
    ObligationIncurred { execution: Execution, number: u64, }
    ObligationSettled { execution: Execution, how: Settled, }
    StandingAccessListed {
        execution: Execution, workload: Name, before: Option<Execution>, holders: u32, appeared: u32, gone: u32,
    }
    TakeBackOverdue { execution: Execution, tries: u32, }
    ExecutionAcknowledged { execution: Execution, }
    StopRequested { execution: Execution, why: StopReason, }
    ExecutionAdopted { execution: Execution, number: u64, deadline: i64, }
    AllStopped { ends: Ends, }

    Refused { attempt: String, code: String, task: Option<Name>, number: Option<u64>, }
    RefusalsCounted { person: Option<Person>, attempt: String, code: String, count: u64, }
    AuditWasRead { what: String, filter: Option<Digest>, execution: Option<Execution>, }

    ClockSuspected { stated: i64, }
    ClockVouched { person: Person, }
    ClockAccepted { ends: Ends, }
    EpochOpened {
        epoch: u32, cites: Cited, key: String, doubts: BTreeSet<Doubt>, accepted: BTreeSet<Person>, ends: Ends,
    }
    RecoveryUsed { person: Person, how: Recovery, }
    Erased { subject: Subject, }
    SnapshotTaken { size: u64, schema: u32, digest: Digest, }
}

/// The one ground on which an execution runs.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(tag = "basis", rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum Basis {
    Authorization { number: u64 },
    Role { role: Name },
    Exemption { role: Name },
    SetUp {},
    Preview { number: u64, statement: Digest, how: PreviewHow },
    TakeBack { of: Execution },
}

/// How what was to be taken back was settled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Settled {
    TakenBack,
    NothingDone,
    ByHand,
}

/// How a preview is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum PreviewHow {
    Declared,
    Plan,
    Rollback,
}

/// How an execution ended.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(tag = "outcome", rename_all = "snake_case", deny_unknown_fields)]
#[allow(dead_code, reason = "fields that no rule looks at are part of the form")]
pub(crate) enum Outcome {
    Succeeded {},
    Failed {
        #[serde(default)]
        exit: Option<i32>,
        reason: String,
    },
    Stopped {
        why: StopReason,
        confirmed: bool,
    },
    Unknown {
        reason: String,
    },
}

macro_rules! words {
    ($($name:ident { $($variant:ident,)* })*) => {$(
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub(crate) enum $name { $($variant,)* }
    )*};
}

words! {
    ControlPlane { Protected, Unprotected, }
    Credential { Password, Totp, Recovery, }
    Purpose { Invite, Reset, Recovery, }
    Delivery { Mailed, Printed, }
    Scope { Request, Execute, Read, Raise, }
    RequestEnd {
        Denied, Cancelled, Expired, Unfillable, PolicyChanged, DefinitionChanged, NotEligible, PersonDisabled,
        AccessDisabled, Restored,
    }
    AuthorizationEnd {
        Expired, GivenBack, Revoked, QuorumLost, PolicyChanged, DefinitionChanged, NotEligible, PersonDisabled,
        AccessDisabled, EmergencyStop, ClockFault, Restored,
    }
    StopReason {
        Asked, Revoked, GivenBack, Expired, QuorumLost, PolicyChanged, PersonDisabled, AccessDisabled, EmergencyStop,
        ClockFault, Restored, Deadline,
    }
    Doubt { Shorter, Different, Unmarked, KeyGone, }
}

/// How privileged access was disabled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(tag = "form", rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum Disable {
    Off {},
    OffUntil { until: i64 },
    Observe {},
}

/// A head of the ledger, as a checkpoint has it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Cited {
    pub(crate) origin: Origin,
    pub(crate) size: u64,
    pub(crate) root: Digest,
}

/// Whose values were erased.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum Subject {
    Person { person: Person },
    Request { number: u64 },
}

/// What the host's recovery command did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(tag = "form", rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum Recovery {
    SignIn {},
    Approver { from: i64 },
}

/// What kind of account it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum PersonKind {
    Member {},
    Service { owner: Person },
}

/// What a value beside the ledger is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Beside {
    /// Somebody's words or values, with a salt.
    Sealed,
    /// A statement, whose bytes hold their own salt.
    Statement,
    /// A list of tasks, which is no secret and nobody's: it is never erased.
    List,
}

impl Body {
    /// What this event ends in its own step, if it is of a kind that can end something.
    pub(crate) const fn ends(&self) -> Option<&Ends> {
        Some(match self {
            Self::AccessDisabled(body) => &body.ends,
            Self::OrganizationChanged(body) => &body.ends,
            Self::PersonDisabled(body) => &body.ends,
            Self::PeopleLinked(body) => &body.ends,
            Self::PersonUnlinked(body) => &body.ends,
            Self::GroupMembersChanged(body) => &body.ends,
            Self::GroupRemoved(body) => &body.ends,
            Self::TaskDefined(body) => &body.ends,
            Self::TaskRemoved(body) => &body.ends,
            Self::RoleDefined(body) => &body.ends,
            Self::RoleRemoved(body) => &body.ends,
            Self::RoleGroupDefined(body) => &body.ends,
            Self::RoleGroupMembersChanged(body) => &body.ends,
            Self::RoleGroupRemoved(body) => &body.ends,
            Self::PolicyCreated(body) => &body.ends,
            Self::PolicyChanged(body) => &body.ends,
            Self::PolicyRemoved(body) => &body.ends,
            Self::AllStopped(body) => &body.ends,
            Self::ClockAccepted(body) => &body.ends,
            Self::EpochOpened(body) => &body.ends,
            _ => return None,
        })
    }

    /// Whose values this event commits to, if they can be erased.
    pub(crate) fn subject(&self) -> Option<Subject> {
        let number = match self {
            Self::PersonCreated(body) => return Some(Subject::Person { person: body.person }),
            Self::PersonChanged(body) => return Some(Subject::Person { person: body.person }),
            Self::RequestSubmitted(body) => body.number,
            Self::VoteCast(body) => body.number,
            Self::RequestNarrowed(body) => body.number,
            Self::RequestEnded(body) => body.number,
            Self::QuestionAsked(body) => body.number,
            Self::QuestionAnswered(body) => body.number,
            Self::AuthorizationEnded(body) => body.number,
            Self::ExecutionStarted(body) => match body.basis {
                Basis::Authorization { number } | Basis::Preview { number, .. } => number,
                Basis::Role { .. } | Basis::Exemption { .. } | Basis::SetUp {} | Basis::TakeBack { .. } => {
                    return None;
                }
            },
            _ => return None,
        };
        Some(Subject::Request { number })
    }

    /// The commitments to values beside the ledger, with what each is.
    pub(crate) fn commitments(&self) -> Vec<(Digest, Beside)> {
        let sealed =
            |all: &[Option<Digest>]| all.iter().flatten().map(|digest| (*digest, Beside::Sealed)).collect();
        match self {
            Self::SystemAccountAdded(body) => sealed(&[Some(body.reason)]),
            Self::PersonCreated(body) => sealed(&[Some(body.upn), Some(body.display_name), Some(body.mail)]),
            Self::PersonChanged(body) => sealed(&[Some(body.upn), Some(body.display_name), Some(body.mail)]),
            Self::GroupCreated(body) => sealed(&[Some(body.mail)]),
            Self::TokenIssued(body) => sealed(&[Some(body.label)]),
            Self::RequestSubmitted(body) => {
                let mut all: Vec<_> = sealed(&[Some(body.reason), body.ticket]);
                all.push((body.statement, Beside::Statement));
                all.push((body.covers.list, Beside::List));
                all
            }
            Self::VoteCast(body) => sealed(&[Some(body.comment)]),
            Self::RequestNarrowed(body) => vec![(body.to, Beside::Statement)],
            Self::RequestEnded(body) => sealed(&[body.comment]),
            Self::QuestionAsked(body) => sealed(&[Some(body.text)]),
            Self::QuestionAnswered(body) => sealed(&[Some(body.text)]),
            Self::AuthorizationEnded(body) => sealed(&[body.comment]),
            Self::ExecutionStarted(body) => sealed(&[Some(body.values)]),
            Self::AuditWasRead(body) => sealed(&[body.filter]),
            _ => Vec::new(),
        }
    }
}
