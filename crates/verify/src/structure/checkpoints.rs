//! Checkpoints that somebody kept: what no change of the copy can undo.

use countersign_ledger::{Checkpoint, Frontier, Origin};

use crate::{
    Class, KeptCheckpoint,
    report::{Counts, Findings},
};

#[derive(Default)]
pub(crate) struct Checkpoints {
    /// Those not yet compared, the smallest first.
    waiting: Vec<Checkpoint>,
    /// The largest size at which a kept checkpoint agreed.
    agreed: u64,
    given: usize,
}

impl Checkpoints {
    pub(super) fn open(kept: &[KeptCheckpoint], findings: &mut Findings) -> Self {
        let mut waiting = Vec::new();
        for KeptCheckpoint { note, key } in kept {
            match Checkpoint::open(note, key) {
                Ok(checkpoint) => waiting.push(checkpoint),
                Err(error) => findings.add(
                    Class::Checkpoint,
                    None,
                    format!("a kept checkpoint cannot be used: {error}"),
                ),
            }
        }
        waiting.sort_by_key(|checkpoint| checkpoint.size);
        let empty = waiting.iter().take_while(|checkpoint| checkpoint.size == 0).count();
        waiting.drain(..empty);
        Self { waiting, agreed: 0, given: kept.len() }
    }

    pub(super) fn named(&self, ledger: &str, findings: &mut Findings) {
        for checkpoint in self.waiting.iter().filter(|checkpoint| checkpoint.origin.ledger() != ledger) {
            let sentence =
                format!("the kept checkpoint is of {}, and this copy says it is {ledger}", checkpoint.origin);
            findings.add(Class::Checkpoint, None, sentence);
        }
    }

    pub(super) fn at(&mut self, frontier: &Frontier, findings: &mut Findings, counts: &mut Counts) {
        let size = frontier.size();
        while self.waiting.first().is_some_and(|checkpoint| checkpoint.size <= size) {
            let checkpoint = self.waiting.remove(0);
            if checkpoint.root == frontier.root() {
                self.agreed = size;
                counts.checkpoints += 1;
            } else {
                let between = place(self.agreed, size);
                let sentence = format!(
                    "the first {size} entries are not those of the kept checkpoint {}: {between}",
                    name(&checkpoint.origin, size)
                );
                findings.add(Class::Checkpoint, None, sentence);
            }
        }
    }

    pub(super) fn finish(&self, size: u64, findings: &mut Findings) {
        for checkpoint in &self.waiting {
            let sentence = format!(
                "the kept checkpoint {} has {} entries, and the copy {size}: the end is gone",
                name(&checkpoint.origin, checkpoint.size),
                checkpoint.size
            );
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
