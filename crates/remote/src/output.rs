//! Output: secrets taken out, handed on up to a limit, counted and digested to its end.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use countersign_runspace::{Bytes, Event, ExecutionId, OutputEvent, Sink, Stream, StreamSummary};
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use crate::redact::Redactor;

/// One event carries at most this much.
const CHUNK: usize = 32 * 1024;

/// Both streams of one execution. The digests are over what is left when secrets are taken out.
pub(crate) struct Output {
    execution: ExecutionId,
    sink: Arc<dyn Sink>,
    state: Mutex<State>,
}

struct State {
    left: u64,
    stdout: One,
    stderr: One,
}

#[derive(Default)]
struct One {
    redactor: Redactor,
    hasher: Sha256,
    bytes: u64,
    kept: u64,
}

impl Output {
    pub(crate) fn new(execution: ExecutionId, sink: Arc<dyn Sink>, limit: u64) -> Self {
        let state = State { left: limit, stdout: One::default(), stderr: One::default() };
        Self { execution, sink, state: Mutex::new(state) }
    }

    /// What is not to be said from now on.
    pub(crate) fn hide(&self, secrets: &[Zeroizing<Vec<u8>>]) {
        let mut state = self.state();
        state.stdout.redactor.learn(secrets.iter().cloned());
        state.stderr.redactor.learn(secrets.iter().cloned());
    }

    /// How many more bytes will be handed on.
    pub(crate) fn left(&self) -> u64 {
        self.state().left
    }

    pub(crate) fn write(&self, stream: Stream, bytes: &[u8]) {
        let mut state = self.state();
        let said = state.one(stream).redactor.push(bytes);
        self.say(&mut state, stream, &said);
    }

    /// A line for people, on standard error.
    pub(crate) fn note(&self, line: &str) {
        let line = countersign_text::visible(line);
        self.write(Stream::Stderr, format!("{line}\n").as_bytes());
    }

    /// A text without secrets, for a refusal's message.
    pub(crate) fn redacted(&self, text: &str) -> String {
        self.state().stderr.redactor.text(text)
    }

    pub(crate) fn started(&self, at: u64) {
        self.sink.event(&self.execution, Event::Started { at });
    }

    /// The end of both streams. What is written afterwards is lost.
    pub(crate) fn finish(&self) -> (StreamSummary, StreamSummary) {
        let mut state = self.state();
        for stream in [Stream::Stdout, Stream::Stderr] {
            let held = state.one(stream).redactor.finish();
            self.say(&mut state, stream, &held);
        }
        (summary(&mut state.stdout), summary(&mut state.stderr))
    }

    fn say(&self, state: &mut State, stream: Stream, bytes: &[u8]) {
        for piece in bytes.chunks(CHUNK) {
            let left = state.left;
            let one = state.one(stream);
            one.hasher.update(piece);
            // After the first byte that was not kept nothing is: what is kept is a beginning.
            let allowed = if one.kept == one.bytes { left.min(piece.len() as u64) } else { 0 };
            let offset = one.bytes;
            one.bytes += piece.len() as u64;
            one.kept += allowed;
            state.left -= allowed;
            let kept = piece.get(..usize::try_from(allowed).unwrap_or(0)).unwrap_or_default();
            if !kept.is_empty() {
                let output = OutputEvent { stream, offset, bytes: Bytes(kept.to_vec()) };
                // A slow listener must not stop the other executions of this thread.
                blocking(|| self.sink.event(&self.execution, Event::Output(output)));
            }
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    const fn one(&mut self, stream: Stream) -> &mut One {
        match stream {
            Stream::Stdout => &mut self.stdout,
            Stream::Stderr => &mut self.stderr,
        }
    }
}

fn summary(one: &mut One) -> StreamSummary {
    let sha256 = hex::encode(std::mem::take(&mut one.hasher).finalize());
    StreamSummary { bytes: one.bytes, kept: one.kept, sha256 }
}

/// Runs what may block, where the runtime can spare the thread.
fn blocking(work: impl FnOnce()) {
    use tokio::runtime::{Handle, RuntimeFlavor};
    match Handle::try_current().map(|handle| handle.runtime_flavor()) {
        Ok(RuntimeFlavor::MultiThread) => tokio::task::block_in_place(work),
        _ => work(),
    }
}
