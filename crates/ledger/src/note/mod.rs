//! C2SP signed-note v1.0.0, with Ed25519 keys (signature type 0x01).
//!
//! ```text
//! <text, ends in LF>
//! <empty line>
//! — <key name> base64(key id, 4 bytes ‖ signature)
//! ```

mod key;
mod name;
mod parse;

use std::fmt;

pub use key::{KeyError, KeyId, SigningKey, VerifyingKey};
pub use name::{KeyName, NameError};

use crate::text;

/// The longest note that is read, in bytes.
pub const MAX_NOTE: usize = 64 * 1024;

/// The most signatures that are read.
pub const MAX_SIGNATURES: usize = 100;

/// A text with signatures, none of which is believed before [`verify`](Self::verify).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    text: String,
    signatures: Vec<Signature>,
}

/// One signature line, of whatever type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    name: KeyName,
    id: KeyId,
    bytes: Vec<u8>,
}

/// Why a note was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoteError {
    #[error("note is larger than {MAX_NOTE} bytes")]
    TooLarge,
    #[error("note text must be UTF-8, end in a line feed and have no other control characters")]
    Text,
    #[error("note has no signatures after an empty line")]
    Unsigned,
    #[error("signature line {0} is malformed")]
    SignatureLine(usize),
    #[error("note has more than {MAX_SIGNATURES} signatures")]
    TooManySignatures,
    #[error("two known keys share the name {0} and the key id")]
    Ambiguous(KeyName),
    #[error("the signature of known key {0} is invalid")]
    Invalid(KeyName),
    #[error("note is not signed by any known key")]
    Unverified,
}

impl Note {
    /// An unsigned note.
    pub fn new(text: impl Into<String>) -> Result<Self, NoteError> {
        let text = text.into();
        parse::check_text(&text)?;
        Ok(Self { text, signatures: Vec::new() })
    }

    /// Reads a note with at least one signature line. Its [`Display`](fmt::Display) form is `bytes` again.
    pub fn parse(bytes: &[u8]) -> Result<Self, NoteError> {
        parse::parse(bytes)
    }

    /// Adds a signature over the text.
    pub fn sign(&mut self, key: &SigningKey) {
        let bytes = key.sign(self.text.as_bytes()).to_vec();
        self.signatures.push(Signature { name: key.name().clone(), id: key.id(), bytes });
    }

    /// The known keys that signed, in the order of `known`. Signatures of unknown keys are ignored (name and id
    /// both decide); one bad signature of a known key refuses the whole note; so does having no good one.
    pub fn verify<'k>(&self, known: &'k [VerifyingKey]) -> Result<Vec<&'k VerifyingKey>, NoteError> {
        let mut signers = Vec::new();
        for (at, key) in known.iter().enumerate() {
            let mut before = known.iter().take(at).filter(|other| other.is(key.name(), key.id()));
            if let Some(other) = before.next() {
                if other == key {
                    continue;
                }
                return Err(NoteError::Ambiguous(key.name().clone()));
            }
            let mut own = self.signatures.iter().filter(|line| key.is(&line.name, line.id)).peekable();
            if own.peek().is_none() {
                continue;
            }
            if own.any(|line| !key.verifies(self.text.as_bytes(), &line.bytes)) {
                return Err(NoteError::Invalid(key.name().clone()));
            }
            signers.push(key);
        }
        if signers.is_empty() { Err(NoteError::Unverified) } else { Ok(signers) }
    }

    /// The text, with its final line feed.
    pub fn text(&self) -> &str {
        &self.text
    }

    pub fn signatures(&self) -> &[Signature] {
        &self.signatures
    }
}

impl Signature {
    pub fn name(&self) -> &KeyName {
        &self.name
    }

    pub fn id(&self) -> KeyId {
        self.id
    }

    /// The bytes after the key id.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.text)?;
        self.signatures.iter().try_for_each(|line| writeln!(f, "{line}"))
    }
}

impl fmt::Display for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut bytes = self.id.to_bytes().to_vec();
        bytes.extend_from_slice(&self.bytes);
        write!(f, "— {} {}", self.name, text::base64(&bytes))
    }
}
