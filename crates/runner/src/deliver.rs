//! What the runner knows of its executions, and how their events reach the server.

use std::collections::BTreeMap;
use std::os::unix::net::UnixStream;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use countersign_runspace::{Event, ExecutionId, Running, Sink, StopReason};

use crate::ends::Ends;
use crate::protocol::{self, FromRunner};

/// Ends kept for a server that does not acknowledge them. Beyond, no new execution is begun.
const MAX_UNACKNOWLEDGED: usize = 10_000;
/// Executions at one time.
const MAX_RUNNING: usize = 2_000;

/// Shared by the session and all executions.
pub(crate) struct Deliveries {
    files: Ends,
    state: Mutex<State>,
    /// Held while writing, so that frames don't mix. Never taken before `state` is released.
    connection: Mutex<Option<Connection>>,
}

struct State {
    /// The runner is asked to end: nothing begins any more.
    closed: bool,
    running: BTreeMap<ExecutionId, Option<Box<dyn Running>>>,
    ends: BTreeMap<ExecutionId, Event>,
}

struct Connection {
    stream: UnixStream,
}

/// Whether one more execution may begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Room {
    Free,
    Full,
}

impl Deliveries {
    /// With the ends that an earlier runner could not deliver.
    pub(crate) fn new(files: Ends, ends: BTreeMap<ExecutionId, Event>) -> Self {
        let state = State { closed: false, running: BTreeMap::new(), ends };
        Self { files, state: Mutex::new(state), connection: Mutex::new(None) }
    }

    /// Begins nothing more, and ends what runs.
    pub(crate) fn close(&self) {
        let mut state = self.state();
        state.closed = true;
        for running in state.running.values().flatten() {
            running.kill();
        }
    }

    pub(crate) fn is_connected(&self) -> bool {
        self.connection().is_some()
    }

    /// Makes `stream` the one that events go to and tells it the ends that nobody acknowledged.
    pub(crate) fn attach(&self, stream: UnixStream) {
        *self.connection() = Some(Connection { stream });
        let ends: Vec<_> = self.state().ends.iter().map(|(id, event)| (id.clone(), event.clone())).collect();
        for (execution, event) in ends {
            self.send(&FromRunner::Execution { execution, event });
        }
    }

    /// The server is gone: everything ends at once.
    pub(crate) fn detach(&self) {
        *self.connection() = None;
        for running in self.state().running.values().flatten() {
            running.kill();
        }
    }

    /// Announces an execution before it begins, so that its first event finds it.
    pub(crate) fn reserve(&self, execution: &ExecutionId) -> Room {
        let mut state = self.state();
        if state.closed || state.running.len() >= MAX_RUNNING || state.ends.len() >= MAX_UNACKNOWLEDGED {
            return Room::Full;
        }
        state.running.insert(execution.clone(), None);
        Room::Free
    }

    /// Keeps the handle of an execution that was begun, if it has not ended already.
    pub(crate) fn keep(&self, execution: &ExecutionId, running: Box<dyn Running>) {
        let mut state = self.state();
        let closed = state.closed;
        if let Some(slot) = state.running.get_mut(execution) {
            if closed {
                running.kill();
            }
            *slot = Some(running);
        }
    }

    pub(crate) fn stop(&self, execution: &ExecutionId, reason: StopReason) {
        if let Some(Some(running)) = self.state().running.get(execution) {
            running.stop(reason);
        }
    }

    /// Moves the deadline of what runs; what is unknown here, has ended or is not begun yet has none to move.
    pub(crate) fn extend(&self, execution: &ExecutionId, deadline: u64) {
        if let Some(Some(running)) = self.state().running.get(execution) {
            running.extend(deadline);
        }
    }

    pub(crate) fn acknowledge(&self, execution: &ExecutionId) {
        self.state().ends.remove(execution);
        self.files.forget(execution);
    }

    pub(crate) fn running(&self) -> Vec<ExecutionId> {
        self.state().running.keys().cloned().collect()
    }

    pub(crate) fn unacknowledged(&self) -> usize {
        self.state().ends.len()
    }

    /// A server that does not read for the stream's time limit is treated as gone.
    pub(crate) fn send(&self, frame: &FromRunner) {
        let mut connection = self.connection();
        let Some(current) = connection.as_mut() else { return };
        if protocol::write(&mut current.stream, frame).is_err() {
            let _ = current.stream.shutdown(std::net::Shutdown::Both);
            *connection = None;
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn connection(&self) -> MutexGuard<'_, Option<Connection>> {
        self.connection.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The sink of all executions.
pub(crate) struct ToServer(pub(crate) Arc<Deliveries>);

impl Sink for ToServer {
    fn event(&self, execution: &ExecutionId, event: Event) {
        if matches!(event, Event::Finished(_) | Event::Refused(_)) {
            // In a file first: a runner that ends from now on tells it when it runs again.
            let _ = self.0.files.keep(execution, &event);
            let mut state = self.0.state();
            state.running.remove(execution);
            state.ends.insert(execution.clone(), event.clone());
        }
        self.0.send(&FromRunner::Execution { execution: execution.clone(), event });
    }
}
