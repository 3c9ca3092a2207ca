//! Batch rows: what the writer said about the ledger after each transaction.

use std::collections::VecDeque;

use countersign_ledger::{Frontier, seal::BatchHead};

use super::seals::SealCheck;
use crate::{
    Class, Source, StoredBatch,
    report::{Counts, Findings},
};

/// Batch rows read at once.
const PAGE: usize = 256;

#[derive(Default)]
pub(crate) struct Batches {
    waiting: VecDeque<StoredBatch>,
    /// Where to go on reading.
    next: u64,
    exhausted: bool,
    /// The size after the last row compared.
    size: u64,
    /// Whether the last row compared had another root: said once for a run of rows.
    diverged: bool,
}

impl Batches {
    /// Compares the row that ends at this size, if there is one.
    pub(super) fn at<S: Source>(
        &mut self,
        frontier: &Frontier,
        source: &mut S,
        seals: &mut SealCheck<'_>,
        findings: &mut Findings,
        counts: &mut Counts,
    ) -> Result<(), S::Error> {
        while let Some(batch) = self.peek(source)? {
            if batch.size > frontier.size() {
                break;
            }
            let Some(batch) = self.waiting.pop_front() else { break };
            self.compare(&batch, frontier, seals, findings, counts);
        }
        Ok(())
    }

    pub(super) fn finish<S: Source>(
        &mut self,
        frontier: &Frontier,
        source: &mut S,
        findings: &mut Findings,
    ) -> Result<(), S::Error> {
        let size = frontier.size();
        if self.size < size {
            let sentence = format!(
                "entries from {} to {} belong to no batch: they were appended by something else than the server",
                self.size,
                size - 1
            );
            findings.add(Class::Appended, self.size, sentence);
        }
        let mut farthest = size;
        while self.peek(source)?.is_some() {
            let Some(batch) = self.waiting.pop_front() else { break };
            farthest = farthest.max(batch.size);
        }
        if farthest > size {
            findings.add(
                Class::Truncated,
                None,
                format!("batches speak of {farthest} entries, and the copy has {size}: the end is gone"),
            );
        }
        Ok(())
    }

    fn compare(
        &mut self,
        batch: &StoredBatch,
        frontier: &Frontier,
        seals: &mut SealCheck<'_>,
        findings: &mut Findings,
        counts: &mut Counts,
    ) {
        counts.batches += 1;
        let StoredBatch { first_seq, size, .. } = *batch;
        if first_seq != self.size || size <= first_seq || size != frontier.size() {
            let sentence = format!(
                "the batch of entries {first_seq} to {size} (exclusive) does not follow the one before it, which ends at {}",
                self.size
            );
            findings.add(Class::Batch, first_seq, sentence);
        }
        self.size = frontier.size();
        if size != frontier.size() {
            return;
        }
        let root_holds = batch.root == frontier.root();
        if !root_holds && !self.diverged {
            let sentence = format!(
                "the root after entry {} is {} by the batch, and {} by the entries: an entry or the batch was changed",
                size - 1,
                batch.root,
                frontier.root()
            );
            findings.add(Class::Root, first_seq, sentence);
        }
        self.diverged = !root_holds;
        if root_holds && batch.frontier != frontier.to_bytes() {
            findings.add(
                Class::Frontier,
                first_seq,
                format!("the frontier stored after entry {} is not the one that the entries give", size - 1),
            );
        }
        let head = Frontier::from_bytes(&batch.frontier).ok().map(|stored| stored.digest());
        seals.check(batch, head.as_ref().map(|frontier| (batch.root, *frontier)), findings, counts);
    }

    fn peek<S: Source>(&mut self, source: &mut S) -> Result<Option<&StoredBatch>, S::Error> {
        if self.waiting.is_empty() && !self.exhausted {
            let page = source.batches(self.next, PAGE)?;
            self.exhausted = page.is_empty();
            // A source that answers with what was asked for before would be read for ever.
            let last = page.iter().map(|batch| batch.first_seq).max().unwrap_or(self.next);
            self.next = last.max(self.next).saturating_add(1);
            self.waiting.extend(page);
        }
        Ok(self.waiting.front())
    }
}

/// The head that a seal covers, from a stored row.
pub(super) const fn head<'a>(
    origin: &'a countersign_ledger::Origin,
    batch: &StoredBatch,
    root: countersign_ledger::Digest,
    frontier: countersign_ledger::Digest,
) -> BatchHead<'a> {
    BatchHead { origin, first_seq: batch.first_seq, size: batch.size, root, frontier }
}
