//! What the verifier is given beside the copy: everything that proves more than the copy alone can.

use countersign_ledger::{Origin, note::VerifyingKey, seal::SealKey};

/// What was kept outside the copy, and keys. The default has none of it.
#[derive(Clone)]
pub struct Options<'a> {
    /// Checkpoints kept outside the copy. Those of several epochs have several keys.
    pub checkpoints: Vec<KeptCheckpoint>,
    /// Tiles kept outside the copy: with them a finding names the entry that differs. Gives the bytes of the tile
    /// `(level 0, index)`, full or partial.
    pub kept_tiles: Option<&'a dyn Fn(u64) -> Option<Vec<u8>>>,
    /// The key of the batch seals.
    pub seals: Option<Seals>,
    /// The most findings that are listed; the rest are counted.
    pub most_findings: usize,
}

/// A signed checkpoint that was kept, with the key that it must be signed by.
#[derive(Debug, Clone)]
pub struct KeptCheckpoint {
    /// The signed note, verbatim.
    pub note: Vec<u8>,
    /// The ledger's key, from where the auditor first got it; never from the copy.
    pub key: VerifyingKey,
}

/// What seals are checked with.
#[derive(Clone)]
pub struct Seals {
    /// The key.
    pub key: SealKey,
    /// The origins of the ledger's epochs in order. Empty means `<ledger id>/1`, by the first entry's ledger id.
    pub origins: Vec<Origin>,
}

impl Default for Options<'_> {
    fn default() -> Self {
        Self { checkpoints: Vec::new(), kept_tiles: None, seals: None, most_findings: 1_000 }
    }
}

impl std::fmt::Debug for Options<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Options")
            .field("checkpoints", &self.checkpoints.len())
            .field("kept_tiles", &self.kept_tiles.is_some())
            .field("seals", &self.seals.is_some())
            .finish_non_exhaustive()
    }
}

/// How far a verification is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Entries read so far.
    pub entries: u64,
    /// Findings so far.
    pub findings: u64,
}
