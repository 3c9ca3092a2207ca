//! Values beside the ledger: each must open what the ledger committed to.

use std::collections::{BTreeMap, BTreeSet};

use countersign_ledger::{Digest, hash::sha256_parts, json};
use serde_json::Value;

use crate::{
    Class, Source, StoredValue,
    form::{Beside, Subject},
    report::{Counts, Findings},
};

/// A commitment in an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Commitment {
    pub(crate) seq: u64,
    pub(crate) digest: Digest,
    /// What it commits to.
    pub(crate) beside: Beside,
    /// Whose value it is, if it can be erased.
    pub(crate) subject: Option<Subject>,
}

/// How many values are there and are not, by whose they are: an erasure speaks of those before it.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    there: BTreeMap<Subject, u64>,
    absent: BTreeMap<Subject, u64>,
    others_absent: u64,
}

impl Tally {
    fn note(&mut self, commitment: &Commitment, opened: &BTreeMap<Digest, Value>) {
        let place = match (commitment.subject, opened.contains_key(&commitment.digest)) {
            (Some(subject), true) => self.there.entry(subject).or_default(),
            (Some(subject), false) => self.absent.entry(subject).or_default(),
            (None, true) => return,
            (None, false) => &mut self.others_absent,
        };
        *place += 1;
    }

    /// A copy without values has none of them.
    pub(crate) fn without(&mut self, commitments: &[Commitment]) {
        commitments.iter().for_each(|commitment| self.note(commitment, &BTreeMap::new()));
    }

    pub(crate) fn erased(&mut self, subject: Subject, counts: &mut Counts) {
        counts.values_erased += self.absent.remove(&subject).unwrap_or(0);
        counts.values_left += self.there.remove(&subject).unwrap_or(0);
    }

    pub(crate) fn finish(&self, counts: &mut Counts) {
        counts.values_absent = self.others_absent + self.absent.values().sum::<u64>();
    }
}

/// The values of one page of entries that opened.
#[derive(Debug, Default)]
pub(crate) struct Values(BTreeMap<Digest, Value>);

impl Values {
    /// Fetches and checks what a page of entries committed to.
    pub(crate) fn fetch<S: Source>(
        commitments: &[Commitment],
        source: &mut S,
        tally: &mut Tally,
        findings: &mut Findings,
        counts: &mut Counts,
    ) -> Result<Self, S::Error> {
        let mut wrong = BTreeSet::new();
        let wanted: BTreeMap<Digest, Commitment> = commitments.iter().map(|one| (one.digest, *one)).collect();
        if wanted.is_empty() {
            return Ok(Self::default());
        }
        let asked: Vec<Digest> = wanted.keys().copied().collect();
        let mut opened = BTreeMap::new();
        for value in source.sealed(&asked)? {
            let Some(commitment) = wanted.get(&value.commitment) else { continue };
            match open(commitment, &value) {
                Ok(plain) => {
                    opened.insert(commitment.digest, plain);
                }
                Err(why) => {
                    wrong.insert(commitment.digest);
                    findings.add(Class::SealedValue, commitment.seq, why);
                }
            }
        }
        counts.values += opened.len() as u64;
        // Nothing erases a list, so there is no count of them: each that is not there is named.
        let lists = wanted.values().filter(|one| one.beside == Beside::List);
        for list in lists.filter(|list| !opened.contains_key(&list.digest)) {
            let (class, is) = match wrong.contains(&list.digest) {
                true => (Class::SealedValue, "changed"),
                false => (Class::MissingValue, "missing"),
            };
            let sentence = format!(
                "the list of tasks that it cites, {}, is {is}: a server covers nothing by it",
                list.digest
            );
            findings.add(class, list.seq, sentence);
        }
        wanted
            .values()
            .filter(|commitment| !wrong.contains(&commitment.digest))
            .for_each(|commitment| tally.note(commitment, &opened));
        Ok(Self(opened))
    }

    pub(crate) fn get(&self, digest: &Digest) -> Option<&Value> {
        self.0.get(digest)
    }
}

fn open(commitment: &Commitment, value: &StoredValue) -> Result<Value, &'static str> {
    // With a salt of another length the same bytes could be cut into another value.
    let salt = match commitment.beside {
        Beside::Sealed => 16,
        Beside::Statement | Beside::List => 0,
    };
    if value.salt.len() != salt {
        return Err("a value beside the ledger has a salt of the wrong length");
    }
    if sha256_parts(&[&value.salt, &value.value]) != commitment.digest {
        return Err("a value beside the ledger is not the one that was committed to: it was changed");
    }
    json::require_canonical(&value.value)
        .map_err(|_| "a value beside the ledger opens, but is not canonical JSON")
}
