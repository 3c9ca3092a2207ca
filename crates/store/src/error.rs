//! What can go wrong with a store.

use std::path::{Path, PathBuf};

use countersign_core::event::wire::WireError;
use countersign_core::view::cell::CellError;

/// A store that did not do what it was asked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The disk, or the connection to the database, failed. What is on it is uncertain: the process must exit.
    #[error("the database could not be read or written: {0}")]
    Io(String),
    /// No room left.
    #[error("the disk is full")]
    Full,
    /// Another process serves this data.
    #[error("{0} is in use by another server")]
    Locked(PathBuf),
    /// Made by a newer program.
    #[error("the database has schema {found}, and this program knows up to {known}: upgrade it")]
    Newer {
        /// The schema found.
        found: i64,
        /// The newest known.
        known: i64,
    },
    /// The content contradicts itself.
    #[error("the database is damaged: {0}")]
    Corrupt(String),
    /// The database refused a statement.
    #[error("the database refused: {0}")]
    Database(String),
    /// A stored entry that is not an event of this program.
    #[error("entry {seq}: {source}")]
    Entry {
        /// Which entry.
        seq: u64,
        /// Why.
        source: WireError,
    },
    /// A column that holds something else than it should.
    #[error("the index is damaged: {0}")]
    Index(#[from] CellError),
    /// The caller asked for something that makes no sense.
    #[error("{0}")]
    Usage(&'static str),
    /// A file beside the database.
    #[error("{path}: {source}")]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// Kept content is not what its digest says.
    #[error("{0} is not what it was when it was kept")]
    Content(PathBuf),
    /// The space set aside is used up.
    #[error("the space set aside for this is used up")]
    Quota,
}

impl Error {
    pub(crate) fn file(path: &Path) -> impl FnOnce(std::io::Error) -> Self + '_ {
        move |source| match source.kind() {
            std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => Self::Full,
            _ => Self::File { path: path.to_owned(), source },
        }
    }

    /// Whether the process must exit: nothing read or written from here on can be relied on.
    #[must_use]
    pub const fn is_fatal(&self) -> bool {
        matches!(self, Self::Io(_) | Self::Corrupt(_) | Self::Entry { .. })
    }
}

/// A batch that was not acknowledged.
#[derive(Debug, thiserror::Error)]
pub enum AppendError {
    /// Nothing was written.
    #[error("nothing was written: {0}")]
    Definite(#[source] Error),
    /// It may or may not be there: read the head again.
    #[error("it is unknown whether the batch was written: {0}")]
    Unknown(#[source] Error),
    /// The ledger has another size than the batch was made for. Nothing was written.
    #[error("the batch begins at {expected}, and the ledger has {found} entries")]
    Conflict {
        /// Where the batch begins.
        expected: u64,
        /// The size found.
        found: u64,
    },
}
