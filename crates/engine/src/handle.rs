//! The engine as everybody else sees it.

use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use countersign_core::epoch::Restored;
use countersign_core::id::{ExecutionId, PersonId};
use countersign_core::state::State;
use countersign_core::time::{Instant, Span};
use countersign_ledger::checkpoint::Checkpoint;
use countersign_ledger::note::VerifyingKey;
use countersign_store::{Blobs, Ops, Outputs, Reader};
use tokio::sync::{broadcast, mpsc, oneshot, watch};
use tokio::task::AbortHandle;

use crate::clock::{Boot, Judge};
use crate::config::MailConfig;
use crate::error::SubmitError;
use crate::executions::output::{OutputReader, Running};
use crate::executions::{Shared, ToExecutor};
use crate::health::{self, Health};
use crate::keys::Keys;
use crate::ledger::{Edge, origin};
use crate::outbox::test::MailTest;
use crate::published::{Change, Published};
use crate::submission::{Receipt, Submission};
use crate::writer::{Job, Refusals, ToWriter};

/// How long running programs may take to end when the engine stops.
const STOP_WITHIN: Duration = Duration::from_secs(10);
/// How long a signed checkpoint is handed out before a newer one is signed.
const CHECKPOINT_EVERY: Span = Span::from_secs(1);

/// The engine. Cheap to clone, shared by all.
#[derive(Clone)]
pub struct EngineHandle {
    inner: Arc<Inner>,
}

pub(crate) struct Inner {
    pub(crate) writer: mpsc::Sender<ToWriter>,
    pub(crate) published: Arc<Published>,
    pub(crate) reader: Arc<dyn Reader>,
    pub(crate) ops: Ops,
    pub(crate) blobs: Blobs,
    pub(crate) outputs: Running,
    pub(crate) judge: Arc<Mutex<Judge>>,
    pub(crate) refusals: Arc<Refusals>,
    pub(crate) keys: Arc<Keys>,
    pub(crate) binary: String,
    pub(crate) probe: health::Probe,
    pub(crate) background: Mutex<Background>,
    pub(crate) checkpoint: Mutex<Option<(Boot, String)>>,
    pub(crate) mail: Option<MailConfig>,
    pub(crate) tested: Mutex<Option<Instant>>,
}

/// What runs beside the writer.
#[derive(Default)]
pub(crate) struct Background {
    pub(crate) writer: Option<JoinHandle<()>>,
    pub(crate) tasks: Vec<AbortHandle>,
    pub(crate) executor: Option<mpsc::UnboundedSender<ToExecutor>>,
    pub(crate) shared: Option<Arc<Shared>>,
}

impl EngineHandle {
    pub(crate) fn new(inner: Inner) -> Self {
        Self { inner: Arc::new(inner) }
    }

    pub(crate) fn inner(&self) -> &Inner {
        &self.inner
    }

    /// Sends a command and waits until what it caused is durable. A refusal is an answer, not an error.
    ///
    /// # Errors
    /// See [`SubmitError`]; a command with an idempotency key may be sent again.
    pub async fn submit(&self, submission: Submission) -> Result<Receipt, SubmitError> {
        let (reply, receipt) = oneshot::channel();
        let job = ToWriter::Submit(Box::new(Job { submission, reply }));
        self.inner.writer.send(job).await.map_err(|_| SubmitError::Stopped)?;
        match receipt.await {
            Ok(receipt) => receipt,
            // The writer ended with this command in hand.
            Err(_) => Err(SubmitError::Unknown("the server stopped".to_owned())),
        }
    }

    /// The state as of the last commit. Take it once per question, so that the answer is of one piece.
    #[must_use]
    pub fn state(&self) -> Arc<State> {
        self.inner.published.state()
    }

    /// The tables. Calls block: use them where blocking is allowed.
    #[must_use]
    pub fn reader(&self) -> Arc<dyn Reader> {
        Arc::clone(&self.inner.reader)
    }

    /// Sessions, throttles, deliveries. Calls block, briefly.
    #[must_use]
    pub fn ops(&self) -> Ops {
        self.inner.ops.clone()
    }

    /// Uploaded files.
    #[must_use]
    pub fn blobs(&self) -> Blobs {
        self.inner.blobs.clone()
    }

    /// Kept outputs.
    #[must_use]
    pub fn outputs(&self) -> Outputs {
        self.inner.outputs.outputs().clone()
    }

    /// The key behind the digests of credentials.
    #[must_use]
    pub fn credential_key(&self) -> &[u8; 32] {
        self.inner.keys.credential()
    }

    /// What happens from now on. Who falls behind is told so and fetches anew.
    #[must_use]
    pub fn subscribe(&self) -> broadcast::Receiver<Change> {
        self.inner.published.changes()
    }

    /// The ledger's size, to wait for it to grow.
    #[must_use]
    pub fn size(&self) -> watch::Receiver<u64> {
        self.inner.published.size()
    }

    /// What is wrong with the ledger found, if it is not the one that was served: then it is only read, until
    /// [`Command::AcceptRestore`](countersign_core::command::Command::AcceptRestore) is carried out.
    #[must_use]
    pub fn restored(&self) -> Option<Arc<Restored>> {
        self.inner.published.restored().borrow().clone()
    }

    /// Waits until the ledger is the one that was served, or accepted in its place.
    pub async fn settled(&self) {
        let _ = self.inner.published.restored().wait_for(Option::is_none).await;
    }

    /// An execution's output from its beginning, and what comes while it runs. Who may see it is the caller's matter.
    #[must_use]
    pub fn output(&self, execution: ExecutionId) -> OutputReader {
        let runs = self.state().executions.get(&execution).is_some_and(|execution| !execution.unknown);
        self.inner.outputs.reader(execution, runs)
    }

