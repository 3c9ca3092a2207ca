//! A copy of a ledger in memory, made the way a server makes it, and then tampered with.

use std::{collections::BTreeMap, convert::Infallible};

use countersign_ledger::{
    Checkpoint, Digest, Frontier, Origin,
    hash::{leaf_hash, sha256_parts},
    json,
    note::SigningKey,
    seal::{BatchHead, SealKey},
    tile::TileBuilder,
};
use countersign_verify::{
    Class, Holds, KeptCheckpoint, Options, Report, Seals, Source, StoredBatch, StoredEntry, StoredValue,
    verify,
};
use serde_json::{Value, json};

pub(crate) const LEDGER: &str = "ledger.example";

#[derive(Clone)]
pub(crate) struct Copy {
    pub(crate) entries: Vec<StoredEntry>,
    pub(crate) batches: Vec<StoredBatch>,
    pub(crate) sealed: BTreeMap<Digest, StoredValue>,
    pub(crate) tiles: BTreeMap<(u8, u64), Vec<u8>>,
    pub(crate) holds: Holds,
    pub(crate) epoch: u32,
    frontier: Frontier,
    builder: TileBuilder,
}

impl Copy {
    pub(crate) fn new() -> Self {
        Self {
            entries: Vec::new(),
            batches: Vec::new(),
            sealed: BTreeMap::new(),
            tiles: BTreeMap::new(),
            holds: Holds { batches: true, tiles: true, sealed: true },
            epoch: 1,
            frontier: Frontier::new(),
            builder: TileBuilder::new(),
        }
    }

    /// One batch of these entries, sealed by `key`.
    pub(crate) fn commit(&mut self, entries: &[Vec<u8>], key: &SealKey) {
        let first_seq = self.frontier.size();
        for bytes in entries {
            let leaf = leaf_hash(bytes);
            self.entries.push(StoredEntry { position: self.frontier.size(), bytes: bytes.clone() });
            self.frontier.append(leaf);
            for (tile, bytes) in self.builder.append(leaf) {
                self.tiles.insert((tile.level(), tile.index()), bytes);
            }
        }
        let size = self.frontier.size();
        let (root, frontier) = (self.frontier.root(), self.frontier.digest());
        let origin = Origin::new(LEDGER, self.epoch).unwrap();
        let seal = key.seal(&BatchHead { origin: &origin, first_seq, size, root, frontier });
        let frontier = self.frontier.to_bytes();
        self.batches.push(StoredBatch { first_seq, size, root, frontier, seal: Some(seal) });
    }

    /// The same entries in the same batches, hashed and sealed anew: what somebody with the key could make of them.
    pub(crate) fn resealed(&self, key: &SealKey) -> Self {
        let mut made = Self { sealed: self.sealed.clone(), holds: self.holds, ..Self::new() };
        let mut left = self.entries.iter().map(|entry| entry.bytes.clone()).peekable();
        for batch in &self.batches {
            let count = usize::try_from(batch.size - batch.first_seq).unwrap();
            let entries: Vec<_> = left.by_ref().take(count).collect();
            if !entries.is_empty() {
                made.commit(&entries, key);
            }
        }
        let rest: Vec<_> = left.collect();
        if !rest.is_empty() {
            made.commit(&rest, key);
        }
        made
    }

    pub(crate) fn seal_value(&mut self, value: &Value) -> Digest {
        let bytes = json::canonical(value).unwrap();
        let salt = vec![u8::try_from(self.sealed.len() % 256).unwrap(); 16];
        let commitment = sha256_parts(&[&salt, &bytes]);
        self.sealed.insert(commitment, StoredValue { commitment, salt, value: bytes });
        commitment
    }

    pub(crate) fn keep_statement(&mut self, statement: &Value) -> Digest {
        let bytes = json::canonical(statement).unwrap();
        let commitment = sha256_parts(&[&bytes]);
        self.sealed.insert(commitment, StoredValue { commitment, salt: Vec::new(), value: bytes });
        commitment
    }

    pub(crate) fn checkpoint(&self) -> KeptCheckpoint {
        self.checkpoint_by(&key_of(self.epoch, 7))
    }

    pub(crate) fn checkpoint_by(&self, key: &SigningKey) -> KeptCheckpoint {
        let checkpoint =
            Checkpoint { origin: key_origin(key), size: self.frontier.size(), root: self.frontier.root() };
        let note = checkpoint.sign(key).unwrap().to_string().into_bytes();
        KeptCheckpoint { note, key: key.verifying_key().clone() }
    }

