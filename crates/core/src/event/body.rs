//! The kinds of events. Derived values (end instants, governing policy, who counted) stand in the event, so that
//! `apply` never recomputes and replay survives changes of code.

use std::collections::{BTreeMap, BTreeSet};

use countersign_ledger::hash::Digest;
use countersign_ledger::sealed::Sealed;
use serde::{Deserialize, Serialize};

use crate::actor::Scope;
use crate::covers::Covers;
use crate::directory::{Member, PersonKind};
use crate::epoch::{Cited, Doubt};
use crate::erasure::Subject;
use crate::execution::{Basis, Outcome, StopReason};
use crate::id::{ExecutionId, GroupId, InvitationId, PersonId, PolicyId, RequestNumber, TokenId};
use crate::name::{GroupName, RoleGroupName, RoleName, TaskName, WorkloadName};
use crate::obligation::Settled;
use crate::organization::{ControlPlane, Settings};
use crate::policy::{Assurance, PolicyTerms, Target};
use crate::refusal::Code;
use crate::request::StageNeed;
use crate::task::TaskDefinition;
use crate::time::{Instant, Span};

pub use super::ends::Ends;

/// How a pending request ended without an authorization.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RequestEnd {
    /// An eligible approver denied it.
    Denied,
    /// Its requester withdrew it.
    Cancelled,
    /// Nobody decided in time.
    Expired,
    /// A stage can no longer be filled; the requester may send it again.
    Unfillable,
    /// The governing policy was removed or tightened, or another policy governs.
    PolicyChanged,
    /// What it asks for was redefined or removed.
    DefinitionChanged,
    /// The requester may no longer ask for this.
    NotEligible,
    /// The requester was disabled.
    PersonDisabled,
    /// Privileged access was disabled.
    AccessDisabled,
    /// A restored copy of the ledger was accepted.
    Restored,
}

impl RequestEnd {
    /// Every way.
    pub const ALL: &'static [Self] = &[
        Self::Denied,
        Self::Cancelled,
        Self::Expired,
        Self::Unfillable,
        Self::PolicyChanged,
        Self::DefinitionChanged,
        Self::NotEligible,
        Self::PersonDisabled,
        Self::AccessDisabled,
        Self::Restored,
    ];
}

/// How an authorization ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AuthorizationEnd {
    /// Its time was over.
    Expired,
    /// Its requester gave it back.
    GivenBack,
    /// An eligible approver revoked it.
    Revoked,
    /// The people whose votes it rests on no longer fill its seats.
    QuorumLost,
    /// The governing policy was removed or tightened, or another policy governs.
    PolicyChanged,
    /// What it covers was redefined or removed.
    DefinitionChanged,
    /// The requester may no longer ask for this.
    NotEligible,
    /// The requester was disabled.
    PersonDisabled,
    /// Privileged access was disabled.
    AccessDisabled,
    /// Everything was stopped.
    EmergencyStop,
    /// A fault of the clock was accepted.
    ClockFault,
    /// A restored copy of the ledger was accepted.
    Restored,
}

impl AuthorizationEnd {
    /// Every way.
    pub const ALL: &'static [Self] = &[
        Self::Expired,
        Self::GivenBack,
        Self::Revoked,
        Self::QuorumLost,
        Self::PolicyChanged,
        Self::DefinitionChanged,
        Self::NotEligible,
        Self::PersonDisabled,
        Self::AccessDisabled,
        Self::EmergencyStop,
        Self::ClockFault,
        Self::Restored,
    ];
}

/// How privileged access was disabled (G21).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "form", rename_all = "snake_case", deny_unknown_fields)]
pub enum Disable {
    /// Until enabled again.
    Off,
    /// Until this instant.
    OffUntil {
        /// When it comes back.
        until: Instant,
    },
    /// Off, with `would_refuse` recorded at each run.
    Observe,
}

/// Which of a person's credentials.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Credential {
    /// The password.
    Password,
    /// The authenticator (TOTP).
    Totp,
    /// The recovery codes.
    Recovery,
}

