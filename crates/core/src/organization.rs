//! The one tenant: privileged access on or off, default approver group, system accounts, ceilings.

use imbl::{OrdMap, OrdSet, Vector};
use serde::{Deserialize, Serialize};

use countersign_ledger::sealed::Sealed;

use crate::epoch::{self, Epoch};
use crate::id::{GroupId, PersonId};
use crate::time::{Instant, Span};

/// Whether privileged access is in force (G21).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case", deny_unknown_fields)]
pub enum Access {
    /// Set-up mode: the first administrator alone prepares the organization.
    SetUp,
    /// In force.
    On,
    /// Disabled until enabled again.
    Off,
    /// Disabled for a while; comes back unconditionally.
    OffUntil {
        /// When it comes back.
        until: Instant,
    },
    /// Disabled, with `would_refuse` recorded at each run.
    Observe,
}

/// What holds for tasks that no policy covers (G1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unprotected {
    /// Holders of a role containing the task run it.
    #[default]
    RoleHoldersRun,
    /// A built-in policy (Manual, default approver group) protects them.
    DefaultApproversDecide,
}

/// Whether the control plane is protected (G17).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ControlPlane {
    /// By the built-in policy.
    #[default]
    Protected,
    /// A choice made at enabling, recorded, and shown on every page.
    Unprotected,
}

/// Whether people need a second factor to approve or to touch the control plane.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SecondFactor {
    /// They do.
    #[default]
    Required,
    /// They do not: shown loudly on every page.
    NotRequired,
}

/// What an administrator may set, one gated act at a time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// What holds for tasks that no policy covers.
    pub unprotected: Unprotected,
    /// Whether a second factor is needed for approvals and the control plane.
    pub second_factor: SecondFactor,
    /// No authorization lasts longer, whatever its policy says (G13).
    pub max_duration: Span,
    /// How long a request lives without a decision (G13).
    pub pending_for: Span,
    /// Open requests one person may have (G22).
    pub open_requests_each: u32,
    /// Open requests in all (G22).
    pub open_requests: u32,
    /// How long outputs are kept unless their task says otherwise.
    pub output_retention: Span,
    /// The service account for which timers list standing access daily; none: nobody's is.
    pub standing_access: Option<PersonId>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            unprotected: Unprotected::default(),
            second_factor: SecondFactor::default(),
            max_duration: Span::from_hours(24),
            pending_for: Span::from_hours(24),
            open_requests_each: 50,
            open_requests: 10_000,
            output_retention: Span::from_hours(24 * 90),
            standing_access: None,
        }
    }
}

/// An exempt service account (G8).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SystemAccount {
    /// Why it is exempt.
    pub reason: Sealed<String>,
    /// When the exemption ends.
    pub until: Instant,
    /// When it was last used; unused for 90 days it is off.
    pub last_used: Instant,
}

/// The organization's part of the state.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Organization {
    /// Its name, shown on every page and mail.
    pub name: String,
    /// The ledger this organization began with.
    pub ledger: String,
    /// The IANA zone that mails and pages show beside UTC unless the reader says otherwise.
    pub zone: String,
    /// Whether privileged access is in force.
    pub access: Access,
    /// Who may act in set-up mode.
    pub first_administrator: Option<PersonId>,
    /// Who decides where a policy names nobody else.
    pub default_approvers: Option<GroupId>,
    /// Whether the control plane is protected.
    pub control_plane: ControlPlane,
    /// Exempt service accounts.
    pub system_accounts: OrdMap<PersonId, SystemAccount>,
    /// What an administrator may set.
    pub settings: Settings,
    /// Set while the clock is suspect (G16).
    pub clock_suspect: bool,
    /// The default approvers who have said since that it is right.
    pub clock_vouched: OrdSet<PersonId>,
    /// Whom the host's recovery command appoints a default approver, and from when.
    pub appointed: OrdMap<PersonId, Instant>,
    /// The ledger's epochs after the first.
    pub epochs: Vector<Epoch>,
}

impl Organization {
    /// Whether policies are enforced at this instant for tasks outside the control plane.
    #[must_use]
    pub fn enforced(&self, now: Instant) -> bool {
        match self.access {
            Access::On => true,
            Access::OffUntil { until } => now >= until,
            Access::SetUp | Access::Off | Access::Observe => false,
        }
    }

    /// The ledger's epoch.
    #[must_use]
    pub fn epoch(&self) -> u32 {
        self.epochs.last().map_or(epoch::FIRST, |epoch| epoch.number)
    }

    /// Whether the first administrator alone still prepares the organization.
    #[must_use]
    pub const fn in_set_up(&self) -> bool {
        matches!(self.access, Access::SetUp)
    }
}
