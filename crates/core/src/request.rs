//! Access requests that wait for a decision.

use std::collections::BTreeMap;
use std::sync::Arc;

use countersign_ledger::hash::Digest;
use serde::{Deserialize, Serialize};

use crate::covers::Covers;
use crate::id::{GroupId, PersonId, PolicyId, RequestNumber};
use crate::name::RoleName;
use crate::policy::{PolicyTerms, Target};
use crate::time::{Instant, Span};

/// The most requests that may wait and authorizations that may live at once, together (G22): so many that one event can
/// still name them all.
pub const MOST_LIVE: usize = 10_100;
/// Of these, how many only requests for the control plane may fill: what puts a flood to an end is not kept out by it.
pub const KEPT_FOR_CONTROL_PLANE: usize = 100;
/// How far the numbers of what is live may lie apart (G22): what keeps [`MOST_LIVE`] endings within an event however
/// scattered they are. Some 16.8 million requests, made while the oldest that lives goes on living.
pub const MOST_SPREAD: u64 = 1 << 24;

/// The most tasks that one request may open (G22).
pub const MOST_COVERED: usize = 10_000;
/// The most tasks that the lists of all that lives may have together, each list counted once (G22): what they take of memory.
pub const MOST_LISTED: usize = 1_000_000;

/// What one stage needs, resolved when the request was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StageNeed {
    /// Whose members decide.
    pub group: GroupId,
    /// How many of them.
    pub seats: u16,
}

/// What both a pending request and the authorization it becomes rest on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Asked {
    /// The event that asked: membership counts from before it (G11).
    pub seq: u64,
    /// Who asked: counts as requester everywhere (G9).
    pub requester: PersonId,
    /// The service account of the requester's that it is for (G4).
    pub account: Option<PersonId>,
    /// What for.
    pub target: Target,
    /// The role named, where roles of equal rank leave a choice.
    pub role: Option<RoleName>,
    /// SHA-256 of the current statement.
    pub statement: Digest,
    /// The policy that governed at the request.
    pub policy: PolicyId,
    /// Its terms at the request; later changes are compared with them (G14).
    pub terms: Arc<PolicyTerms>,
    /// The tasks with their digests of the request (G7), by the digest of their list.
    pub covers: Covers,
    /// What each stage needs.
    pub stages: Vec<StageNeed>,
    /// Who voted, and for which stage.
    pub votes: BTreeMap<PersonId, u16>,
    /// Uses in all, if bounded.
    pub uses: Option<u32>,
    /// The request this one extends.
    pub extends: Option<RequestNumber>,
}

impl Asked {
    /// Who may execute: the account it was asked for, else who asked.
    #[must_use]
    pub fn holder(&self) -> PersonId {
        self.account.unwrap_or(self.requester)
    }
}

/// A request that waits.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Request {
    /// What it rests on.
    pub asked: Asked,
    /// For how long.
    pub duration: Span,
    /// From when, if later than the approval.
    pub start: Option<Instant>,
    /// When it ends undecided.
    pub expires: Instant,
    /// The stage whose approvers decide now.
    pub stage: u16,
    /// What makes two requests the same.
    pub same: Digest,
    /// Whether approvers were reminded.
    pub reminded: bool,
}

/// An approved request: a window in which the requester may execute.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Authorization {
    /// What it rests on.
    pub asked: Asked,
    /// From when.
    pub from: Instant,
    /// Until when. Nothing lives past it.
    pub until: Instant,
    /// Uses taken; never returned (G6).
    pub used: u32,
    /// How many executions may run at once.
    pub parallel: u32,
    /// Whether the requester was told that it is about to end.
    pub reminded: bool,
}
