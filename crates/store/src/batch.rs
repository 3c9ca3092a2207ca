//! What is committed at once.

use std::fmt;

use countersign_core::event::Event;
use countersign_core::event::body::Credential;
use countersign_core::id::PersonId;
use countersign_core::sealing::SealedValue;
use countersign_ledger::hash::Digest;
use countersign_ledger::seal::Seal;

/// Events and what belongs to them, in one transaction.
#[derive(Debug, Clone)]
pub struct Batch {
    /// The position of the first entry: the ledger's size before.
    pub first_seq: u64,
    /// The entries, in order.
    pub entries: Vec<Entry>,
    /// The values sealed in them.
    pub sealed: Vec<SealedValue>,
    /// The ledger's size after.
    pub size: u64,
    /// Its root after.
    pub root: Digest,
    /// Its frontier after, as [`Frontier::to_bytes`](countersign_ledger::tree::Frontier::to_bytes) gives it.
    pub frontier: Vec<u8>,
    /// The seal over all of this.
    pub seal: Seal,
    /// Full tiles that this batch completes.
    pub tiles: Vec<TileRow>,
    /// Whom to tell.
    pub outbox: Vec<OutboxRow>,
    /// Credentials that came or went.
    pub secrets: Vec<SecretWrite>,
    /// Replies to commands with an idempotency key.
    pub replies: Vec<Reply>,
    /// Blobs that events of this batch cite; from now on they are kept.
    pub blobs: Vec<BlobCitation>,
}

/// One entry. The store derives the index rows itself, by
/// [`view`](countersign_core::view::view): so a rebuilt index is the same.
#[derive(Debug, Clone)]
pub struct Entry {
    /// The leaf: what [`to_bytes`](countersign_core::event::wire::to_bytes) gave for the event.
    pub bytes: Vec<u8>,
    /// The event in these bytes.
    pub event: Event,
}

/// A full tile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TileRow {
    /// Its level, 0 for leaves.
    pub level: u8,
    /// Its index in that level.
    pub index: u64,
    /// Its 256 hashes.
    pub bytes: Vec<u8>,
}

/// Somebody to tell of an event; people are resolved at sending.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutboxRow {
    /// The event.
    pub seq: u64,
    /// Who is to be told what: JSON, understood by the engine alone.
    pub audience: String,
}

/// A credential to be kept, or removed.
#[derive(Clone, PartialEq, Eq)]
pub struct SecretWrite {
    /// Whose.
    pub person: PersonId,
    /// Which.
    pub credential: Credential,
    /// The credential; `None` removes it.
    pub secret: Option<String>,
}

/// What was answered to a command with an idempotency key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// The key's digest, as in the event's cause.
    pub key: Digest,
    /// The answer as JSON.
    pub json: String,
}

/// An event that cites a blob.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BlobCitation {
    /// The blob.
    pub digest: Digest,
    /// The event.
    pub seq: u64,
}

impl fmt::Debug for SecretWrite {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let verb = if self.secret.is_some() { "put" } else { "remove" };
        write!(f, "SecretWrite({verb} {:?} of {})", self.credential, self.person)
    }
}
