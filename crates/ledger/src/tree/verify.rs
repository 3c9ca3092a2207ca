use crate::hash::{Digest, empty_root, node_hash};

/// Why a proof proves nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ProofError {
    #[error("the index is not below the tree's size")]
    Index,
    #[error("the new tree is smaller than the old one")]
    Shrunk,
    #[error("the proof has the wrong number of hashes")]
    Length,
    #[error("the proof leads to another root")]
    Root,
    #[error("the proof leads to another old root")]
    OldRoot,
}

/// Checks that the tree of `size` entries with this `root` has `leaf` (a leaf hash) at `index`.
pub fn verify_inclusion(
    leaf: &Digest,
    index: u64,
    size: u64,
    proof: &[Digest],
    root: &Digest,
) -> Result<(), ProofError> {
    let Some(last) = size.checked_sub(1).filter(|last| index <= *last) else { return Err(ProofError::Index) };
    let (inner, edge) = split(proof, index, last, 0)?;
    let computed = climb_edge(climb(*leaf, inner, index), edge);
    if computed == *root { Ok(()) } else { Err(ProofError::Root) }
}

/// Checks that the tree of `new_size` entries begins with the tree of `old_size`. Between equal sizes, and from the
/// empty tree, the proof is empty and the roots speak for themselves.
pub fn verify_consistency(
    old_size: u64,
    old_root: &Digest,
    new_size: u64,
    new_root: &Digest,
    proof: &[Digest],
) -> Result<(), ProofError> {
    if old_size > new_size {
        return Err(ProofError::Shrunk);
    }
    if old_size == 0 || old_size == new_size {
        if !proof.is_empty() {
            return Err(ProofError::Length);
        }
        if old_size == 0 && *old_root != empty_root() {
            return Err(ProofError::OldRoot);
        }
        let same =
            if new_size == 0 { *new_root == empty_root() } else { old_size == 0 || old_root == new_root };
        return if same { Ok(()) } else { Err(ProofError::Root) };
    }
    // The proof starts at the last perfect subtree of the old tree; if that is the whole old tree, its hash is
    // the old root and is not repeated.
    let shift = old_size.trailing_zeros();
    let (start, rest) = if old_size.is_power_of_two() {
        (*old_root, proof)
    } else {
        let (first, rest) = proof.split_first().ok_or(ProofError::Length)?;
        (*first, rest)
    };
    let (inner, edge) = split(rest, old_size - 1, new_size - 1, shift)?;
    let path = (old_size - 1) >> shift;
    if climb_edge(climb_left(start, inner, path), edge) != *old_root {
        return Err(ProofError::OldRoot);
    }
    if climb_edge(climb(start, inner, path), edge) != *new_root {
        return Err(ProofError::Root);
    }
    Ok(())
}

/// Cuts a proof where the path from `index` joins the tree's right edge (the path of leaf `last`): below, siblings
/// stand on either side; above, only on the left. The lowest `skip` levels are not in the proof.
fn split(proof: &[Digest], index: u64, last: u64, skip: u32) -> Result<(&[Digest], &[Digest]), ProofError> {
    let joins = u64::BITS - (index ^ last).leading_zeros();
    let edge = index.checked_shr(joins).unwrap_or(0).count_ones();
    let inner = joins.checked_sub(skip).ok_or(ProofError::Length)?;
    if proof.len() != (inner + edge) as usize {
        return Err(ProofError::Length);
    }
    proof.split_at_checked(inner as usize).ok_or(ProofError::Length)
}

/// Hashes upward with siblings on the side that the path's bits say.
fn climb(start: Digest, siblings: &[Digest], path: u64) -> Digest {
    let mut path = path;
    siblings.iter().fold(start, |hash, sibling| {
        let right = path & 1 == 1;
        path >>= 1;
        if right { node_hash(sibling, &hash) } else { node_hash(&hash, sibling) }
    })
}

/// As [`climb`], but as the old tree saw it: siblings on the right did not exist yet.
fn climb_left(start: Digest, siblings: &[Digest], path: u64) -> Digest {
    let mut path = path;
    siblings.iter().fold(start, |hash, sibling| {
        let right = path & 1 == 1;
        path >>= 1;
        if right { node_hash(sibling, &hash) } else { hash }
    })
}

fn climb_edge(start: Digest, siblings: &[Digest]) -> Digest {
    siblings.iter().fold(start, |hash, sibling| node_hash(sibling, &hash))
}
