//! Values that never stand in a leaf: what is written beside the ledger, and what is read back and checked.

use countersign_ledger::hash::Digest;
use countersign_ledger::sealed::{Opening, Sealed};

/// A value beside the ledger. SHA-256 of `salt ‖ value` is the commitment that stands in a leaf.
#[derive(Clone, PartialEq, Eq)]
pub struct SealedValue {
    /// What stands in the leaf.
    pub commitment: Digest,
    /// 16 random bytes; empty for a statement, whose bytes hold their own salt, and for a list, which is no secret.
    pub salt: Vec<u8>,
    /// The canonical bytes.
    pub value: Vec<u8>,
}

impl std::fmt::Debug for SealedValue {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SealedValue({:?}, {} bytes)", self.commitment, self.value.len())
    }
}

impl SealedValue {
    /// Pairs a commitment with its opening.
    #[must_use]
    pub fn new<T>(sealed: Sealed<T>, opening: &Opening) -> Self {
        Self {
            commitment: sealed.commitment(),
            salt: opening.salt().to_vec(),
            value: opening.value().to_vec(),
        }
    }

    /// A statement, whose digest covers its own salt.
    #[must_use]
    pub const fn statement(digest: Digest, bytes: Vec<u8>) -> Self {
        Self { commitment: digest, salt: Vec::new(), value: bytes }
    }

    /// A list of tasks, whose names stand in the ledger openly.
    #[must_use]
    pub const fn list(digest: Digest, bytes: Vec<u8>) -> Self {
        Self { commitment: digest, salt: Vec::new(), value: bytes }
    }

    /// Whether salt and value are those that were committed to.
    #[must_use]
    pub fn holds(&self) -> bool {
        let mut bytes = self.salt.clone();
        bytes.extend_from_slice(&self.value);
        countersign_ledger::hash::sha256(&bytes) == self.commitment
    }
}
