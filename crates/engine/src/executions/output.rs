//! Output while it is written, and after.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use countersign_core::id::ExecutionId;
use countersign_store::{Error, Kept, Outputs, Stream};
use tokio::sync::watch;

/// Bytes given at once.
const CHUNK: usize = 64 * 1024;

/// The outputs of what runs now: written to files, with a bell for who reads along.
#[derive(Clone)]
pub(crate) struct Running {
    outputs: Outputs,
    bells: Arc<Mutex<BTreeMap<ExecutionId, Bell>>>,
}

struct Bell {
    /// Rings at every append; closed at the end.
    ring: watch::Sender<u64>,
    cut: bool,
}

/// A part of an output.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutputChunk {
    /// Which stream.
    pub stream: Stream,
    /// Where in it the part begins.
    pub offset: u64,
    /// The bytes.
    pub bytes: Vec<u8>,
}

/// Reads an execution's output from its beginning, waiting for more while it runs.
pub struct OutputReader {
    outputs: Outputs,
    execution: ExecutionId,
    offsets: [u64; 2],
    bell: Option<watch::Receiver<u64>>,
}

impl Running {
    pub(crate) fn new(outputs: Outputs) -> Self {
        Self { outputs, bells: Arc::default() }
    }

    pub(crate) const fn outputs(&self) -> &Outputs {
        &self.outputs
    }

    pub(super) fn begin(&self, execution: ExecutionId) {
        self.bells().entry(execution).or_insert_with(|| Bell { ring: watch::Sender::new(0), cut: false });
    }

    pub(super) async fn append(&self, execution: ExecutionId, stream: Stream, bytes: Vec<u8>, limit: u64) {
        let outputs = self.outputs.clone();
        let written = blocking(move || outputs.append(execution, stream, &bytes, limit)).await;
        let cut = match written {
            Ok(Kept::All) => false,
            Ok(Kept::Part(_)) => true,
            Err(error) => {
                tracing::error!(%execution, %error, "output could not be kept");
                true
            }
        };
        if let Some(bell) = self.bells().get_mut(&execution) {
            bell.cut |= cut;
            bell.ring.send_modify(|count| *count = count.wrapping_add(1));
        }
    }

    /// Puts what was kept on the disk; says whether anything was not.
    pub(super) async fn finish(&self, execution: ExecutionId) -> bool {
        for stream in [Stream::Stdout, Stream::Stderr] {
            let outputs = self.outputs.clone();
            if let Err(error) = blocking(move || outputs.finish(execution, stream).map(|_| ())).await {
                tracing::error!(%execution, %error, "output could not be synced");
            }
        }
        self.bells().get(&execution).is_some_and(|bell| bell.cut)
    }

    /// The end is recorded: readers come to theirs.
    pub(super) fn end(&self, execution: ExecutionId) {
        self.bells().remove(&execution);
    }

    /// `runs` says that the ledger has no end of it yet: more may come even if nothing has.
    pub(crate) fn reader(&self, execution: ExecutionId, runs: bool) -> OutputReader {
        if runs {
            self.begin(execution);
        }
        let bell = self.bells().get(&execution).map(|bell| bell.ring.subscribe());
        OutputReader { outputs: self.outputs.clone(), execution, offsets: [0; 2], bell }
    }

    fn bells(&self) -> std::sync::MutexGuard<'_, BTreeMap<ExecutionId, Bell>> {
        self.bells.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl OutputReader {
    /// Goes on from these offsets, for a reader that was interrupted.
    #[must_use]
    pub const fn from(mut self, stdout: u64, stderr: u64) -> Self {
        self.offsets = [stdout, stderr];
        self
    }

    /// The next part; `None` at the end of an execution that is over.
    ///
    /// # Errors
    /// When a file cannot be read.
    pub async fn next(&mut self) -> Result<Option<OutputChunk>, Error> {
        loop {
            // Before reading: what is written meanwhile rings again.
            if let Some(bell) = &mut self.bell {
                bell.mark_unchanged();
            }
            let [stdout, stderr] = self.offsets;
            for (stream, offset) in [(Stream::Stdout, stdout), (Stream::Stderr, stderr)] {
                let (outputs, execution) = (self.outputs.clone(), self.execution);
                let read = blocking(move || outputs.read(execution, stream, offset, CHUNK)).await?;
                if let Some(bytes) = read.filter(|bytes| !bytes.is_empty()) {
                    let end = offset.saturating_add(u64::try_from(bytes.len()).unwrap_or(0));
                    self.offsets = match stream {
                        Stream::Stdout => [end, stderr],
                        Stream::Stderr => [stdout, end],
                    };
                    return Ok(Some(OutputChunk { stream, offset, bytes }));
                }
            }
            match &mut self.bell {
                Some(bell) => {
                    if bell.changed().await.is_err() {
                        // Over; what came last is read once more.
                        self.bell = None;
                    }
                }
                None => return Ok(None),
            }
        }
    }
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Error> + Send + 'static,
) -> Result<T, Error> {
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => done,
        Err(error) => Err(Error::Io(error.to_string())),
    }
}
