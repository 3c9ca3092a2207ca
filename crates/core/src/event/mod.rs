//! What happened. Every change of state is an event; the state is what the events add up to.

pub mod body;
pub mod ends;
pub mod wire;

use countersign_ledger::hash::Digest;
use serde::{Deserialize, Serialize};

use crate::actor::Actor;
use crate::id::RequestNumber;
use crate::time::Instant;
pub use body::Body;

/// The version of the rules this code decides by; it stands in every event.
pub const RULES: u16 = 1;

/// One entry of the ledger.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// The position in the ledger, from 0.
    pub seq: u64,
    /// When it was decided.
    pub time: Instant,
    /// The version of the rules it was decided by.
    pub rules: u16,
    /// Who did it.
    pub actor: Actor,
    /// The access request it belongs to.
    pub request: Option<RequestNumber>,
    /// The command behind it, for idempotency.
    pub cause: Option<Cause>,
    /// What happened.
    pub body: Body,
}

/// The command that caused an event, by digests: the same key with another command is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cause {
    /// SHA-256 of principal and idempotency key.
    pub key: Digest,
    /// SHA-256 of the command.
    pub command: Digest,
}
