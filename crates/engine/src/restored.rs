//! Whether the ledger found is the one that was served. A copy that is not is opened to be read, and nothing is appended
//! to it before somebody accepts it, which opens a new epoch.

use std::collections::BTreeSet;

use countersign_core::epoch::{Cited, Doubt, Restored};
use countersign_core::state::State;
use countersign_ledger::checkpoint::{Checkpoint, Origin};
use countersign_ledger::hash::Digest;

use crate::error::StartError;
use crate::high_water::Mark;
use crate::keys::{Keys, LogKey};
use crate::ledger::origin;

/// A head that the ledger must contain, and whether it was met while replaying.
#[derive(Debug, Clone)]
pub(crate) struct Expected {
    pub(crate) epoch: u32,
    pub(crate) size: u64,
    pub(crate) root: Digest,
    pub(crate) met: bool,
}

impl Expected {
    pub(crate) fn of_mark(mark: &Mark) -> Self {
        Self { epoch: mark.epoch, size: mark.size, root: mark.root, met: mark.size == 0 }
    }

    pub(crate) fn of_checkpoint(kept: &Checkpoint) -> Self {
        Self { epoch: kept.origin.epoch(), size: kept.size, root: kept.root, met: kept.size == 0 }
    }

    /// Whether an epoch was opened in the knowledge that this is lost.
    fn is_settled(&self, state: &State) -> bool {
        state.organization.epochs.iter().any(|epoch| {
            (epoch.cites.origin.epoch(), epoch.cites.size) >= (self.epoch, self.size)
                && epoch.number > self.epoch
        })
    }
}

/// What was replayed, as far as it matters here.
pub(crate) struct Found<'a> {
    pub(crate) state: &'a State,
    pub(crate) root: Digest,
    /// Whether more than one batch was ever committed.
    pub(crate) served: bool,
}

/// What there is to accept; nothing if this is the ledger that was served.
pub(crate) fn judge(
    found: &Found<'_>,
    mark: Option<&Mark>,
    expected: &[Expected],
    keys: &Keys,
    log_key: LogKey,
) -> Result<Option<Restored>, StartError> {
    let state = found.state;
    let (epoch, size) = (state.organization.epoch(), state.next_seq);
    let own = origin(state)?;
    let mut doubts = BTreeSet::new();
    let lost: Vec<&Expected> = expected.iter().filter(|head| !head.met && !head.is_settled(state)).collect();
    for head in &lost {
        doubts.insert(if head.size > size { Doubt::Shorter } else { Doubt::Different });
    }
    if mark.is_none() && found.served {
        doubts.insert(Doubt::Unmarked);
    }
    let known = state.organization.epochs.last().map(|epoch| epoch.key.as_str());
    let known = known.or_else(|| mark.filter(|mark| mark.epoch == epoch).map(|mark| mark.key.as_str()));
    let has = keys.log(&own).verifying_key().to_string();
    if log_key == LogKey::Made || known.is_some_and(|known| known != has) {
        doubts.insert(Doubt::KeyGone);
    }
    if doubts.is_empty() {
        return Ok(None);
    }
    let highest = expected.iter().map(|head| head.epoch).chain([epoch]).max().unwrap_or(epoch);
    let next = highest.saturating_add(1);
    let named = |epoch| {
        let ledger = &state.organization.ledger;
        Origin::new(ledger, epoch).map_err(|_| StartError::LedgerName(ledger.clone()))
    };
    let cites = match lost.into_iter().max_by_key(|head| (head.epoch, head.size)) {
        Some(head) => Cited { origin: named(head.epoch)?, size: head.size, root: head.root },
        None => Cited { origin: own, size, root: found.root },
    };
    let key = keys.log(&named(next)?).verifying_key().to_string();
    Ok(Some(Restored { epoch: next, cites, key, doubts, vouched: BTreeSet::new() }))
}
