//! C2SP tlog-proof: one file that shows an entry to be in a ledger. File extension `.tlog-proof`.
//!
//! ```text
//! c2sp.org/tlog-proof@v1
//! extra <base64>            optional, not authenticated
//! index <n>
//! <base64 hash>             from the leaf's sibling up to the root's child
//! <empty line>
//! <checkpoint, verbatim>
//! ```

use std::fmt;

use crate::{
    checkpoint::{Checkpoint, CheckpointError},
    hash::{Digest, leaf_hash},
    note::{MAX_NOTE, VerifyingKey},
    text,
    tree::{self, ProofError},
};

/// The longest `extra`, in bytes before base64.
pub const MAX_EXTRA: usize = 4096;

/// No path of a tree of at most 2^64 entries is longer.
const MAX_PATH: usize = 63;

const HEADER: &str = "c2sp.org/tlog-proof@v1";

/// An inclusion proof with the signed checkpoint that it leads to. Nothing in it is believed before
/// [`verify`](Self::verify).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TlogProof {
    /// Hints for the reader; no signature covers them.
    pub extra: Option<Vec<u8>>,
    /// The entry's index, counted from 0.
    pub index: u64,
    pub path: Vec<Digest>,
    /// A signed note, verbatim.
    pub checkpoint: String,
}

/// Why a proof file was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TlogProofError {
    #[error("not a proof file: line {0} is malformed")]
    Line(usize),
    #[error("proof file is larger than a proof can be")]
    TooLarge,
    #[error("proof file is not UTF-8")]
    Utf8,
    #[error(transparent)]
    Checkpoint(#[from] CheckpointError),
    #[error(transparent)]
    Proof(#[from] ProofError),
}

impl TlogProof {
    /// Reads a proof file. Its [`Display`](fmt::Display) form is `bytes` again.
    pub fn parse(bytes: &[u8]) -> Result<Self, TlogProofError> {
        if bytes.len() > MAX_NOTE + 2 * MAX_EXTRA + 64 * (MAX_PATH + 3) {
            return Err(TlogProofError::TooLarge);
        }
        let whole = str::from_utf8(bytes).map_err(|_| TlogProofError::Utf8)?;
        let (head, checkpoint) = whole.split_once("\n\n").ok_or(TlogProofError::Line(1))?;
        let mut lines = head.split('\n').enumerate().map(|(at, line)| (at + 1, line)).peekable();
        if lines.next_if(|(_, line)| *line == HEADER).is_none() {
            return Err(TlogProofError::Line(1));
        }
        let extra = match lines.next_if(|(_, line)| line.starts_with("extra ")) {
            Some((at, line)) => Some(extra(line).ok_or(TlogProofError::Line(at))?),
            None => None,
        };
        let (at, line) = lines.next().ok_or(TlogProofError::Line(2))?;
        let index = line.strip_prefix("index ").and_then(text::decimal).ok_or(TlogProofError::Line(at))?;
        let mut path = Vec::new();
        for (at, line) in lines {
            let hash = text::digest_base64(line).filter(|_| path.len() < MAX_PATH);
            path.push(hash.ok_or(TlogProofError::Line(at))?);
        }
        Ok(Self { extra, index, path, checkpoint: checkpoint.to_owned() })
    }

    /// Checks that `entry` is in the ledger whose key this is, and returns the checkpoint that says so.
    pub fn verify(&self, entry: &[u8], key: &VerifyingKey) -> Result<Checkpoint, TlogProofError> {
        let checkpoint = Checkpoint::open(self.checkpoint.as_bytes(), key)?;
        let leaf = leaf_hash(entry);
        tree::verify_inclusion(&leaf, self.index, checkpoint.size, &self.path, &checkpoint.root)?;
        Ok(checkpoint)
    }
}

fn extra(line: &str) -> Option<Vec<u8>> {
    let bytes = text::unbase64(line.strip_prefix("extra ")?)?;
    if bytes.len() <= MAX_EXTRA { Some(bytes) } else { None }
}

impl fmt::Display for TlogProof {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{HEADER}")?;
        if let Some(extra) = &self.extra {
            writeln!(f, "extra {}", text::base64(extra))?;
        }
        writeln!(f, "index {}", self.index)?;
        for hash in &self.path {
            writeln!(f, "{}", text::base64(hash.as_bytes()))?;
        }
        write!(f, "\n{}", self.checkpoint)
    }
}
