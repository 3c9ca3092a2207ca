use serde::{Deserialize, Serialize};

use crate::{
    MAX_SIZE,
    hash::{Digest, empty_root, node_hash, sha256_parts},
};

/// The right edge of a tree: enough to append and to know the root, in at most 53 hashes.
///
/// One hash for each perfect subtree that the size's binary digits name, the largest first.
/// Serialized as `{"size": n, "hashes": [hex, …]}` or as bytes ([`to_bytes`](Self::to_bytes)).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Stored")]
pub struct Frontier {
    size: u64,
    hashes: Vec<Digest>,
}

/// A stored frontier that can't be one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FrontierError {
    #[error("a frontier of size {size} has {expected} hashes, not {found}")]
    Count { size: u64, expected: u32, found: usize },
    #[error("frontier size {0} is above 2^53 − 1")]
    Size(u64),
    #[error("frontier bytes: 8 for the size, then 32 for each hash")]
    Length,
}

impl Frontier {
    /// The edge of the empty tree.
    pub const fn new() -> Self {
        Self { size: 0, hashes: Vec::new() }
    }

    /// From a stored size and hashes, the largest subtree's first.
    pub fn from_parts(size: u64, hashes: Vec<Digest>) -> Result<Self, FrontierError> {
        if size > MAX_SIZE {
            return Err(FrontierError::Size(size));
        }
        let expected = size.count_ones();
        if hashes.len() != expected as usize {
            return Err(FrontierError::Count { size, expected, found: hashes.len() });
        }
        Ok(Self { size, hashes })
    }

    /// Appends a leaf by its [`leaf_hash`](crate::hash::leaf_hash).
    pub fn append(&mut self, leaf: Digest) {
        let mut hash = leaf;
        let mut carry = self.size;
        while carry & 1 == 1 {
            if let Some(left) = self.hashes.pop() {
                hash = node_hash(&left, &hash);
            }
            carry >>= 1;
        }
        self.hashes.push(hash);
        self.size += 1;
    }

    pub fn root(&self) -> Digest {
        let from_the_right = self.hashes.iter().rev().copied();
        from_the_right.reduce(|right, left| node_hash(&left, &right)).unwrap_or_else(empty_root)
    }

    /// Number of leaves.
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// One hash per perfect subtree, the largest first.
    pub fn hashes(&self) -> &[Digest] {
        &self.hashes
    }

    /// Size as eight bytes, big endian, then the hashes.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = self.size.to_be_bytes().to_vec();
        for hash in &self.hashes {
            bytes.extend_from_slice(hash.as_bytes());
        }
        bytes
    }

    pub fn from_bytes(bytes: &[u8]) -> Result<Self, FrontierError> {
        let (size, rest) = bytes.split_first_chunk::<8>().ok_or(FrontierError::Length)?;
        let (hashes, []) = rest.as_chunks::<32>() else { return Err(FrontierError::Length) };
        Self::from_parts(u64::from_be_bytes(*size), hashes.iter().copied().map(Digest::from_bytes).collect())
    }

    /// A digest over the whole frontier, for the batch seal.
    pub fn digest(&self) -> Digest {
        sha256_parts(&[b"countersign/frontier/v1\n", &self.to_bytes()])
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    size: u64,
    hashes: Vec<Digest>,
}

impl TryFrom<Stored> for Frontier {
    type Error = FrontierError;

    fn try_from(stored: Stored) -> Result<Self, FrontierError> {
        Self::from_parts(stored.size, stored.hashes)
    }
}