/// Why an invitation was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InvitationPurpose {
    /// A new person sets their first password.
    Invite,
    /// Someone lost theirs.
    Reset,
    /// Host recovery of an administrator's sign-in.
    Recovery,
}

/// How a single-use link reaches its person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LinkDelivery {
    /// Mailed to the person it is for; nobody else sees it.
    Mailed,
    /// Shown once to who ran the task, or on the host, to be handed over; no mail carries it.
    Printed,
}

/// What the host's recovery command did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "form", rename_all = "snake_case", deny_unknown_fields)]
pub enum Recovery {
    /// An administrator sets a new password by a link.
    SignIn,
    /// A person becomes a default approver.
    Approver {
        /// From when.
        from: Instant,
    },
}

/// What somebody read of the audit material (G20).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AuditRead {
    /// A search of the audit log.
    Search,
    /// An export of the audit log.
    Export,
    /// The output of somebody's execution.
    Output,
}

/// What is kept of an execution's output: digests of all of it, and how much there was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OutputDigest {
    /// Bytes of standard output, all of them.
    pub stdout_bytes: u64,
    /// SHA-256 of all of standard output.
    pub stdout_sha256: Digest,
    /// Bytes of standard error, all of them.
    pub stderr_bytes: u64,
    /// SHA-256 of all of standard error.
    pub stderr_sha256: Digest,
    /// Whether less was kept than there was.
    pub truncated: bool,
}

macro_rules! bodies {
    ($($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident: $type:ty,)* })*) => {
        /// What happened.
        #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
        #[serde(tag = "type", content = "data", deny_unknown_fields)]
        #[expect(clippy::large_enum_variant, reason = "events are few in memory, and read far more often than moved")]
        #[expect(missing_docs, reason = "fields are named in the words of the vocabulary and explained per variant")]
        pub enum Body {
            $($(#[$doc])* $name { $($(#[$field_doc])* $field: $type,)* },)*
        }

        impl Body {
            /// The names of all kinds, for reference pages and coverage tests.
            pub const KINDS: &'static [&'static str] = &[$(stringify!($name),)*];

            /// The name that stands in the ledger.
            #[must_use]
            pub const fn kind(&self) -> &'static str {
                match self { $(Self::$name { .. } => stringify!($name),)* }
            }
        }
    };
}

