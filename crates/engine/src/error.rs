//! What can go wrong with an engine.

use std::path::PathBuf;

use countersign_core::event::wire::WireError;
use countersign_ledger::checkpoint::Origin;

/// Why an engine does not start. It serves nothing rather than something doubtful.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StartError {
    /// The store cannot be opened or read; another server on the same directory among the reasons.
    #[error(transparent)]
    Store(#[from] countersign_store::Error),
    /// A file of the data directory.
    #[error("{path}: {source}")]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The machine gives no randomness or boot id.
    #[error("the system's randomness or clock cannot be read: {0}")]
    System(std::io::Error),
    /// There is a ledger, and a key that belongs to it is gone.
    #[error("{0} is missing: restore the keys of this ledger beside its database")]
    KeyMissing(PathBuf),
    /// A key file that is no key.
    #[error("{0} is not a key of 32 bytes")]
    KeyForm(PathBuf),
    /// The kept reading of the clock cannot be read.
    #[error("{0} holds no reading of the clock: look into why, and remove it")]
    ClockSample(PathBuf),
    /// The high-water file is not readable as one.
    #[error("{0} is damaged; it says how far this ledger has been served and must not be lost")]
    HighWater(PathBuf),
    /// There is no ledger, and this node has served one.
    #[error("the database is empty and this node has served {served} entries: restore a copy of it")]
    Gone {
        /// Entries served before.
        served: u64,
    },
    /// A checkpoint that was kept is another ledger's.
    #[error("the kept checkpoint is of {0}, which is not this ledger")]
    OtherLedger(Origin),
    /// The ledger contradicts itself.
    #[error("the ledger is damaged at entry {seq}: {why}")]
    Damaged {
        /// Where.
        seq: u64,
        /// What is wrong.
        why: String,
    },
    /// An entry of a newer program, or no event at all.
    #[error("entry {seq}: {source}")]
    Entry {
        /// Which.
        seq: u64,
        /// Why.
        source: WireError,
    },
    /// The organization's ledger id cannot name a checkpoint.
    #[error("`{0}` cannot name a ledger")]
    LedgerName(String),
    /// The writer's thread could not be made.
    #[error("the writer could not be started: {0}")]
    Thread(std::io::Error),
}

/// Why a command was not carried out. A refusal is not among these: it is an answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SubmitError {
    /// The ledger is a restored copy that nobody has accepted.
    #[error("the ledger is a restored copy, and nothing is done in its name until it is accepted")]
    Restored,
    /// The engine stops, or has stopped.
    #[error("the server is stopping")]
    Stopped,
    /// Nothing was recorded; the same command may be sent again.
    #[error("nothing was recorded: {0}")]
    NotRecorded(String),
    /// It may have been recorded; send it again with the same idempotency key.
    #[error("it is not known whether this was recorded: {0}")]
    Unknown(String),
}
