use super::hashes::{Hashes, range_root};
use crate::{MAX_SIZE, hash::Digest};

/// Why a proof can't be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ProveError<E: std::error::Error + 'static> {
    #[error("a tree of {size} entries has no entry {index}")]
    NoEntry { index: u64, size: u64 },
    #[error("a tree of {new} entries was never one of {old}")]
    NotGrown { old: u64, new: u64 },
    #[error("cannot read the tree's hashes")]
    Hashes(#[source] E),
}

/// The audit path of RFC 6962 section 2.1.1, from the leaf's sibling up to the root's child.
pub fn inclusion_proof<H: Hashes>(
    hashes: &H,
    index: u64,
    size: u64,
) -> Result<Vec<Digest>, ProveError<H::Error>> {
    if index >= size || size > MAX_SIZE {
        return Err(ProveError::NoEntry { index, size });
    }
    let mut proof = Vec::new();
    let (mut from, mut to) = (0, size);
    while to - from > 1 {
        let middle = from + left_width(to - from);
        let beside = if index < middle { (middle, to) } else { (from, middle) };
        (from, to) = if index < middle { (from, middle) } else { (middle, to) };
        proof.push(range_root(hashes, beside.0, beside.1).map_err(ProveError::Hashes)?);
    }
    proof.reverse();
    Ok(proof)
}

/// The proof of RFC 6962 section 2.1.2 that the tree of `new` entries begins with that of `old`. Empty when the
/// sizes are equal or `old` is 0.
pub fn consistency_proof<H: Hashes>(
    hashes: &H,
    old: u64,
    new: u64,
) -> Result<Vec<Digest>, ProveError<H::Error>> {
    if old > new || new > MAX_SIZE {
        return Err(ProveError::NotGrown { old, new });
    }
    let mut proof = Vec::new();
    let (mut from, mut to) = (0, new);
    while old > 0 && old < to {
        let middle = from + left_width(to - from);
        let beside = if old <= middle { (middle, to) } else { (from, middle) };
        (from, to) = if old <= middle { (from, middle) } else { (middle, to) };
        proof.push(range_root(hashes, beside.0, beside.1).map_err(ProveError::Hashes)?);
    }
    // Where the path never turned right, the old root itself is the node that is left, and it is known.
    if from > 0 {
        proof.push(range_root(hashes, from, to).map_err(ProveError::Hashes)?);
    }
    proof.reverse();
    Ok(proof)
}

/// The largest power of two below `width` (at least 2).
fn left_width(width: u64) -> u64 {
    1 << (width - 1).ilog2()
}
