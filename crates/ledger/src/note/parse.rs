use super::{KeyId, MAX_NOTE, MAX_SIGNATURES, Note, NoteError, Signature};
use crate::text;

pub(super) fn check_text(text: &str) -> Result<(), NoteError> {
    if text.len() > MAX_NOTE {
        return Err(NoteError::TooLarge);
    }
    let control = text.chars().any(|c| c < ' ' && c != '\n');
    if control || !text.ends_with('\n') { Err(NoteError::Text) } else { Ok(()) }
}

pub(super) fn parse(bytes: &[u8]) -> Result<Note, NoteError> {
    if bytes.len() > MAX_NOTE {
        return Err(NoteError::TooLarge);
    }
    let whole = str::from_utf8(bytes).map_err(|_| NoteError::Text)?;
    check_text(whole)?;
    // The text may have empty lines of its own: the last one divides.
    let (text, lines) = whole.rsplit_once("\n\n").ok_or(NoteError::Unsigned)?;
    let lines = lines.strip_suffix('\n').ok_or(NoteError::Unsigned)?;
    let mut signatures = Vec::new();
    for (at, line) in lines.split('\n').enumerate() {
        if at == MAX_SIGNATURES {
            return Err(NoteError::TooManySignatures);
        }
        signatures.push(signature(line).ok_or(NoteError::SignatureLine(at + 1))?);
    }
    Ok(Note { text: format!("{text}\n"), signatures })
}

fn signature(line: &str) -> Option<Signature> {
    let (name, encoded) = line.strip_prefix("— ")?.split_once(' ')?;
    let bytes = text::unbase64(encoded)?;
    let (id, bytes) = bytes.split_first_chunk::<4>()?;
    if bytes.is_empty() {
        return None;
    }
    Some(Signature { name: name.parse().ok()?, id: KeyId::from_bytes(*id), bytes: bytes.to_vec() })
}