bodies! {
    /// The organization came to be; set-up mode begins.
    OrganizationCreated { name: String, ledger: String, zone: String, settings: Settings, }
    /// The person who alone may act in set-up mode.
    FirstAdministratorNamed { person: PersonId, }
    /// A server process began to serve this ledger.
    NodeStarted { version: String, binary: Digest, configuration: Digest, separated: bool, }
    /// Privileged access came into force.
    AccessEnabled {
        approvers: GroupId, control_plane: ControlPlane, settings: Settings,
        /// Events of the set-up that this one stands behind: all before this position.
        cites: u64,
    }
    /// Privileged access was disabled.
    AccessDisabled { how: Disable, ends: Ends, }
    /// Privileged access came back by itself.
    AccessResumed {}
    /// Settings of the organization changed.
    OrganizationChanged { settings: Settings, approvers: GroupId, ends: Ends, }
    /// A service account became exempt.
    SystemAccountAdded { person: PersonId, reason: Sealed<String>, until: Instant, }
    /// A service account is no longer exempt.
    SystemAccountRemoved { person: PersonId, }

    /// A person or service account was added.
    PersonCreated {
        person: PersonId, kind: PersonKind, upn: Sealed<String>, display_name: Sealed<String>, mail: Sealed<String>,
    }
    /// A person's name or address changed.
    PersonChanged {
        person: PersonId, upn: Sealed<String>, display_name: Sealed<String>, mail: Sealed<String>,
    }
    /// A person can no longer do anything.
    PersonDisabled { person: PersonId, ends: Ends, }
    /// A person can act again; nothing that ended comes back.
    PersonEnabled { person: PersonId, }
    /// Two accounts belong to one human being.
    PeopleLinked { person: PersonId, other: PersonId, ends: Ends, }
    /// An account was taken out of its link.
    PersonUnlinked { person: PersonId, ends: Ends, }
    /// A group was added.
    GroupCreated { group: GroupId, name: GroupName, mail: Sealed<String>, }
    /// Direct members came or went.
    GroupMembersChanged { group: GroupId, added: Vec<Member>, removed: Vec<Member>, ends: Ends, }
    /// A group is gone.
    GroupRemoved { group: GroupId, ends: Ends, }

    /// A workload and the runspace that executes its tasks.
    WorkloadRegistered { workload: WorkloadName, runspace: String, }
    /// A task was defined or redefined.
    TaskDefined { version: u64, digest: Digest, definition: TaskDefinition, ends: Ends, }
    /// A task is gone.
    TaskRemoved { task: TaskName, ends: Ends, }
    /// A role was defined or redefined.
    RoleDefined { role: RoleName, version: u64, tasks: BTreeSet<TaskName>, ends: Ends, }
    /// A role is gone.
    RoleRemoved { role: RoleName, ends: Ends, }
    /// A role group was defined or redefined; its members stay.
    RoleGroupDefined { role_group: RoleGroupName, roles: BTreeSet<RoleName>, ends: Ends, }
    /// Members of a role group came or went.
    RoleGroupMembersChanged { role_group: RoleGroupName, added: Vec<Member>, removed: Vec<Member>, ends: Ends, }
    /// A role group is gone.
    RoleGroupRemoved { role_group: RoleGroupName, ends: Ends, }

    /// A policy came to be.
    PolicyCreated { policy: PolicyId, terms: PolicyTerms, ends: Ends, }
    /// A policy changed.
    PolicyChanged { policy: PolicyId, version: u64, terms: PolicyTerms, ends: Ends, }
    /// A policy is gone.
    PolicyRemoved { policy: PolicyId, ends: Ends, }

    /// Membership broke policies: for somebody who may ask, too few people could approve (G10).
    QuorumAlarm { policies: BTreeSet<PolicyId>, }
    /// Enough people could approve again.
    QuorumRestored { policies: BTreeSet<PolicyId>, }

    /// A credential came into force; `digest` is keyed, the credential itself is elsewhere.
    CredentialSet { person: PersonId, credential: Credential, digest: Digest, }
    /// A credential is no longer in force.
    CredentialRemoved { person: PersonId, credential: Credential, }
    /// A link by which a person sets a first or new password, once.
    InvitationIssued {
        invitation: InvitationId, person: PersonId, purpose: InvitationPurpose, delivery: LinkDelivery, secret: Digest,
        until: Instant,
    }
    /// The link was used.
    InvitationUsed { invitation: InvitationId, }
    /// A person made themselves a token.
    TokenIssued { token: TokenId, person: PersonId, secret: Digest, scopes: BTreeSet<Scope>, until: Instant, label: Sealed<String>, }
    /// A token is no longer valid.
    TokenRevoked { token: TokenId, }
    /// Someone signed in.
    SignedIn { person: PersonId, assurance: Assurance, }
    /// Sign-ins that failed; a name that is not ours is never recorded.
    SignInFailed { person: Option<PersonId>, count: u64, }

    /// Somebody asks for access.
    RequestSubmitted {
        number: RequestNumber, requester: PersonId,
        /// The service account of the requester's that it is for, if not for themselves (G4).
        account: Option<PersonId>,
        target: Target, role: Option<RoleName>,
        /// SHA-256 of the statement's bytes: what approvers approve.
        statement: Digest,
        policy: PolicyId, policy_version: u64, terms: PolicyTerms,
        /// The governed tasks with their digests of now (G7): the list lies beside the ledger.
        covers: Covers,
        stages: Vec<StageNeed>, duration: Span, start: Option<Instant>, uses: Option<u32>, expires: Instant,
        reason: Sealed<String>, ticket: Option<Sealed<String>>, extends: Option<RequestNumber>,
        /// An earlier denial of the same statement, shown to approvers.
        denied_before: Option<RequestNumber>,
        /// SHA-256 over what makes two requests the same: requester, target, constraints.
        same: Digest,
    }
    /// An approver approved.
    VoteCast {
        number: RequestNumber, statement: Digest, approver: PersonId, stage: u16, assurance: Assurance,
        comment: Sealed<String>,
        /// Whether this vote filled the stage.
        completes_stage: bool,
    }
    /// An approver approves less than was asked: a new statement that cites the former's digest.
    RequestNarrowed {
        number: RequestNumber, from: Digest, to: Digest, duration: Span, uses: Option<u32>,
    }
    /// A request ended without an authorization.
    RequestEnded { number: RequestNumber, how: RequestEnd, comment: Option<Sealed<String>>, }
    /// An approver asks the requester something.
    QuestionAsked { number: RequestNumber, text: Sealed<String>, }
    /// The requester answers.
    QuestionAnswered { number: RequestNumber, text: Sealed<String>, }
    /// A request was approved: a window in which the requester may execute.
    AuthorizationGranted {
        number: RequestNumber, from: Instant, until: Instant, uses: Option<u32>, parallel: u32,
        /// Who counted, and for which stage.
        counted: BTreeMap<PersonId, u16>,
    }
    /// An authorization ended.
    AuthorizationEnded { number: RequestNumber, how: AuthorizationEnd, comment: Option<Sealed<String>>, }
    /// The requester and approvers were told that a request or authorization is about to end.
    ReminderDue { number: RequestNumber, }

    /// A run is about to start: durable before the runner hears of it.
    ExecutionStarted {
        execution: ExecutionId, person: PersonId, task: TaskName, version: u64, digest: Digest, basis: Basis,
        values: Sealed<serde_json::Map<String, serde_json::Value>>,
        /// The statement the values were compared with; the comparison held, else this event would not be.
        matched: Option<Digest>,
        /// The instant by which it must be over.
        deadline: Instant,
        /// Present when privileged access only observes and would have refused.
        would_refuse: Option<Code>,
    }
    /// A run is over, or nobody can know.
    ExecutionFinished { execution: ExecutionId, outcome: Outcome, output: Option<OutputDigest>, }
    /// The truth about an unknown outcome came late.
    ExecutionReported { execution: ExecutionId, outcome: Outcome, output: Option<OutputDigest>, }
    /// Somebody accepts that an outcome stays unknown; its slot is free again (G6).
    ExecutionAcknowledged { execution: ExecutionId, }
    /// A running execution is to be stopped.
    StopRequested { execution: ExecutionId, why: StopReason, }
    /// A running execution continues under the extension of what it ran under (G13).
    ExecutionAdopted {
        execution: ExecutionId, number: RequestNumber,
        /// The instant by which it must be over now: later than before, or the same.
        deadline: Instant,
    }
    /// What an execution does has to be taken back when its authorization ends.
    ObligationIncurred { execution: ExecutionId, number: RequestNumber, }
    /// Nothing of it is left.
    ObligationSettled { execution: ExecutionId, how: Settled, }
    /// Taking it back did not succeed for some time: power is left that should be gone.
    TakeBackOverdue { execution: ExecutionId, tries: u32, }
    /// A workload's standing access was listed, and compared with the list before it.
    StandingAccessListed {
        execution: ExecutionId, workload: WorkloadName,
        /// The execution that printed the list before; none if there was none, or it can't be read any more.
        before: Option<ExecutionId>,
        holders: u32,
        /// In this list and not in the one before.
        appeared: u32,
        /// In the one before and not in this.
        gone: u32,
    }
    /// Everything that runs on targets is to be stopped, and every authorization ends.
    AllStopped { ends: Ends, }

    /// Somebody was refused.
    Refused { attempt: String, code: Code, task: Option<TaskName>, number: Option<RequestNumber>, }
    /// Refusals beyond those recorded singly: how many of one kind somebody got within a minute.
    RefusalsCounted { person: Option<PersonId>, attempt: String, code: Code, count: u64, }
    /// Somebody read audit material.
    AuditWasRead { what: AuditRead, filter: Option<Sealed<String>>, execution: Option<ExecutionId>, }

    /// The clock went back or ran ahead; approvals and starts wait (G16).
    ClockSuspected { stated: Instant, }
    /// A default approver says that the suspect clock is right; with a second person's word it is accepted (G16).
    ClockVouched { person: PersonId, }
    /// Somebody with the right to do so accepts the clock; live authorizations end.
    ClockAccepted { ends: Ends, }
    /// A copy of the ledger that is not what was served was accepted: by the host's own account, or by these default
    /// approvers. Checkpoints bear the new epoch from here on; everything live and pending ends.
    EpochOpened {
        epoch: u32,
        /// The head that was served, or kept, last; in an earlier epoch, or this copy's own if nothing else is known.
        cites: Cited,
        /// The public half of the key that signs checkpoints of this epoch.
        key: String,
        doubts: BTreeSet<Doubt>, accepted: BTreeSet<PersonId>, ends: Ends,
    }
    /// `countersign recover` was used on the host.
    RecoveryUsed { person: PersonId, how: Recovery, }
    /// Sealed values are gone: beside the ledger, in the index, in kept outputs. Backups and exports keep theirs.
    Erased { subject: Subject, }
    /// The state at this size, by its digest; every node compares.
    SnapshotTaken { size: u64, schema: u32, digest: Digest, }
}

