//! Where a copy of a ledger is read from. Nothing that comes from a source is believed.

use countersign_ledger::{Digest, seal::Seal};

/// A copy of a ledger: a database, an export, a list in memory.
///
/// Every method may answer with less than was asked for; an empty answer means that there is no more.
pub trait Source {
    /// Why the copy could not be read. What it holds being wrong is no error: that is a finding.
    type Error: std::error::Error + 'static;

    /// What the copy has besides its entries.
    fn holds(&self) -> Holds;

    /// Entries at positions from `from` on, in order of position, at most `limit`. Asked for in rising order.
    ///
    /// # Errors
    /// When the copy cannot be read.
    fn entries(&mut self, from: u64, limit: usize) -> Result<Vec<StoredEntry>, Self::Error>;

    /// Batches whose first entry is at `from` or later, in order, at most `limit`. Asked for in rising order.
    ///
    /// # Errors
    /// When the copy cannot be read.
    fn batches(&mut self, from: u64, limit: usize) -> Result<Vec<StoredBatch>, Self::Error>;

    /// The values beside the ledger that still exist, in any order.
    ///
    /// # Errors
    /// When the copy cannot be read.
    fn sealed(&mut self, commitments: &[Digest]) -> Result<Vec<StoredValue>, Self::Error>;

    /// A full tile: 256 hashes of 32 bytes.
    ///
    /// # Errors
    /// When the copy cannot be read.
    fn tile(&mut self, level: u8, index: u64) -> Result<Option<Vec<u8>>, Self::Error>;
}

/// What a copy has besides its entries. What it does not have is reported as unproven.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Holds {
    /// Whether it has batch rows: heads with seals.
    pub batches: bool,
    /// Whether it has the full tiles.
    pub tiles: bool,
    /// Whether it has values beside the ledger.
    pub sealed: bool,
}

/// An entry as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredEntry {
    /// Where it is stored, from 0. What the entry itself says is compared with this.
    pub position: u64,
    /// The leaf.
    pub bytes: Vec<u8>,
}

/// A batch row as it is stored.
#[derive(Debug, Clone)]
pub struct StoredBatch {
    /// The position of its first entry.
    pub first_seq: u64,
    /// The ledger's size after it.
    pub size: u64,
    /// The root after it.
    pub root: Digest,
    /// The frontier after it, as [`Frontier::to_bytes`](countersign_ledger::Frontier::to_bytes) gives it.
    pub frontier: Vec<u8>,
    /// The seal; `None` if the row has none.
    pub seal: Option<Seal>,
}

/// A value beside the ledger as it is stored.
#[derive(Clone, PartialEq, Eq)]
pub struct StoredValue {
    /// What it claims to open.
    pub commitment: Digest,
    /// 16 bytes; empty for a statement, whose bytes hold their own salt.
    pub salt: Vec<u8>,
    /// Canonical JSON.
    pub value: Vec<u8>,
}

impl std::fmt::Debug for StoredValue {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "StoredValue({:?}, {} bytes)", self.commitment, self.value.len())
    }
}
