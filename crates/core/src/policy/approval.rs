//! Who approves, in which order, and who may ask.

use serde::{Deserialize, Serialize};

use crate::id::GroupId;

/// How a request is decided. Stored as `"Auto"` or `{"Manual":{"stages":[…]}}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub enum Approval {
    /// Authorized at once; the reason is still required and a rate always limits it.
    Auto,
    /// People decide.
    Manual {
        /// 1 to 8 stages, filled in this order (G10).
        stages: Vec<Stage>,
    },
}

/// One step of a manual approval.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stage {
    /// Whose members may vote here.
    pub approvers: Approvers,
    /// How many distinct people must approve, 1 to 16.
    pub seats: u16,
}

/// A stage's group. Stored as `"DefaultGroup"` or `{"Group":"g-…"}`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Approvers {
    /// The organization's default approver group, whichever that is at the time.
    DefaultGroup,
    /// This group.
    Group(GroupId),
}

/// Who may ask (G4). Stored as `"ByRole"`, `"Everyone"` or `{"Group":"g-…"}`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
pub enum Requesters {
    /// For a task, holders of a role containing it; for a role, its holders; for a role group, its members.
    #[default]
    ByRole,
    /// Members of this group.
    Group(GroupId),
    /// Every enabled person. Only where it is written.
    Everyone,
}

impl Approval {
    /// The stages; none for [`Approval::Auto`].
    #[must_use]
    pub fn stages(&self) -> &[Stage] {
        match self {
            Self::Auto => &[],
            Self::Manual { stages } => stages,
        }
    }

    /// One seat of the default approver group.
    #[must_use]
    pub fn one_default_approver() -> Self {
        Self::Manual { stages: vec![Stage { approvers: Approvers::DefaultGroup, seats: 1 }] }
    }
}

impl Approvers {
    /// The group meant, given the organization's default; `None` if there is no default.
    #[must_use]
    pub const fn group(self, default_group: Option<GroupId>) -> Option<GroupId> {
        match self {
            Self::DefaultGroup => default_group,
            Self::Group(id) => Some(id),
        }
    }
}
