//! The leaf hashes of the tile in the making: with a tile stored or kept elsewhere they name the entry that differs.

use countersign_ledger::{Digest, tile::WIDTH};

use crate::{Class, report::Findings};

pub(crate) struct Leaves<'o> {
    current: Vec<Digest>,
    /// Index of the tile that `current` belongs to.
    index: u64,
    kept: Option<&'o dyn Fn(u64) -> Option<Vec<u8>>>,
}

impl<'o> Leaves<'o> {
    pub(super) const fn new(kept: Option<&'o dyn Fn(u64) -> Option<Vec<u8>>>) -> Self {
        Self { current: Vec::new(), index: 0, kept }
    }

    pub(super) fn push(&mut self, leaf: Digest) {
        self.current.push(leaf);
    }

    /// Compares a full tile with the one that was kept.
    pub(super) fn complete(&self, index: u64, findings: &mut Findings) {
        self.compare_kept(index, findings);
    }

    /// Compares what there is at the end of the copy.
    pub(super) fn compare_partial(&self, findings: &mut Findings) {
        if !self.current.is_empty() {
            self.compare_kept(self.index, findings);
        }
    }

    pub(super) fn forget_complete(&mut self) {
        if self.current.len() == usize::from(WIDTH) {
            self.current.clear();
            self.index += 1;
        }
    }

    /// The entries at which a stored tile of level 0 differs; none for higher levels, which name no entry.
    pub(super) fn differing(&self, level: u8, index: u64, ours: &[u8], theirs: &[u8]) -> Vec<u64> {
        let (ours, theirs) = (ours.as_chunks::<32>().0, theirs.as_chunks::<32>().0);
        if level > 0 || ours.len() != theirs.len() {
            return Vec::new();
        }
        let first = index * u64::from(WIDTH);
        (first..).zip(ours.iter().zip(theirs)).filter(|(_, (a, b))| a != b).map(|(seq, _)| seq).collect()
    }

    fn compare_kept(&self, index: u64, findings: &mut Findings) {
        let Some(kept) = self.kept.and_then(|kept| kept(index)) else { return };
        let (kept, _) = kept.as_chunks::<32>();
        let first = index * u64::from(WIDTH);
        let differs = (first..)
            .zip(self.current.iter().zip(kept))
            .find(|(_, (ours, kept))| ours.as_bytes() != *kept)
            .map(|(seq, _)| seq);
        if let Some(seq) = differs {
            let sentence =
                format!("entry {seq} is not the one whose hash was kept; every entry before it is");
            findings.add(Class::Checkpoint, seq, sentence);
        }
        if kept.len() > self.current.len() {
            let end = first + self.current.len() as u64;
            findings.add(
                Class::Truncated,
                None,
                format!("hashes were kept of entries from {end} on, which are gone"),
            );
        }
    }
}
