//! Checkpoints that somebody kept: what no change of the copy can undo.

use std::collections::BTreeMap;

use countersign_ledger::{Checkpoint, Frontier, Origin};

use crate::{
    Class, KeptCheckpoint,
    form::EpochOpened,
    report::{Counts, Findings},
};

#[derive(Default)]
pub(crate) struct Checkpoints {
    /// Those not yet compared, the smallest of the earliest epoch first.
    waiting: Vec<Checkpoint>,
    /// Those whose entries are not here, each with the size at which an older one agreed.
    disagreed: Vec<(Checkpoint, u64)>,
    /// The key each epoch's checkpoints were kept with.
    keys: BTreeMap<u32, String>,
    /// The epoch that is being read.
    epoch: u32,
    /// The largest size at which a kept checkpoint agreed.
    agreed: u64,
    /// What kept checkpoints show of entries that an accepted restore lost.
    lost: Vec<String>,
    given: usize,
}

impl Checkpoints {
    pub(super) fn open(kept: &[KeptCheckpoint], findings: &mut Findings) -> Self {
        let mut waiting = Vec::new();
        let mut keys = BTreeMap::new();
        for KeptCheckpoint { note, key } in kept {
            match Checkpoint::open(note, key) {
                Ok(checkpoint) => {
                    let known = keys.insert(checkpoint.origin.epoch(), key.to_string());
                    if known.is_some_and(|known| known != key.to_string()) {
                        let sentence =
                            format!("{} has two keys: one of them is not its own", checkpoint.origin);
                        findings.add(Class::Checkpoint, None, sentence);
                    }
                    waiting.push(checkpoint);
                }
                Err(error) => findings.add(
                    Class::Checkpoint,
                    None,
                    format!("a kept checkpoint cannot be used: {error}"),
                ),
            }
        }
        waiting.retain(|checkpoint| checkpoint.size > 0);
        waiting.sort_by_key(|checkpoint| (checkpoint.origin.epoch(), checkpoint.size));
        Self { waiting, keys, epoch: 1, given: kept.len(), ..Self::default() }
    }

    /// A new epoch begins behind `size` entries. Kept checkpoints of earlier ones with more entries speak of what is
    /// lost: no more may be lost than was accepted.
    pub(super) fn epoch_opened(&mut self, size: u64, opened: &EpochOpened, findings: &mut Findings) {
        if opened.epoch <= self.epoch {
            return;
        }
        let cites = &opened.cites;
        let is_cited = |kept: &Checkpoint| {
            kept.origin == cites.origin && kept.size == cites.size && kept.root == cites.root
        };
        let (before, waiting) = std::mem::take(&mut self.waiting)
            .into_iter()
            .partition(|checkpoint: &Checkpoint| checkpoint.origin.epoch() < opened.epoch);
        self.waiting = waiting;
        let older: Vec<Checkpoint> = before;
        for kept in older {
            let name = name(&kept.origin, kept.size);
            if is_cited(&kept) {
                self.lost.push(format!(
                    "the kept checkpoint {name} is the head that epoch {} cites",
                    opened.epoch
                ));
            } else if kept.origin == cites.origin && kept.size < cites.size {
                let sentence = format!(
                    "the kept checkpoint {name} is of entries that were lost before epoch {}; its first {size} could not be \
                     compared",
                    opened.epoch
                );
                self.lost.push(sentence);
            } else {
                let sentence = format!(
                    "the kept checkpoint {name} has more than the {} entries of {} that epoch {} was opened in the knowledge \
                     of: more was lost than was accepted",
                    cites.size, cites.origin, opened.epoch
                );
                findings.add(Class::Truncated, None, sentence);
            }
        }
        self.disagreed.retain(|(kept, _)| {
            let cited = is_cited(kept);
            if cited {
                let name = name(&kept.origin, kept.size);
                self.lost.push(format!(
                    "the entries of the kept checkpoint {name} were replaced by others, as epoch {} says",
                    opened.epoch
                ));
            }
            !cited
        });
        if self.keys.get(&opened.epoch).is_some_and(|key| *key != opened.key) {
            let sentence = format!(
                "the checkpoints of epoch {} were kept with another key than the one that the ledger names for it",
                opened.epoch
            );
            findings.add(Class::Checkpoint, size, sentence);
        }
        self.epoch = opened.epoch;
    }

    pub(super) fn named(&self, ledger: &str, findings: &mut Findings) {
        for checkpoint in self.waiting.iter().filter(|checkpoint| checkpoint.origin.ledger() != ledger) {
            let sentence =
                format!("the kept checkpoint is of {}, and this copy says it is {ledger}", checkpoint.origin);
            findings.add(Class::Checkpoint, None, sentence);
        }
    }

    pub(super) fn at(&mut self, frontier: &Frontier, counts: &mut Counts) {
        let size = frontier.size();
        let due =
            |checkpoint: &&Checkpoint| checkpoint.origin.epoch() == self.epoch && checkpoint.size <= size;
        while self.waiting.first().filter(due).is_some() {
            let checkpoint = self.waiting.remove(0);
            if checkpoint.size == size && checkpoint.root == frontier.root() {
                self.agreed = size;
                counts.checkpoints += 1;
            } else {
                self.disagreed.push((checkpoint, self.agreed));
            }
        }
    }

    pub(super) fn finish(&self, size: u64, findings: &mut Findings) {
        for (checkpoint, agreed) in &self.disagreed {
            let sentence = format!(
                "the first {} entries are not those of the kept checkpoint {}: {}",
                checkpoint.size,
                name(&checkpoint.origin, checkpoint.size),
                place(*agreed, checkpoint.size)
            );
            findings.add(Class::Checkpoint, None, sentence);
        }
        for checkpoint in &self.waiting {
            let name = name(&checkpoint.origin, checkpoint.size);
            let sentence = if checkpoint.origin.epoch() > self.epoch {
                format!(
                    "the kept checkpoint {name} is of an epoch that this copy does not have: the end is gone"
                )
            } else {
                format!(
                    "the kept checkpoint {name} has {} entries, and the copy {size}: the end is gone",
                    checkpoint.size
                )
            };
            findings.add(Class::Truncated, None, sentence);
        }
    }

    pub(super) fn tell(
        &self,
        size: u64,
        counts: &Counts,
        checked: &mut Vec<String>,
        unproven: &mut Vec<String>,
    ) {
        if counts.checkpoints > 0 {
            checked.push(format!(
                "the first {} entries are those of {} kept checkpoints",
                self.agreed, counts.checkpoints
            ));
        }
        checked.extend(self.lost.iter().cloned());
        if self.given == 0 {
            unproven.push(
                "nothing outside this copy was compared: whoever could write all of it, keys included, could have written another one; keep a checkpoint elsewhere".to_owned(),
            );
        } else if self.agreed < size {
            unproven.push(format!(
                "entries from {} on are newer than every kept checkpoint: only seals speak for them",
                self.agreed
            ));
        }
    }
}

fn name(origin: &Origin, size: u64) -> String {
    format!("{origin} at {size}")
}

fn place(agreed: u64, size: u64) -> String {
    if agreed == 0 {
        format!("one of the entries 0 to {} was changed, added or taken away", size - 1)
    } else {
        format!(
            "the first {agreed} agree with an older one, so one of the entries {agreed} to {} was changed, added or taken away",
            size - 1
        )
    }
}
