//! The writer's thread: take all waiting commands, decide each on the evolving state, commit once, publish, reply.

mod batch;
mod commit;
mod decide;
mod facts;
mod follow;
mod refusals;
mod restore;
mod snapshot;
mod space;

use std::sync::{Arc, Mutex};

use countersign_core::epoch::Restored;
use countersign_core::state::State;
use countersign_store::sqlite::Lock;
use countersign_store::{Blobs, Store};
use tokio::sync::{mpsc, oneshot};

pub(crate) use batch::OutboxEntry;
pub(crate) use follow::Order;
pub(crate) use refusals::Refusals;
pub use space::SpaceState;
pub(crate) use space::{Space, free, state as space_state};

use crate::clock::Judge;
use crate::error::SubmitError;
use crate::executions::ToExecutor;
use crate::high_water::HighWater;
use crate::keys::Keys;
use crate::ledger::Edge;
use crate::published::Published;
use crate::submission::{Receipt, Submission};
use crate::system::Randomness;

/// Commands decided in one transaction.
const MOST_AT_ONCE: usize = 128;
/// Commands that may wait; whoever comes later waits outside.
pub(crate) const QUEUE: usize = 1_024;

/// What the writer is sent.
pub(crate) enum ToWriter {
    /// A command, and who waits for its receipt.
    Submit(Box<Job>),
    /// Forget replies from before this event, and outbox rows up to this one.
    Trim { replies_before: u64, outbox_through: u64 },
    /// The end: what was sent before is still carried out.
    Stop,
}

pub(crate) struct Job {
    pub(crate) submission: Submission,
    pub(crate) reply: oneshot::Sender<Result<Receipt, SubmitError>>,
}

/// Everything the writer owns or uses.
pub(crate) struct Writer {
    pub(crate) store: Box<dyn Store>,
    pub(crate) blobs: Blobs,
    pub(crate) state: State,
    pub(crate) edge: Edge,
    pub(crate) keys: Arc<Keys>,
    pub(crate) randomness: Arc<dyn Randomness>,
    pub(crate) judge: Arc<Mutex<Judge>>,
    pub(crate) high_water: HighWater,
    pub(crate) space: Space,
    pub(crate) published: Arc<Published>,
    pub(crate) refusals: Arc<Refusals>,
    pub(crate) executor: mpsc::UnboundedSender<ToExecutor>,
    pub(crate) on_fatal: Arc<dyn Fn(&SubmitError) + Send + Sync>,
    /// Set when the store could not be read: nothing may be committed after that.
    pub(crate) fatal: Option<SubmitError>,
    /// What there is to accept before anything is appended.
    pub(crate) restored: Option<Restored>,
    pub(crate) snapshot_every: u64,
    /// The size at the last snapshot, or at the last try.
    pub(crate) snapshot_at: u64,
    /// Keeps other servers away for as long as this one writes.
    pub(crate) _lock: Lock,
}

/// Whether the writer goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Next {
    Goes,
    Ends,
}

impl Writer {
    /// Runs until it is told to stop, everybody who could send is gone, or the store fails.
    pub(crate) fn run(mut self, mut queue: mpsc::Receiver<ToWriter>) {
        while let Some(first) = queue.blocking_recv() {
            let mut jobs = Vec::new();
            let mut next = Next::Goes;
            let mut message = Some(first);
            while let Some(now) = message.take() {
                match now {
                    ToWriter::Submit(job) => jobs.push(*job),
                    ToWriter::Trim { replies_before, outbox_through } => {
                        if let Err(error) = self.store.trim(replies_before, outbox_through) {
                            tracing::warn!(%error, "what is over could not be forgotten");
                        }
                    }
                    ToWriter::Stop => next = Next::Ends,
                }
                if next == Next::Goes && jobs.len() < MOST_AT_ONCE {
                    message = queue.try_recv().ok();
                }
            }
            if !jobs.is_empty() && self.carry_out(jobs) == Next::Ends {
                next = Next::Ends;
            }
            if next == Next::Goes && self.snapshot_if_due() == Next::Ends {
                next = Next::Ends;
            }
            if next == Next::Ends {
                break;
            }
        }
        self.record_counted();
        queue.close();
        while let Ok(message) = queue.try_recv() {
            if let ToWriter::Submit(job) = message {
                let _ = job.reply.send(Err(SubmitError::Stopped));
            }
        }
    }
}
