//! How the engine is: for `/readyz`, metrics, and the administrators' page.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

use countersign_core::time::{Instant, Span};
use countersign_runner::protocol::RunnerHealth;
use countersign_store::DeliveryState;
use serde::Serialize;

use crate::handle::EngineHandle;
use crate::outbox::NOT_NEEDED;
use crate::writer::SpaceState;

/// A message that waits longer than this is worth a look.
const STUCK: Span = Span::from_mins(15);
/// How many of the newest failures are looked at.
const LOOKED_AT: usize = 100;

/// How the engine is.
#[derive(Debug, Clone, Serialize)]
pub struct Health {
    /// Whether the writer takes commands.
    pub writing: bool,
    /// Whether the ledger is a restored copy that waits to be accepted.
    pub restored: bool,
    /// Entries in the ledger.
    pub size: u64,
    /// Whether the clock is suspect.
    pub clock_suspect: bool,
    /// The runner.
    pub runner: RunnerState,
    /// The disk.
    pub disk: DiskHealth,
    /// Messages to people.
    pub outbox: OutboxHealth,
    /// Sentences for an administrator. Empty is good.
    pub notes: Vec<String>,
}

/// The runner, as far as the engine knows.
#[derive(Debug, Clone, Serialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum RunnerState {
    /// There is none: nothing runs on targets.
    Absent,
    /// It is not connected.
    Disconnected {
        /// Why, if known.
        why: Option<String>,
    },
    /// It is connected.
    Connected {
        /// What it says of itself.
        #[serde(skip_serializing_if = "Option::is_none")]
        health: Option<Box<RunnerHealth>>,
    },
}

/// The disk.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct DiskHealth {
    /// Whether new work is taken.
    pub state: SpaceState,
    /// Bytes free in the data directory.
    pub free: u64,
    /// Bytes that kept outputs take.
    pub outputs: u64,
}

/// Messages to people.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct OutboxHealth {
    /// Whether there is a way to send at all.
    pub mails: bool,
    /// Waiting for a first or another try.
    pub waiting: u64,
    /// Whether some have waited long.
    pub stuck: bool,
    /// Of the newest failures, those that were given up.
    pub given_up: usize,
}

/// What health looks at beside the engine itself.
pub(crate) struct Probe {
    pub(crate) data_dir: PathBuf,
    pub(crate) space: Arc<AtomicU8>,
    pub(crate) has_runner: bool,
    pub(crate) mails: bool,
}

pub(crate) fn look(engine: &EngineHandle) -> Health {
    let inner = engine.inner();
    let state = engine.state();
    let outbox = outbox(engine, engine.now());
    let runner = runner(engine);
    let disk = DiskHealth {
        state: crate::writer::space_state(inner.probe.space.load(Ordering::Relaxed)),
        free: crate::writer::free(&inner.probe.data_dir),
        outputs: inner.outputs.outputs().used(),
    };
    let restored = engine.restored().is_some();
    let writing = !inner.writer.is_closed() && !restored;
    let notes =
        notes(inner.writer.is_closed(), restored, state.organization.clock_suspect, &runner, disk, outbox);
    Health {
        writing,
        restored,
        size: state.next_seq,
        clock_suspect: state.organization.clock_suspect,
        runner,
        disk,
        outbox,
        notes,
    }
}

fn runner(engine: &EngineHandle) -> RunnerState {
    if !engine.inner().probe.has_runner {
        return RunnerState::Absent;
    }
    let background = engine.background();
    let Some(shared) = &background.shared else { return RunnerState::Disconnected { why: None } };
    let link = shared.link();
    if link.client_connected {
        RunnerState::Connected { health: link.health.clone().map(Box::new) }
    } else {
        RunnerState::Disconnected { why: link.since_error.clone() }
    }
}

fn outbox(engine: &EngineHandle, now: Instant) -> OutboxHealth {
    let inner = engine.inner();
    let waiting = inner.ops.count_deliveries(DeliveryState::Waiting).unwrap_or(0);
    // Retries move into the future; one that is due and long past was not even tried.
    let due = inner.ops.next_due().ok().flatten();
    let oldest = inner.ops.deliveries(Some(DeliveryState::Waiting), LOOKED_AT).unwrap_or_default();
    let stuck =
        due.is_some_and(|due| now.since(due) > STUCK) || oldest.iter().any(|delivery| delivery.tries >= 5);
    let failed = inner.ops.deliveries(Some(DeliveryState::Failed), LOOKED_AT).unwrap_or_default();
    let given_up = failed.iter().filter(|delivery| delivery.error.as_deref() != Some(NOT_NEEDED)).count();
    OutboxHealth { mails: inner.probe.mails, waiting, stuck, given_up }
}

fn notes(
    stopped: bool,
    restored: bool,
    clock_suspect: bool,
    runner: &RunnerState,
    disk: DiskHealth,
    outbox: OutboxHealth,
) -> Vec<String> {
    let mut notes = Vec::new();
    let mut note = |when: bool, text: &str| {
        if when {
            notes.push(text.to_owned());
        }
    };
    note(
        restored,
        "The ledger is a restored copy: it is only read until two default approvers or the host accept it.",
    );
    note(stopped, "The engine has stopped: nothing can be recorded, so nothing can be done.");
    note(clock_suspect, "The clock is suspect: approvals and starts wait until it is accepted.");
    note(
        matches!(runner, RunnerState::Disconnected { .. }),
        "The runner is not connected: nothing starts on targets.",
    );
    note(disk.state == SpaceState::Short, "The disk is nearly full: new work is refused.");
    note(
        disk.state == SpaceState::Full,
        "The disk is full: only ends are recorded, with space that was set aside.",
    );
    note(!outbox.mails, "Mail is not set up: nobody is told of anything.");
    note(outbox.stuck, "Messages wait and cannot be delivered.");
    note(outbox.given_up > 0, "Messages were given up; their recipients were not told.");
    if let RunnerState::Connected { health: Some(health) } = runner {
        notes.extend(health.notes.iter().cloned());
    }
    notes
}
