//! Output: handed on up to a limit, counted and digested to its end.

use std::io::{PipeReader, Read as _};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

use countersign_sandbox::init::wire::{self, Readable};
use sha2::{Digest as _, Sha256};

use crate::{Bytes, Event, ExecutionId, OutputEvent, Sink, Stream, StreamSummary};

/// One event carries at most this much.
const CHUNK: usize = 32 * 1024;

/// What both streams of an execution share.
pub(super) struct Budget {
    left: AtomicU64,
    gate: Mutex<Gate>,
    changed: Condvar,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Gate {
    /// Whether the program began is not told yet.
    Closed,
    Open,
    /// The tree is gone: read what is there and end.
    Ending,
}

impl Budget {
    pub(super) fn new(bytes: u64) -> Self {
        Self { left: AtomicU64::new(bytes), gate: Mutex::new(Gate::Closed), changed: Condvar::new() }
    }

    pub(super) fn set(&self, gate: Gate) {
        *self.gate.lock().unwrap_or_else(PoisonError::into_inner) = gate;
        self.changed.notify_all();
    }

    fn gate(&self) -> Gate {
        *self.gate.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wait_until_told(&self) {
        let mut gate = self.gate.lock().unwrap_or_else(PoisonError::into_inner);
        while *gate == Gate::Closed {
            let waited = self.changed.wait_timeout(gate, Duration::from_secs(1));
            gate = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// How much of `wanted` may still be kept.
    fn take(&self, wanted: u64) -> u64 {
        let mut left = self.left.load(Ordering::Relaxed);
        loop {
            let taken = left.min(wanted);
            match self.left.compare_exchange_weak(left, left - taken, Ordering::Relaxed, Ordering::Relaxed) {
                Ok(_) => return taken,
                Err(now) => left = now,
            }
        }
    }
}

/// One stream's reader.
pub(super) struct Pump {
    pub(super) execution: ExecutionId,
    pub(super) stream: Stream,
    pub(super) pipe: PipeReader,
    pub(super) budget: Arc<Budget>,
    pub(super) sink: Arc<dyn Sink>,
}

impl Pump {
    /// Reads to the end of the stream. An end that never comes, because a process could not be killed, is not waited
    /// for once the tree was declared gone.
    pub(super) fn run(mut self) -> StreamSummary {
        let mut hasher = Sha256::new();
        let (mut bytes, mut kept) = (0_u64, 0_u64);
        let mut buffer = vec![0; CHUNK];
        loop {
            match wire::readable(&self.pipe, 200) {
                Ok(Readable::Now) => {}
                Ok(Readable::NotYet) if self.budget.gate() == Gate::Ending => break,
                Ok(Readable::NotYet) => continue,
                Err(_) => break,
            }
            let chunk = match self.pipe.read(&mut buffer) {
                Ok(0) => break,
                Ok(read) => buffer.get(..read).unwrap_or_default(),
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
                Err(_) => break,
            };
            hasher.update(chunk);
            let allowed = if kept == bytes { self.budget.take(chunk.len() as u64) } else { 0 };
            if let Some(part) = chunk.get(..usize::try_from(allowed).unwrap_or(0))
                && !part.is_empty()
            {
                self.budget.wait_until_told();
                let output = OutputEvent { stream: self.stream, offset: bytes, bytes: Bytes(part.to_vec()) };
                self.sink.event(&self.execution, Event::Output(output));
            }
            bytes += chunk.len() as u64;
            kept += allowed;
        }
        StreamSummary { bytes, kept, sha256: hex::encode(hasher.finalize()) }
    }
}
