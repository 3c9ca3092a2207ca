//! The Merkle tree of RFC 6962 section 2.1: its right edge, proofs and their verification.
//!
//! A *perfect subtree* `(level, index)` covers the leaves `index · 2^level .. (index + 1) · 2^level`. Everything
//! else is computed from those.

mod frontier;
mod hashes;
mod prove;
mod verify;

pub use frontier::{Frontier, FrontierError};
pub use hashes::{Hashes, LeafHashes, MissingSubtree, perfect_root, root};
pub use prove::{ProveError, consistency_proof, inclusion_proof};
pub use verify::{ProofError, verify_consistency, verify_inclusion};