    pub(crate) fn check(&self, options: &Options<'_>) -> Report {
        verify(&mut self.clone(), options, |_| ()).unwrap()
    }
}

impl Source for Copy {
    type Error = Infallible;

    fn holds(&self) -> Holds {
        self.holds
    }

    fn entries(&mut self, from: u64, limit: usize) -> Result<Vec<StoredEntry>, Infallible> {
        Ok(self.entries.iter().filter(|entry| entry.position >= from).take(limit).cloned().collect())
    }

    fn batches(&mut self, from: u64, limit: usize) -> Result<Vec<StoredBatch>, Infallible> {
        Ok(self.batches.iter().filter(|batch| batch.first_seq >= from).take(limit).cloned().collect())
    }

    fn sealed(&mut self, commitments: &[Digest]) -> Result<Vec<StoredValue>, Infallible> {
        Ok(commitments.iter().filter_map(|digest| self.sealed.get(digest)).cloned().collect())
    }

    fn tile(&mut self, level: u8, index: u64) -> Result<Option<Vec<u8>>, Infallible> {
        Ok(self.tiles.get(&(level, index)).cloned())
    }
}

pub(crate) fn origin() -> Origin {
    Origin::new(LEDGER, 1).unwrap()
}

/// The key that signs an epoch's checkpoints.
pub(crate) fn key_of(epoch: u32, seed: u8) -> SigningKey {
    SigningKey::from_seed(Origin::new(LEDGER, epoch).unwrap().key_name().clone(), &[seed; 32])
}

fn key_origin(key: &SigningKey) -> Origin {
    key.verifying_key().name().as_str().parse().unwrap()
}

pub(crate) fn signing_key(seed: u8) -> SigningKey {
    SigningKey::from_seed(origin().key_name().clone(), &[seed; 32])
}

pub(crate) fn seal_key() -> SealKey {
    SealKey::from_bytes([5; 32])
}

/// With the seal key, and with these checkpoints.
pub(crate) fn options(checkpoints: Vec<KeptCheckpoint>) -> Options<'static> {
    Options { checkpoints, seals: Some(Seals { key: seal_key(), origins: Vec::new() }), ..Options::default() }
}

pub(crate) fn entry(seq: u64, time: i64, kind: &str, data: &Value) -> Vec<u8> {
    json::canonical(&json!({
        "seq": seq, "type": kind, "v": 1, "rules": 1, "time": time, "actor": {"kind": "system"}, "data": data,
    }))
    .unwrap()
}

pub(crate) fn settings() -> Value {
    json!({
        "unprotected": "role_holders_run", "second_factor": "required", "max_duration": 86_400_000_000_u64,
        "pending_for": 86_400_000_000_u64, "open_requests_each": 50, "open_requests": 10_000,
        "output_retention": 7_776_000_000_000_u64,
    })
}

/// A ledger of `size` entries in batches of three, of which no rule has anything to say.
pub(crate) fn dull(size: u64) -> Copy {
    let mut copy = Copy::new();
    let mut batch = vec![first_entry(LEDGER)];
    for seq in 1..size {
        if batch.len() == 3 {
            copy.commit(&std::mem::take(&mut batch), &seal_key());
        }
        batch.push(failed_sign_in(seq, 1));
    }
    copy.commit(&batch, &seal_key());
    copy
}

pub(crate) fn first_entry(ledger: &str) -> Vec<u8> {
    json::canonical(&json!({
        "seq": 0, "type": "OrganizationCreated", "v": 1, "rules": 1, "time": 1_000, "actor": {"kind": "host"},
        "data": {"name": "Contoso", "ledger": ledger, "zone": "UTC", "settings": settings()},
    }))
    .unwrap()
}

pub(crate) fn failed_sign_in(seq: u64, count: u64) -> Vec<u8> {
    entry(seq, 1_000 + i64::try_from(seq).unwrap(), "SignInFailed", &json!({"person": null, "count": count}))
}

pub(crate) fn classes(report: &Report) -> Vec<Class> {
    report.findings.iter().map(|finding| finding.class).collect()
}

#[track_caller]
pub(crate) fn assert_holds(report: &Report) {
    let findings: Vec<String> = report.findings.iter().map(ToString::to_string).collect();
    assert!(findings.is_empty(), "{findings:#?}");
}

#[track_caller]
pub(crate) fn assert_found(report: &Report, class: Class) {
    let findings: Vec<String> = report.findings.iter().map(ToString::to_string).collect();
    assert!(classes(report).contains(&class), "{class:?} is not among {findings:#?}");
}
