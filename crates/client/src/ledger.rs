//! Proofs and exports.

use std::io::Read;

use crate::error::ClientError;
use crate::lists::Query;
use crate::path::Path;
use crate::transport::Client;

impl Client {
    /// The newest checkpoint: a signed note.
    ///
    /// # Errors
    /// See [`ClientError`].
    pub fn checkpoint(&self) -> Result<String, ClientError> {
        self.get_text(&Path::of("ledger/checkpoint"))
    }

    /// The key that checkpoints are signed with, in the form of signed notes.
    ///
    /// # Errors
    /// See [`ClientError`].
    pub fn verifier_key(&self) -> Result<String, ClientError> {
        self.get_text(&Path::of("ledger/vkey"))
    }

    /// The proof that an entry is in the ledger.
    ///
    /// # Errors
    /// See [`ClientError`].
    pub fn proof(&self, seq: u64) -> Result<String, ClientError> {
        self.get_text(&Path::of("ledger/proof").segment(&seq.to_string()))
    }

    /// All matching events, as they come.
    ///
    /// # Errors
    /// See [`ClientError`].
    pub fn export(&self, query: &Query) -> Result<impl Read + use<>, ClientError> {
        let answer = self.get_stream(&query.on(Path::of("audit/export")))?;
        Ok(answer.into_body().into_with_config().limit(u64::MAX).reader())
    }

    /// Whether the server serves.
    ///
    /// # Errors
    /// See [`ClientError`].
    pub fn ready(&self) -> Result<(), ClientError> {
        self.get_text(&Path::root("readyz")).map(|_| ())
    }
}
