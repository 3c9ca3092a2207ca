//! What everybody may see: the state as of the last commit, and that it changed.

use std::sync::{Arc, PoisonError, RwLock};

use countersign_core::epoch::Restored;
use countersign_core::event::Event;
use countersign_core::event::body::Body;
use countersign_core::id::{ExecutionId, RequestNumber};
use countersign_core::state::State;
use tokio::sync::{broadcast, watch};

/// Changes kept for a listener that is slow; one that is slower fetches everything anew.
const KEPT: usize = 4_096;

/// Something happened; whoever is concerned fetches it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub struct Change {
    /// The event.
    pub seq: u64,
    /// Its kind.
    pub kind: &'static str,
    /// The request it belongs to.
    pub request: Option<RequestNumber>,
    /// The execution it belongs to.
    pub execution: Option<ExecutionId>,
}

pub(crate) struct Published {
    state: RwLock<Arc<State>>,
    size: watch::Sender<u64>,
    changes: broadcast::Sender<Change>,
    restored: watch::Sender<Option<Arc<Restored>>>,
}

impl Published {
    pub(crate) fn new(state: State, restored: Option<Restored>) -> Self {
        let size = state.next_seq;
        Self {
            state: RwLock::new(Arc::new(state)),
            size: watch::Sender::new(size),
            changes: broadcast::Sender::new(KEPT),
            restored: watch::Sender::new(restored.map(Arc::new)),
        }
    }

    pub(crate) fn state(&self) -> Arc<State> {
        Arc::clone(&self.state.read().unwrap_or_else(PoisonError::into_inner))
    }

    pub(crate) fn publish<'a>(&self, state: State, events: impl Iterator<Item = &'a Event>) {
        let size = state.next_seq;
        *self.state.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(state);
        self.size.send_replace(size);
        for event in events {
            let _ = self.changes.send(Change {
                seq: event.seq,
                kind: event.body.kind(),
                request: event.request,
                execution: execution(&event.body),
            });
        }
    }

    /// The copy is accepted, or somebody's word for it was heard.
    pub(crate) fn set_restored(&self, restored: Option<Restored>) {
        self.restored.send_replace(restored.map(Arc::new));
    }

    /// What there is to accept.
    pub(crate) fn restored(&self) -> watch::Receiver<Option<Arc<Restored>>> {
        self.restored.subscribe()
    }

    pub(crate) fn changes(&self) -> broadcast::Receiver<Change> {
        self.changes.subscribe()
    }

    /// The ledger's size, to wait for it to grow.
    pub(crate) fn size(&self) -> watch::Receiver<u64> {
        self.size.subscribe()
    }
}

const fn execution(body: &Body) -> Option<ExecutionId> {
    match body {
        Body::ExecutionStarted { execution, .. }
        | Body::ExecutionFinished { execution, .. }
        | Body::ExecutionReported { execution, .. }
        | Body::ExecutionAcknowledged { execution }
        | Body::StopRequested { execution, .. }
        | Body::ObligationIncurred { execution, .. }
        | Body::ObligationSettled { execution, .. }
        | Body::TakeBackOverdue { execution, .. }
        | Body::StandingAccessListed { execution, .. }
        | Body::ExecutionAdopted { execution, .. } => Some(*execution),
        Body::AuditWasRead { execution, .. } => *execution,
        _ => None,
    }
}
