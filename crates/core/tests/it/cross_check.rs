//! What `core` decides, `verify` judges: the same rules written twice, with no code in common.

use std::collections::BTreeMap;
use std::convert::Infallible;

use countersign_core::builtin;
use countersign_core::event::{Event, wire};
use countersign_core::sealing::SealedValue;
use countersign_ledger::Digest;
use countersign_verify::{
    Class, Holds, Options, Source, StoredBatch, StoredEntry, StoredValue, own_tasks, verify,
};

/// A ledger in memory, without batches and tiles: those are the engine's.
struct Ledger<'a> {
    entries: Vec<StoredEntry>,
    sealed: &'a BTreeMap<Digest, SealedValue>,
}

impl Source for Ledger<'_> {
    type Error = Infallible;

    fn holds(&self) -> Holds {
        Holds { batches: false, tiles: false, sealed: true }
    }

    fn entries(&mut self, from: u64, limit: usize) -> Result<Vec<StoredEntry>, Infallible> {
        let from = usize::try_from(from).unwrap();
        Ok(self.entries.iter().skip(from).take(limit).cloned().collect())
    }

    fn batches(&mut self, _: u64, _: usize) -> Result<Vec<StoredBatch>, Infallible> {
        Ok(Vec::new())
    }

    fn sealed(&mut self, commitments: &[Digest]) -> Result<Vec<StoredValue>, Infallible> {
        let found = commitments.iter().filter_map(|digest| self.sealed.get(digest));
        Ok(found
            .map(|value| StoredValue {
                commitment: value.commitment,
                salt: value.salt.clone(),
                value: value.value.clone(),
            })
            .collect())
    }

    fn tile(&mut self, _: u8, _: u64) -> Result<Option<Vec<u8>>, Infallible> {
        Ok(None)
    }
}

/// The verifier finds nothing wrong with these events.
pub(crate) fn holds(events: &[Event], sealed: &BTreeMap<Digest, SealedValue>) {
    let findings = findings(events, sealed);
    assert!(findings.is_empty(), "core wrote it, verify finds: {findings:#?}");
}

/// What the verifier finds.
pub(crate) fn findings(events: &[Event], sealed: &BTreeMap<Digest, SealedValue>) -> Vec<String> {
    if events.is_empty() {
        return Vec::new();
    }
    let entries = (0..)
        .zip(events)
        .map(|(position, event)| StoredEntry { position, bytes: wire::to_bytes(event).unwrap() })
        .collect();
    let report = verify(&mut Ledger { entries, sealed }, &Options::default(), |_| ()).unwrap();
    // Tests set the time as they like, and take values away; that neither goes unnoticed is the engine's part of the rule.
    let theirs = [Class::TimeBack, Class::MissingValue];
    let findings = report.findings.iter().filter(|finding| !theirs.contains(&finding.class));
    assert_eq!(report.counts.entries, u64::try_from(events.len()).unwrap());
    findings.map(ToString::to_string).collect()
}

/// The names that only one of them has, or that they have differently.
fn differing<'a, T: PartialEq>(
    one: &'a BTreeMap<String, T>,
    other: &'a BTreeMap<String, T>,
) -> Vec<&'a String> {
    let names: std::collections::BTreeSet<_> = one.keys().chain(other.keys()).collect();
    names.into_iter().filter(|name| one.get(*name) != other.get(*name)).collect()
}

#[test]
fn g17_the_verifiers_list_of_countersigns_own_tasks_is_the_programs() {
    let ours: BTreeMap<String, (bool, bool, bool)> = builtin::all()
        .map(|task| (task.name.to_owned(), (task.control_plane, task.only_removes_power, task.only_reads)))
        .collect();
    let theirs: BTreeMap<String, (bool, bool, bool)> = own_tasks()
        .map(|task| (task.name.to_owned(), (task.control_plane, task.only_removes_power, task.only_reads)))
        .collect();
    assert_eq!(
        differing(&ours, &theirs),
        Vec::<&String>::new(),
        "the verifier keeps a list of its own on purpose: write the task into crates/verify/src/rules/own.rs as well"
    );
    for task in builtin::all() {
        let known = own_tasks().find(|known| known.name == task.name).unwrap();
        let given = task
            .definition()
            .parameters
            .iter()
            .filter_map(|spec| {
                let default = spec.default.as_ref()?.to_json();
                Some((spec.name.to_string(), default.as_str()?.to_owned()))
            })
            .collect::<Vec<_>>();
        let defaults: Vec<_> =
            known.defaults.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        assert_eq!(given, defaults, "{}", task.name);
    }
}
