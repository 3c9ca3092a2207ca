//! Epochs of the ledger. A copy that is not what was served before is not gone on with silently: accepting it opens a
//! new epoch, whose event cites the head that was lost, and whose name every later checkpoint bears.

use std::collections::BTreeSet;

use countersign_ledger::checkpoint::Origin;
use countersign_ledger::hash::Digest;
use serde::{Deserialize, Serialize};

use crate::id::PersonId;

/// The epoch that a ledger begins with.
pub const FIRST: u32 = 1;

/// A head of the ledger as a checkpoint has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cited {
    /// Ledger id and epoch.
    pub origin: Origin,
    /// Entries.
    pub size: u64,
    /// The root over them.
    pub root: Digest,
}

/// What is wrong with a copy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Doubt {
    /// It has fewer entries than were served.
    Shorter,
    /// It has other entries than were served.
    Different,
    /// Nothing says how far it was served: the high-water file is not beside it.
    Unmarked,
    /// The key that signed its checkpoints is gone.
    KeyGone,
}

/// An epoch after the first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Epoch {
    /// Counts from 2, and may leave numbers out.
    pub number: u32,
    /// The event that opened it.
    pub since: u64,
    /// The head that was served last before.
    pub cites: Cited,
    /// The public half of the key that signs its checkpoints, as auditors write it.
    pub key: String,
}

/// What accepting a copy would put into the ledger; the engine's to say, not the caller's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restored {
    /// The epoch that would be opened.
    pub epoch: u32,
    /// The head that was served, or kept, last.
    pub cites: Cited,
    /// The public half of the key that would sign.
    pub key: String,
    /// What is wrong with the copy.
    pub doubts: BTreeSet<Doubt>,
    /// The default approvers who have accepted it so far.
    pub vouched: BTreeSet<PersonId>,
}
