//! From stored entries to the state they add up to. Roots and seals of every batch are checked on the way.

use countersign_core::apply::apply;
use countersign_core::event::{Body, wire};
use countersign_core::state::{SCHEMA, State};
use countersign_ledger::hash::{Digest, sha256};
use countersign_store::{Head, Reader, Snapshot};

use crate::error::StartError;
use crate::keys::Keys;
use crate::ledger::{Edge, origin};
use crate::lists;
use crate::restored::Expected;

/// Entries read at once.
const PAGE: usize = 1_000;

/// What a ledger adds up to.
pub(crate) struct Replayed {
    pub(crate) state: State,
    pub(crate) edge: Edge,
    /// The digest that the ledger gives for the state that replaying began with.
    vouched: Option<Digest>,
}

/// A state's stored form: what the digest in `SnapshotTaken` is over.
pub(crate) fn snapshot_of(state: &State) -> Option<Vec<u8>> {
    serde_json::to_vec(state).ok()
}

/// Replays the ledger: from a snapshot if there is one that the ledger vouches for, else from its first entry. Notes on
/// the way which of the heads expected of it are met.
///
/// # Errors
/// When it is damaged, or not sealed with this node's key.
pub(crate) fn replay(
    reader: &dyn Reader,
    keys: &Keys,
    expected: &mut Vec<Expected>,
    snapshot: Option<&Snapshot>,
) -> Result<Replayed, StartError> {
    let size = reader.head()?.map_or(0, |head| head.size);
    // A snapshot that lies behind a head would hide whether the head is met.
    let usable =
        snapshot.filter(|snapshot| expected.iter().all(|head| head.met || head.size > snapshot.size));
    let mut all = match usable.and_then(|snapshot| from_snapshot(reader, keys, expected, size, snapshot)) {
        Some(all) => all,
        None => {
            let begin = Replayed { state: State::default(), edge: Edge::default(), vouched: None };
            run(begin, reader, keys, expected, size)?
        }
    };
    if !reader.entries(size, 1)?.is_empty() {
        return Err(damaged(size, "an entry behind the last batch"));
    }
    lists::load(&mut all.state, reader)?;
    Ok(all)
}

/// A snapshot is believed only after the ledger has named it; any doubt, and everything is replayed, which tells.
fn from_snapshot(
    reader: &dyn Reader,
    keys: &Keys,
    expected: &mut Vec<Expected>,
    size: u64,
    snapshot: &Snapshot,
) -> Option<Replayed> {
    if sha256(&snapshot.bytes) != snapshot.digest || snapshot.size >= size {
        return None;
    }
    let state: State = serde_json::from_slice(&snapshot.bytes).ok()?;
    if state.next_seq != snapshot.size {
        return None;
    }
    let edge = Edge::resume(snapshot.size, reader)?;
    let begin = Replayed { state, edge, vouched: None };
    let mut met = expected.clone();
    let all = run(begin, reader, keys, &mut met, size).ok()?;
    if all.vouched != Some(snapshot.digest) {
        return None;
    }
    *expected = met;
    Some(all)
}

fn run(
    mut all: Replayed,
    reader: &dyn Reader,
    keys: &Keys,
    expected: &mut [Expected],
    size: u64,
) -> Result<Replayed, StartError> {
    let begin = all.edge.size();
    while all.edge.size() < size {
        let batches = reader.batches(all.edge.size(), PAGE)?;
        let Some(last) = batches.last() else {
            return Err(damaged(all.edge.size(), "entries without a batch"));
        };
        if last.size <= all.edge.size() {
            return Err(damaged(all.edge.size(), "batches do not follow one another"));
        }
        for batch in &batches {
            replay_batch(&mut all, reader, keys, batch, begin)?;
            meet(&all.edge, expected);
        }
    }
    Ok(all)
}

fn replay_batch(
    all: &mut Replayed,
    reader: &dyn Reader,
    keys: &Keys,
    batch: &Head,
    begin: u64,
) -> Result<(), StartError> {
    let first = all.edge.size();
    if batch.first_seq != first || batch.size <= first {
        return Err(damaged(first, "batches do not follow one another"));
    }
    while all.edge.size() < batch.size {
        let from = all.edge.size();
        let left = usize::try_from(batch.size - from).unwrap_or(PAGE).min(PAGE);
        let entries = reader.entries(from, left)?;
        if entries.is_empty() {
            return Err(damaged(from, "an entry is missing"));
        }
        for entry in entries {
            let seq = all.edge.size();
            let event = wire::from_bytes(&entry.bytes).map_err(|source| StartError::Entry { seq, source })?;
            if entry.seq != seq || event.seq != seq {
                return Err(damaged(seq, "an entry stands in another's place"));
            }
            if let Body::SnapshotTaken { size, schema: SCHEMA, digest } = &event.body
                && *size == seq
            {
                if snapshot_of(&all.state).is_none_or(|bytes| sha256(&bytes) != *digest) {
                    return Err(damaged(seq, "the state is not what it was when a snapshot was taken"));
                }
                if *size == begin {
                    all.vouched = Some(*digest);
                }
            }
            all.edge.append(&entry.bytes);
            apply(&mut all.state, &event);
        }
    }
    if all.edge.root() != batch.root || all.edge.frontier() != batch.frontier {
        return Err(damaged(first, "the batch's root is not that of its entries"));
    }
    if !all.edge.is_sealed(&keys.seal(), &origin(&all.state)?, first, &batch.seal) {
        return Err(damaged(first, "the batch was not sealed by this server's key"));
    }
    Ok(())
}

/// Heads are only ever made at the end of a batch.
fn meet(edge: &Edge, expected: &mut [Expected]) {
    let at = expected.iter_mut().filter(|head| head.size == edge.size());
    at.for_each(|head| head.met = head.root == edge.root());
}

fn damaged(seq: u64, why: &str) -> StartError {
    StartError::Damaged { seq, why: why.to_owned() }
}
