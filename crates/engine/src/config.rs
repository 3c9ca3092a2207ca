//! What an engine is made of.

use std::path::PathBuf;
use std::sync::Arc;

use countersign_ledger::checkpoint::Checkpoint;
use countersign_notify::{Mailer, PublicUrl};

use crate::clock::Clock;
use crate::error::SubmitError;
use crate::system::{OsRandomness, Randomness};

/// How an engine is started.
#[derive(Clone)]
pub struct EngineConfig {
    /// The data directory; made (0700) if it is not there.
    pub data_dir: PathBuf,
    /// The clocks.
    pub clock: Arc<dyn Clock>,
    /// Where seeds come from.
    pub randomness: Arc<dyn Randomness>,
    /// How people are told; `None` while there is no public address (`init`, `recover`): the outbox waits.
    pub mail: Option<MailConfig>,
    /// The runner's socket; `None` means that nothing runs on targets.
    pub runner: Option<PathBuf>,
    /// SHA-256 of the server's binary in hexadecimal, told to the runner.
    pub binary: String,
    /// New work is refused while less than this is free, in bytes. Twice as much must be free before it is taken again.
    pub keep_free: u64,
    /// Bytes set aside to record outcomes when the disk is full.
    pub reserve: u64,
    /// Bytes that all kept outputs may take together.
    pub output_quota: u64,
    /// Entries between two snapshots of the state.
    pub snapshot_every: u64,
    /// Checkpoints of this ledger that were kept elsewhere, their signatures checked: a ledger that does not contain them
    /// is a restored copy.
    pub kept: Vec<Checkpoint>,
    /// Called once if the engine had to stop by itself. The process should exit.
    pub on_fatal: Arc<dyn Fn(&SubmitError) + Send + Sync>,
}

/// How people are told.
#[derive(Clone)]
pub struct MailConfig {
    /// What sends.
    pub mailer: Arc<dyn Mailer>,
    /// Where links lead.
    pub public_url: PublicUrl,
    /// The name of the sender.
    pub sender_name: String,
    /// The sender's address.
    pub sender_address: String,
    /// Set for a demonstration; said in every mail.
    pub demo: Option<String>,
}

impl EngineConfig {
    /// An engine on this directory: no mail, no runner, 64 MiB kept free, 8 MiB reserve, 4 GiB of outputs.
    #[must_use]
    pub fn new(data_dir: impl Into<PathBuf>, clock: Arc<dyn Clock>) -> Self {
        Self {
            data_dir: data_dir.into(),
            clock,
            randomness: Arc::new(OsRandomness),
            mail: None,
            runner: None,
            binary: String::new(),
            keep_free: 64 << 20,
            reserve: 8 << 20,
            output_quota: 4 << 30,
            snapshot_every: 20_000,
            kept: Vec::new(),
            on_fatal: Arc::new(|_| {}),
        }
    }
}

impl std::fmt::Debug for EngineConfig {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("EngineConfig")
            .field("data_dir", &self.data_dir)
            .field("runner", &self.runner)
            .field("mail", &self.mail.is_some())
            .finish_non_exhaustive()
    }
}
