//! Values beside the ledger: each must open what the ledger committed to.

use std::collections::BTreeMap;

use countersign_ledger::{Digest, hash::sha256_parts, json};
use serde_json::Value;

use crate::{
    Class, Source, StoredValue,
    report::{Counts, Findings},
};

/// A commitment in an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Commitment {
    pub(crate) seq: u64,
    pub(crate) digest: Digest,
    /// Whether it is a statement, whose bytes hold their own salt.
    pub(crate) statement: bool,
}

/// The values of one page of entries that opened.
#[derive(Debug, Default)]
pub(crate) struct Values(BTreeMap<Digest, Value>);

impl Values {
    /// Fetches and checks what a page of entries committed to.
    pub(crate) fn fetch<S: Source>(
        commitments: &[Commitment],
        source: &mut S,
        findings: &mut Findings,
        counts: &mut Counts,
    ) -> Result<Self, S::Error> {
        let wanted: BTreeMap<Digest, Commitment> = commitments.iter().map(|one| (one.digest, *one)).collect();
        if wanted.is_empty() {
            return Ok(Self::default());
        }
        let asked: Vec<Digest> = wanted.keys().copied().collect();
        let mut opened = BTreeMap::new();
        let mut wrong = 0_u64;
        for value in source.sealed(&asked)? {
            let Some(commitment) = wanted.get(&value.commitment) else { continue };
            match open(commitment, &value) {
                Ok(plain) => {
                    opened.insert(commitment.digest, plain);
                }
                Err(why) => {
                    wrong += 1;
                    findings.add(Class::SealedValue, commitment.seq, why);
                }
            }
        }
        counts.values += opened.len() as u64;
        counts.values_absent +=
            (wanted.len() as u64).saturating_sub(opened.len() as u64).saturating_sub(wrong);
        Ok(Self(opened))
    }

    pub(crate) fn get(&self, digest: &Digest) -> Option<&Value> {
        self.0.get(digest)
    }
}

fn open(commitment: &Commitment, value: &StoredValue) -> Result<Value, &'static str> {
    // With a salt of another length the same bytes could be cut into another value.
    let salt = if commitment.statement { 0 } else { 16 };
    if value.salt.len() != salt {
        return Err("a value beside the ledger has a salt of the wrong length");
    }
    if sha256_parts(&[&value.salt, &value.value]) != commitment.digest {
        return Err("a value beside the ledger is not the one that was committed to: it was changed");
    }
    json::require_canonical(&value.value)
        .map_err(|_| "a value beside the ledger opens, but is not canonical JSON")
}
