//! Batch seals, for whoever has their key.

use countersign_ledger::{Digest, Origin};

use super::batches::head;
use crate::{
    Class, Seals, StoredBatch,
    report::{Counts, Findings},
};

pub(crate) struct SealCheck<'o> {
    given: Option<&'o Seals>,
    /// The epochs, in order.
    origins: Vec<Origin>,
    /// The epoch of the last seal that held. Epochs only go on.
    epoch: usize,
    /// Batches whose seal did not hold since the last one that did.
    broken: Vec<u64>,
    broken_more: u64,
    held: u64,
}

/// Broken seals remembered one by one.
const MOST: usize = 100;

impl<'o> SealCheck<'o> {
    pub(super) fn new(given: Option<&'o Seals>) -> Self {
        let origins = given.map(|seals| seals.origins.clone()).unwrap_or_default();
        Self { given, origins, epoch: 0, broken: Vec::new(), broken_more: 0, held: 0 }
    }

    pub(super) fn named(&mut self, ledger: &str) {
        if self.origins.is_empty() {
            self.origins.extend(Origin::new(ledger, 1));
        }
    }

    /// Batches from here on may be of a new epoch.
    pub(super) fn epoch_opened(&mut self, ledger: &str, epoch: u32) {
        if let Ok(origin) = Origin::new(ledger, epoch)
            && !self.origins.contains(&origin)
        {
            self.origins.push(origin);
        }
    }

    /// `contents` are root and frontier digest as the row has them; `None` if it has no readable frontier.
    pub(super) fn check(
        &mut self,
        batch: &StoredBatch,
        contents: Option<(Digest, Digest)>,
        findings: &mut Findings,
        counts: &mut Counts,
    ) {
        let Some(seals) = self.given else { return };
        let epochs = self.origins.iter().enumerate().skip(self.epoch);
        let good = batch.seal.as_ref().zip(contents).and_then(|(seal, (root, frontier))| {
            let mut epochs = epochs;
            epochs.find(|(_, origin)| seals.key.verify(&head(origin, batch, root, frontier), seal).is_ok())
        });
        match good {
            Some((epoch, _)) => {
                self.epoch = epoch;
                self.held += 1;
                counts.seals += 1;
                self.report_broken(findings);
            }
            None if self.broken.len() < MOST => self.broken.push(batch.first_seq),
            None => self.broken_more += 1,
        }
    }

    /// Broken seals with good ones behind them: those rows were changed.
    fn report_broken(&mut self, findings: &mut Findings) {
        for first_seq in std::mem::take(&mut self.broken) {
            let sentence = format!(
                "the seal of the batch that begins with entry {first_seq} does not hold: its row was changed"
            );
            findings.add(Class::Seal, first_seq, sentence);
        }
        if self.broken_more > 0 {
            findings.add(Class::Seal, None, format!("so do {} more", self.broken_more));
            self.broken_more = 0;
        }
    }

    /// Broken seals at the end are another matter: somebody appended who did not have the key.
    pub(super) fn finish(&mut self, findings: &mut Findings) {
        let Some(first) = self.broken.first().copied() else { return };
        if self.held == 0 {
            findings.add(
                Class::Seal,
                first,
                "no seal holds: this is another key than the ledger's, or another ledger",
            );
        } else {
            let sentence = format!(
                "no batch from entry {first} on has a seal by the ledger's key: what follows was changed or appended by somebody without it"
            );
            findings.add(Class::Appended, first, sentence);
        }
    }

    pub(super) fn tell(
        &self,
        batches: bool,
        counts: &Counts,
        checked: &mut Vec<String>,
        unproven: &mut Vec<String>,
    ) {
        match self.given {
            _ if !batches => {}
            Some(_) => checked.push(format!("{} seals hold", counts.seals)),
            None => unproven.push(
                "seals were not checked: no key was given; that nobody but the server appended is not shown"
                    .to_owned(),
            ),
        }
    }
}
