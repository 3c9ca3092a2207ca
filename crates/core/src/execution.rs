//! Runs of tasks: on which basis, how they ended.

use countersign_ledger::hash::Digest;
use countersign_ledger::sealed::Sealed;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

use crate::id::{ExecutionId, PersonId, RequestNumber};
use crate::name::{RoleName, TaskName};
use crate::time::Instant;

/// The one ground on which an execution runs (G3). When it goes, G15 applies.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "basis", rename_all = "snake_case", deny_unknown_fields)]
pub enum Basis {
    /// An authorization that covers the run.
    Authorization {
        /// Which.
        number: RequestNumber,
    },
    /// A role held, for an unprotected task (G2).
    Role {
        /// Which.
        role: RoleName,
    },
    /// An exempt system account holding a role (G8).
    Exemption {
        /// Which role.
        role: RoleName,
    },
    /// The first administrator in set-up mode.
    SetUp,
    /// A request that waits or an authorization that lives, shown to its requester or an approver of it: what it does
    /// changes nothing on the target.
    Preview {
        /// Which request.
        number: RequestNumber,
        /// The statement that is shown; of another nothing is shown.
        statement: Digest,
        /// How.
        how: PreviewHow,
    },
    /// Countersign itself takes back what an earlier execution did while it was authorized.
    TakeBack {
        /// Which.
        of: ExecutionId,
    },
}

/// How a preview is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PreviewHow {
    /// By the read-only definition that the task has for it.
    Declared,
    /// By what the target says that it would do.
    Plan,
    /// By doing it and rolling it back, under a live authorization.
    Rollback,
}

impl PreviewHow {
    /// The word that lists show.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Declared => "declared",
            Self::Plan => "plan",
            Self::Rollback => "rollback",
        }
    }
}

/// How an execution ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "snake_case", deny_unknown_fields)]
pub enum Outcome {
    /// The task says it did its work.
    Succeeded,
    /// It did not.
    Failed {
        /// The exit status, where there is one.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        exit: Option<i32>,
        /// A stable word for what went wrong.
        reason: String,
    },
    /// It was stopped.
    Stopped {
        /// Why.
        why: StopReason,
        /// Whether the end was seen, or only asked for.
        confirmed: bool,
    },
    /// Nobody can know. It is never run again by itself.
    Unknown {
        /// What is missing.
        reason: String,
    },
}

impl Outcome {
    /// Whether the outcome is not known.
    #[must_use]
    pub const fn is_unknown(&self) -> bool {
        matches!(self, Self::Unknown { .. })
    }

    /// The word shown in lists.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Succeeded => "succeeded",
            Self::Failed { .. } => "failed",
            Self::Stopped { .. } => "stopped",
            Self::Unknown { .. } => "unknown",
        }
    }
}

/// Why a running execution is stopped (G15).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StopReason {
    /// The person who runs it, or somebody with the right to, asked for it.
    Asked,
    /// Its authorization was revoked.
    Revoked,
    /// Its authorization was given back.
    GivenBack,
    /// Its authorization's time was over.
    Expired,
    /// The quorum behind its authorization was lost.
    QuorumLost,
    /// Its policy was removed or tightened.
    PolicyChanged,
    /// Its person was disabled, or lost the ground for it.
    PersonDisabled,
    /// Privileged access was disabled.
    AccessDisabled,
    /// Everything was stopped.
    EmergencyStop,
    /// A fault of the clock was accepted.
    ClockFault,
    /// A restored copy of the ledger was accepted.
    Restored,
    /// Its maximum run time was over.
    Deadline,
}

/// An execution that is running, or whose outcome is unknown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Execution {
    /// Who it runs for.
    pub person: PersonId,
    /// What it runs.
    pub task: TaskName,
    /// The task's version.
    pub version: u64,
    /// The digest of what it runs.
    pub digest: Digest,
    /// With which values: what an extension is compared with, and what is taken back.
    pub values: Sealed<Map<String, Json>>,
    /// On which ground.
    pub basis: Basis,
    /// When it began.
    pub started: Instant,
    /// When it must be over.
    pub deadline: Instant,
    /// Whether it runs on to its end when its authorization expires.
    pub run_to_end: bool,
    /// Why it is being stopped, once it is.
    pub stopping: Option<StopReason>,
    /// Whether its outcome is unknown rather than pending.
    pub unknown: bool,
}

impl Execution {
    /// The authorization it runs under, if that is its basis.
    #[must_use]
    pub const fn authorization(&self) -> Option<RequestNumber> {
        match &self.basis {
            Basis::Authorization { number } => Some(*number),
            Basis::Role { .. }
            | Basis::Exemption { .. }
            | Basis::SetUp
            | Basis::Preview { .. }
            | Basis::TakeBack { .. } => None,
        }
    }

    /// The request it hangs on: its authorization's, or the one that it shows.
    #[must_use]
    pub const fn request(&self) -> Option<RequestNumber> {
        match &self.basis {
            Basis::Authorization { number } | Basis::Preview { number, .. } => Some(*number),
            Basis::Role { .. } | Basis::Exemption { .. } | Basis::SetUp | Basis::TakeBack { .. } => None,
        }
    }
}