    /// The present moment, as decisions are made at it.
    #[must_use]
    pub fn now(&self) -> Instant {
        self.inner.judge.lock().unwrap_or_else(PoisonError::into_inner).judge().now
    }

    /// What the wall clock says, if that cannot be believed.
    pub(crate) fn suspicion(&self) -> Option<Instant> {
        self.inner.judge.lock().unwrap_or_else(PoisonError::into_inner).judge().suspect
    }

    /// Sends a test mail to a person and says what the mail server answered. At most one in ten seconds.
    pub async fn test_mail(&self, to: PersonId) -> MailTest {
        crate::outbox::test::mail(self, to).await
    }

    /// Whether so long has gone by since the last test mail that another may be sent.
    pub(crate) fn may_test(&self, now: Instant, next: Span) -> bool {
        let mut last = self.inner.tested.lock().unwrap_or_else(PoisonError::into_inner);
        let may = last.is_none_or(|last| now.since(last) >= next);
        if may {
            *last = Some(now);
        }
        may
    }

    pub(crate) fn binary(&self) -> &str {
        &self.inner.binary
    }

    /// The ledger's head, read back from the database and signed: a C2SP checkpoint, at most one a second. None before
    /// there is an organization.
    ///
    /// # Errors
    /// When the store cannot be read, or its head is not one that this engine sealed.
    pub async fn checkpoint(&self) -> Result<Option<String>, SubmitError> {
        let this = self.clone();
        let signed = tokio::task::spawn_blocking(move || this.sign_checkpoint()).await;
        signed.unwrap_or_else(|error| Err(SubmitError::NotRecorded(error.to_string())))
    }

    fn sign_checkpoint(&self) -> Result<Option<String>, SubmitError> {
        let failed = |why: String| SubmitError::NotRecorded(format!("no checkpoint can be signed: {why}"));
        if self.restored().is_some() {
            return Err(SubmitError::Restored);
        }
        let boot = self.inner.judge.lock().unwrap_or_else(PoisonError::into_inner).boot();
        let mut last = self.inner.checkpoint.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((at, note)) = &*last
            && boot.nanos.saturating_sub(at.nanos) / 1_000 < CHECKPOINT_EVERY.as_micros()
        {
            return Ok(Some(note.clone()));
        }
        let state = self.state();
        let Some(head) = self.inner.reader.head().map_err(|error| failed(error.to_string()))? else {
            return Ok(None);
        };
        let origin = origin(&state).map_err(|error| failed(error.to_string()))?;
        let sealed = Edge::of_head(&head).is_some_and(|edge| {
            edge.is_sealed(&self.inner.keys.seal(), &origin, head.first_seq, &head.seal)
                && edge.root() == head.root
        });
        if !sealed {
            return Err(failed("the head in the database was not sealed by this server".to_owned()));
        }
        let key = self.inner.keys.log(&origin);
        let note = Checkpoint { origin, size: head.size, root: head.root }
            .sign(&key)
            .map_err(|error| failed(error.to_string()))?
            .to_string();
        *last = Some((boot, note.clone()));
        Ok(Some(note))
    }

    /// The public half of the key that signs checkpoints. None before there is an organization, and while a restored copy
    /// waits to be accepted.
    #[must_use]
    pub fn log_key(&self) -> Option<VerifyingKey> {
        let state = self.state();
        let origin =
            (!state.is_empty() && self.restored().is_none()).then(|| origin(&state).ok()).flatten()?;
        Some(self.inner.keys.log(&origin).verifying_key().clone())
    }

    /// How the engine is. Reads the disk and the deliveries: not for every request.
    #[must_use]
    pub fn health(&self) -> Health {
        health::look(self)
    }

    /// Stops: nothing new is taken, running programs are ended and their ends recorded, the writer finishes what it
    /// has. Returns when the data directory is free for another engine.
    pub async fn stop(&self) {
        let (executor, tasks) = {
            let mut background = self.background();
            (background.executor.clone(), std::mem::take(&mut background.tasks))
        };
        if let Some(executor) = executor {
            let (done, ended) = oneshot::channel();
            if executor.send(ToExecutor::Shutdown(done)).is_ok() {
                let _ = tokio::time::timeout(STOP_WITHIN, ended).await;
            }
        }
        tasks.iter().for_each(AbortHandle::abort);
        let _ = self.inner.writer.send(ToWriter::Stop).await;
        self.join().await;
    }

    /// Drops what is over at this moment, as is done each hour.
    ///
    /// # Errors
    /// When the store or a file cannot be read or written.
    #[doc(hidden)]
    pub fn drop_what_is_over(&self, now: Instant) -> Result<(), countersign_store::Error> {
        crate::maintenance::sweep(self, now).map(|_| ())
    }

    /// Ends at once, as if the process had been killed: nothing is stopped, told or recorded.
    #[doc(hidden)]
    pub async fn kill(&self) {
        let tasks = std::mem::take(&mut self.background().tasks);
        tasks.iter().for_each(AbortHandle::abort);
        drop(self.inner.refusals.close_all());
        let _ = self.inner.writer.send(ToWriter::Stop).await;
        self.join().await;
    }

    async fn join(&self) {
        let (writer, shared) = {
            let mut background = self.background();
            background.executor = None;
            (background.writer.take(), background.shared.take())
        };
        if let Some(shared) = shared {
            shared.close();
        }
        if let Some(writer) = writer {
            let _ = tokio::task::spawn_blocking(move || writer.join()).await;
        }
    }

    pub(crate) fn background(&self) -> std::sync::MutexGuard<'_, Background> {
        self.inner.background.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl std::fmt::Debug for EngineHandle {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "EngineHandle(size {})", self.state().next_seq)
    }
}
