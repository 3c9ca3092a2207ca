//! Files that a request cites: what is decided on beside the statement's own text.

use countersign_core::parameter::cited;
use countersign_core::statement::Statement;
use countersign_ledger::hash::Digest;
use schemars::JsonSchema;
use serde::Serialize;

use crate::problem::{Problem, Result};
use crate::schema::text;

/// A file that a request cites. Its content is at `/api/v1/requests/{number}/files/{sha256}`.
#[derive(Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub(crate) struct RequestFile {
    /// The parameter whose limit names it.
    parameter: String,
    #[schemars(with = "text::Digest")]
    pub(crate) sha256: Digest,
    /// In bytes.
    size: u64,
}

/// The files that a statement cites, by parameter.
pub(crate) fn of(statement: &Statement) -> Result<Vec<RequestFile>> {
    let mut files = Vec::new();
    for (name, limit) in statement.constraints.iter() {
        let found = cited(&serde_json::to_value(limit).map_err(Problem::internal)?);
        files.extend(found.into_iter().map(|(sha256, size)| RequestFile {
            parameter: name.to_string(),
            sha256,
            size,
        }));
    }
    Ok(files)
}

/// What a file's bytes are to who reads it. What its uploader called them counts for nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Text,
    Other,
}

impl Kind {
    /// Text is valid UTF-8 without NUL.
    pub(crate) fn of(bytes: &[u8]) -> Self {
        if str::from_utf8(bytes).is_ok() && !bytes.contains(&0) { Self::Text } else { Self::Other }
    }

    pub(crate) const fn media_type(self) -> &'static str {
        match self {
            Self::Text => "text/plain; charset=utf-8",
            Self::Other => "application/octet-stream",
        }
    }

    pub(crate) const fn extension(self) -> &'static str {
        match self {
            Self::Text => "txt",
            Self::Other => "bin",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_utf8_without_nul_is_text() {
        for text in ["", "a\r\n", "\u{feff}é\u{202e}", "\u{1b}[2J<script>"] {
            assert_eq!(Kind::of(text.as_bytes()), Kind::Text, "{text:?}");
        }
        for other in [b"a\0b".as_slice(), b"\xff", b"caf\xc3", b"a\0"] {
            assert_eq!(Kind::of(other), Kind::Other, "{other:?}");
        }
    }
}
