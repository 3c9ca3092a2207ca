//! C2SP tlog-checkpoint v1.0.0: the signed head of a ledger.

mod origin;

pub use origin::{Origin, OriginError};

use crate::{
    MAX_SIZE,
    hash::{Digest, empty_root},
    note::{Note, NoteError, SigningKey, VerifyingKey},
    text,
};

/// A ledger's head: three lines of note text, origin, size and root. Extension lines are refused: our ledgers
/// write none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    pub origin: Origin,
    /// Number of entries.
    pub size: u64,
    pub root: Digest,
}

/// Why a checkpoint was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CheckpointError {
    #[error("a checkpoint is three lines: origin, size, root hash")]
    Form,
    #[error(transparent)]
    Origin(#[from] OriginError),
    #[error("checkpoint size must be a decimal number up to 2^53 − 1 without leading zeros")]
    Size,
    #[error("checkpoint root must be 32 bytes in base64, for size 0 the empty tree's")]
    Root,
    #[error("the key {key} does not speak for the origin {origin}")]
    Name { key: String, origin: Origin },
    #[error(transparent)]
    Note(#[from] NoteError),
}

impl Checkpoint {
    /// The note text.
    pub fn to_text(&self) -> String {
        format!("{}\n{}\n{}\n", self.origin, self.size, text::base64(self.root.as_bytes()))
    }

    /// The inverse of [`to_text`](Self::to_text). No signature is checked: with [`Note::parse`] this tells which
    /// origin, and so which key, a note claims.
    pub fn from_text(text: &str) -> Result<Self, CheckpointError> {
        let body = text.strip_suffix('\n').ok_or(CheckpointError::Form)?;
        let mut lines = body.split('\n');
        let (Some(origin), Some(size), Some(root), None) =
            (lines.next(), lines.next(), lines.next(), lines.next())
        else {
            return Err(CheckpointError::Form);
        };
        let origin = origin.parse()?;
        let size = text::decimal(size).filter(|size| *size <= MAX_SIZE).ok_or(CheckpointError::Size)?;
        let root = text::digest_base64(root).ok_or(CheckpointError::Root)?;
        if size == 0 && root != empty_root() {
            return Err(CheckpointError::Root);
        }
        Ok(Self { origin, size, root })
    }

    /// The signed note. The key's name must be the origin.
    pub fn sign(&self, key: &SigningKey) -> Result<Note, CheckpointError> {
        self.named(key.verifying_key())?;
        let mut note = Note::new(self.to_text())?;
        note.sign(key);
        Ok(note)
    }

    /// Reads a signed checkpoint whose signature by `key` holds and whose origin is the key's name. Signatures of
    /// other keys (witnesses) are ignored.
    pub fn open(note: &[u8], key: &VerifyingKey) -> Result<Self, CheckpointError> {
        let note = Note::parse(note)?;
        note.verify(std::slice::from_ref(key))?;
        let checkpoint = Self::from_text(note.text())?;
        checkpoint.named(key)?;
        Ok(checkpoint)
    }

    fn named(&self, key: &VerifyingKey) -> Result<(), CheckpointError> {
        if key.name() == self.origin.key_name() {
            return Ok(());
        }
        Err(CheckpointError::Name { key: key.name().to_string(), origin: self.origin.clone() })
    }
}