impl Body {
    /// What this event ends, if it is of a kind that can end something.
    #[must_use]
    pub const fn ends(&self) -> Option<&Ends> {
        match self {
            Self::AccessDisabled { ends, .. }
            | Self::OrganizationChanged { ends, .. }
            | Self::PersonDisabled { ends, .. }
            | Self::PeopleLinked { ends, .. }
            | Self::PersonUnlinked { ends, .. }
            | Self::GroupMembersChanged { ends, .. }
            | Self::GroupRemoved { ends, .. }
            | Self::TaskDefined { ends, .. }
            | Self::TaskRemoved { ends, .. }
            | Self::RoleDefined { ends, .. }
            | Self::RoleRemoved { ends, .. }
            | Self::RoleGroupDefined { ends, .. }
            | Self::RoleGroupMembersChanged { ends, .. }
            | Self::RoleGroupRemoved { ends, .. }
            | Self::PolicyCreated { ends, .. }
            | Self::PolicyChanged { ends, .. }
            | Self::PolicyRemoved { ends, .. }
            | Self::AllStopped { ends }
            | Self::ClockAccepted { ends }
            | Self::EpochOpened { ends, .. } => Some(ends),
            _ => None,
        }
    }

    /// The same, to fill it in.
    pub(crate) const fn ends_mut(&mut self) -> Option<&mut Ends> {
        match self {
            Self::AccessDisabled { ends, .. }
            | Self::OrganizationChanged { ends, .. }
            | Self::PersonDisabled { ends, .. }
            | Self::PeopleLinked { ends, .. }
            | Self::PersonUnlinked { ends, .. }
            | Self::GroupMembersChanged { ends, .. }
            | Self::GroupRemoved { ends, .. }
            | Self::TaskDefined { ends, .. }
            | Self::TaskRemoved { ends, .. }
            | Self::RoleDefined { ends, .. }
            | Self::RoleRemoved { ends, .. }
            | Self::RoleGroupDefined { ends, .. }
            | Self::RoleGroupMembersChanged { ends, .. }
            | Self::RoleGroupRemoved { ends, .. }
            | Self::PolicyCreated { ends, .. }
            | Self::PolicyChanged { ends, .. }
            | Self::PolicyRemoved { ends, .. }
            | Self::AllStopped { ends }
            | Self::ClockAccepted { ends }
            | Self::EpochOpened { ends, .. } => Some(ends),
            _ => None,
        }
    }
}
