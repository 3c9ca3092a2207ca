//! The ledger's proofs and formats: hashes, tree, tiles, signed notes, checkpoints, canonical JSON, sealed
//! fields, batch seals and the expander behind all randomness that pure code sees.
//!
//! Nothing here does I/O, reads a clock or draws randomness, and nothing knows what an event means. The
//! formats are public: RFC 6962 (hashes and proofs), RFC 8785 (canonical JSON) and C2SP's signed-note,
//! tlog-checkpoint, tlog-tiles and tlog-proof, so that stock tools verify what Countersign writes.

pub mod checkpoint;
pub mod entropy;
pub mod hash;
pub mod json;
mod mac;
pub mod note;
pub mod proof;
pub mod seal;
pub mod sealed;
mod text;
pub mod tile;
pub mod tree;

pub use checkpoint::{Checkpoint, Origin};
pub use entropy::Entropy;
pub use hash::Digest;
pub use sealed::{Opening, Sealed};
pub use tree::Frontier;

/// The largest entry (leaf) of a ledger, in bytes: 60 KiB. C2SP entry bundles end at 65,535.
pub const MAX_ENTRY: usize = 60 * 1024;

/// The largest number of entries: sequence numbers are JSON integers, so 2^53 − 1.
pub const MAX_SIZE: u64 = json::MAX_INTEGER;
