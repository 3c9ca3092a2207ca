//! Snapshots: so that a start need not replay everything. Disposable, and believed only because the ledger names them.

use std::sync::PoisonError;

use countersign_core::actor::Actor;
use countersign_core::apply::apply;
use countersign_core::event::{Body, Event, RULES};
use countersign_core::state::SCHEMA;
use countersign_ledger::hash::sha256;
use countersign_store::Snapshot;

use super::batch::{Addition, Work};
use super::commit::Committed;
use super::space::SpaceState;
use super::{Next, Writer};
use crate::error::SubmitError;
use crate::replay::snapshot_of;

impl Writer {
    /// Takes a snapshot if enough has happened since the last one and there is room for it.
    pub(super) fn snapshot_if_due(&mut self) -> Next {
        let size = self.state.next_seq;
        if self.restored.is_some() {
            return Next::Goes;
        }
        let due = size.saturating_sub(self.snapshot_at) >= self.snapshot_every && !self.state.is_empty();
        if !due || self.space.look() != SpaceState::Enough {
            return Next::Goes;
        }
        self.snapshot_at = size;
        match self.snapshot(size) {
            Ok(Committed::Fatal(error)) => {
                (self.on_fatal)(&error);
                Next::Ends
            }
            Ok(Committed::Yes) => Next::Goes,
            Ok(Committed::Full | Committed::No(_)) => {
                tracing::warn!(size, "a snapshot could not be recorded");
                Next::Goes
            }
            Err(error) => {
                tracing::warn!(size, %error, "no snapshot was taken");
                Next::Goes
            }
        }
    }

    fn snapshot(&mut self, size: u64) -> Result<Committed, SubmitError> {
        let failed = |why: String| SubmitError::NotRecorded(why);
        let bytes =
            snapshot_of(&self.state).ok_or_else(|| failed("the state has no stored form".to_owned()))?;
        let digest = sha256(&bytes);
        let snapshot = Snapshot { size, schema: SCHEMA, digest, bytes };
        self.store.put_snapshot(&snapshot).map_err(|error| self.failed(&error))?;
        if let Some(error) = self.fatal.take() {
            return Ok(Committed::Fatal(error));
        }
        let event = Event {
            seq: size,
            time: self.judge.lock().unwrap_or_else(PoisonError::into_inner).judge().now,
            rules: RULES,
            actor: Actor::System,
            request: None,
            cause: None,
            body: Body::SnapshotTaken { size, schema: SCHEMA, digest },
        };
        let mut state = self.state.clone();
        apply(&mut state, &event);
        let mut work = Work::new(&self.state, &self.edge);
        let addition = Addition { state, events: vec![event], sealed: Vec::new(), secrets: &[], link: None };
        work.add(addition, &self.keys).map_err(|error| failed(error.to_string()))?;
        Ok(self.commit(work, &[], &[]))
    }
}
