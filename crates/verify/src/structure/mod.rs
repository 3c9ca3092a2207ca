//! Whether the copy is the ledger it claims to be: tree, batches, tiles, seals, kept checkpoints, sealed values.
//! Nothing here knows what an event means.

mod batches;
mod checkpoints;
mod leaves;
mod seals;
mod values;

use countersign_ledger::{Frontier, hash::leaf_hash, tile::TileBuilder};

pub(crate) use self::values::{Commitment, Tally, Values};
use self::{batches::Batches, checkpoints::Checkpoints, leaves::Leaves, seals::SealCheck};
use crate::{
    Class, Holds, Options, Source,
    form::EpochOpened,
    report::{Counts, Findings},
};

/// The tree over the entries read so far, and everything that is compared with it.
pub(crate) struct Structure<'o> {
    frontier: Frontier,
    tiles: TileBuilder,
    leaves: Leaves<'o>,
    batches: Batches,
    seals: SealCheck<'o>,
    checkpoints: Checkpoints,
    holds: Holds,
}

impl<'o> Structure<'o> {
    pub(crate) fn new(holds: Holds, options: &'o Options<'o>, findings: &mut Findings) -> Self {
        Self {
            frontier: Frontier::new(),
            tiles: TileBuilder::new(),
            leaves: Leaves::new(options.kept_tiles),
            batches: Batches::default(),
            seals: SealCheck::new(options.seals.as_ref()),
            checkpoints: Checkpoints::open(&options.checkpoints, findings),
            holds,
        }
    }

    /// The number of entries so far, which is the position of the next one.
    pub(crate) const fn size(&self) -> u64 {
        self.frontier.size()
    }

    pub(crate) const fn frontier(&self) -> &Frontier {
        &self.frontier
    }

    /// The ledger's id, once its first entry has been read.
    pub(crate) fn named(&mut self, ledger: &str, findings: &mut Findings) {
        self.seals.named(ledger);
        self.checkpoints.named(ledger, findings);
    }

    /// The next entry opens an epoch. Says what was lost, as far as the head that it cites shows.
    pub(crate) fn epoch_opened(
        &mut self,
        ledger: &str,
        opened: &EpochOpened,
        findings: &mut Findings,
    ) -> String {
        let size = self.size();
        self.seals.epoch_opened(ledger, opened.epoch);
        let cites = &opened.cites;
        // What cites no earlier epoch of this ledger is a finding of its own, and excuses nothing.
        if cites.origin.ledger() == ledger && cites.origin.epoch() < opened.epoch {
            self.checkpoints.epoch_opened(size, opened, findings);
        }
        if cites.size > size {
            return format!("entries {size} to {} of {} are gone", cites.size - 1, cites.origin);
        }
        if cites.size == size && cites.root == self.frontier.root() {
            return format!("nothing: it cites the head of the {size} entries before it");
        }
        format!(
            "the {} entries of {} that were served: others stand in their place",
            cites.size, cites.origin
        )
    }

    /// Takes the next entry.
    pub(crate) fn append<S: Source>(
        &mut self,
        entry: &[u8],
        source: &mut S,
        findings: &mut Findings,
        counts: &mut Counts,
    ) -> Result<(), S::Error> {
        let leaf = leaf_hash(entry);
        self.frontier.append(leaf);
        self.leaves.push(leaf);
        for (tile, bytes) in self.tiles.append(leaf) {
            if tile.level() == 0 {
                self.leaves.complete(tile.index(), findings);
            }
            if !self.holds.tiles {
                continue;
            }
            counts.tiles += 1;
            let stored = source.tile(tile.level(), tile.index())?;
            let place = format!("tile {} of level {}", tile.index(), tile.level());
            match stored {
                None => findings.add(Class::Tile, None, format!("{place} is missing")),
                Some(stored) if stored == bytes => {}
                Some(stored) => {
                    let which = self.leaves.differing(tile.level(), tile.index(), &bytes, &stored);
                    findings.add(Class::Tile, which.first().copied(), differing(&place, &which));
                }
            }
        }
        self.leaves.forget_complete();
        if self.holds.batches {
            self.batches.at(&self.frontier, source, &mut self.seals, findings, counts)?;
        }
        self.checkpoints.at(&self.frontier, counts);
        Ok(())
    }

    /// Says what is left over when there are no more entries.
    pub(crate) fn finish<S: Source>(
        &mut self,
        source: &mut S,
        findings: &mut Findings,
    ) -> Result<(), S::Error> {
        self.leaves.compare_partial(findings);
        if self.holds.batches {
            self.batches.finish(&self.frontier, source, findings)?;
        }
        self.seals.finish(findings);
        self.checkpoints.finish(self.size(), findings);
        Ok(())
    }

    /// What was checked and what was not, in sentences.
    pub(crate) fn tell(&self, counts: &Counts, checked: &mut Vec<String>, unproven: &mut Vec<String>) {
        let size = self.size();
        checked.push(format!("{size} entries were hashed, and the tree over them computed"));
        if self.holds.batches {
            checked.push(format!(
                "{} batches agree with the entries in size, root and frontier, or are named above",
                counts.batches
            ));
        } else {
            unproven.push("batches were not checked: this copy has none".to_owned());
        }
        if self.holds.tiles {
            checked.push(format!("{} full tiles were compared with the entries", counts.tiles));
        } else {
            unproven.push("tiles were not checked: this copy has none".to_owned());
        }
        self.seals.tell(self.holds.batches, counts, checked, unproven);
        self.checkpoints.tell(size, counts, checked, unproven);
    }
}

fn differing(place: &str, which: &[u64]) -> String {
    match which {
        [] => format!("{place} is not the one that the entries give"),
        [one] => format!("{place} is not the one that the entries give: it differs at entry {one}"),
        [first, .., last] => format!(
            "{place} is not the one that the entries give: it differs at {} entries, from {first} to {last}",
            which.len()
        ),
    }
}
