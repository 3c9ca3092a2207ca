use crate::hash::{Digest, empty_root, node_hash};

/// Where proofs get the hashes of perfect subtrees from: leaf hashes in memory, tiles in a store.
pub trait Hashes {
    type Error: std::error::Error + 'static;

    /// The hash over the leaves `index · 2^level .. (index + 1) · 2^level`, all of which exist.
    fn subtree(&self, level: u8, index: u64) -> Result<Digest, Self::Error>;
}

/// All leaf hashes of a small tree.
#[derive(Debug, Clone, Copy)]
pub struct LeafHashes<'a>(pub &'a [Digest]);

/// A subtree that reaches beyond the tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the tree has no full subtree at level {level}, index {index}")]
pub struct MissingSubtree {
    pub level: u8,
    pub index: u64,
}

impl Hashes for LeafHashes<'_> {
    type Error = MissingSubtree;

    fn subtree(&self, level: u8, index: u64) -> Result<Digest, MissingSubtree> {
        let width = 1_u64.checked_shl(level.into());
        let start = width.and_then(|width| width.checked_mul(index));
        let end = start.zip(width).and_then(|(start, width)| start.checked_add(width));
        let range =
            start.zip(end).and_then(|(s, e)| Some(usize::try_from(s).ok()?..usize::try_from(e).ok()?));
        range
            .and_then(|range| self.0.get(range))
            .and_then(perfect_root)
            .ok_or(MissingSubtree { level, index })
    }
}

/// The root over `2^k` sibling hashes; `None` for any other number of them.
pub fn perfect_root(hashes: &[Digest]) -> Option<Digest> {
    if !hashes.len().is_power_of_two() {
        return None;
    }
    let mut row = hashes.to_vec();
    while row.len() > 1 {
        let (pairs, _) = row.as_chunks::<2>();
        row = pairs.iter().map(|[left, right]| node_hash(left, right)).collect();
    }
    row.first().copied()
}

/// The root of the tree of `size` leaves.
pub fn root<H: Hashes>(hashes: &H, size: u64) -> Result<Digest, H::Error> {
    if size == 0 { Ok(empty_root()) } else { range_root(hashes, 0, size) }
}

/// The root over leaves `from .. to`, one of the ranges RFC 6962 cuts a tree into: not empty, `from` a multiple
/// of the smallest power of two that is not less than `to − from`.
pub(super) fn range_root<H: Hashes>(hashes: &H, from: u64, to: u64) -> Result<Digest, H::Error> {
    let mut parts = Vec::new();
    let mut at = from;
    while let Some(level) = to.saturating_sub(at).checked_ilog2() {
        parts.push(hashes.subtree(level as u8, at >> level)?);
        at += 1 << level;
    }
    let from_the_right = parts.into_iter().rev();
    Ok(from_the_right.reduce(|right, left| node_hash(&left, &right)).unwrap_or_else(empty_root))
}
