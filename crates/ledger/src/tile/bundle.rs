use super::WIDTH;
use crate::MAX_ENTRY;

/// Why entries don't make a bundle, or bytes aren't one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BundleError {
    #[error("a bundle holds 1 to 256 entries, not {0}")]
    Width(usize),
    #[error("entry {0} of the bundle is larger than {MAX_ENTRY} bytes")]
    Entry(usize),
    #[error("the bundle ends within entry {0}")]
    Short(usize),
    #[error("{0} bytes follow the last entry")]
    Trailing(usize),
}

/// The bytes of a bundle: each entry after its length, two bytes, big endian.
pub fn encode_bundle<E: AsRef<[u8]>>(entries: &[E]) -> Result<Vec<u8>, BundleError> {
    if entries.is_empty() || entries.len() > WIDTH.into() {
        return Err(BundleError::Width(entries.len()));
    }
    let mut bytes = Vec::new();
    for (at, entry) in entries.iter().enumerate() {
        let entry = entry.as_ref();
        let length = u16::try_from(entry.len()).ok().filter(|length| usize::from(*length) <= MAX_ENTRY);
        bytes.extend_from_slice(&length.ok_or(BundleError::Entry(at))?.to_be_bytes());
        bytes.extend_from_slice(entry);
    }
    Ok(bytes)
}

/// The entries of a bundle of `width`, exactly.
pub fn decode_bundle(bytes: &[u8], width: u16) -> Result<Vec<&[u8]>, BundleError> {
    if width == 0 || width > WIDTH {
        return Err(BundleError::Width(width.into()));
    }
    let mut entries = Vec::with_capacity(width.into());
    let mut rest = bytes;
    for at in 0..usize::from(width) {
        let (length, after) = rest.split_first_chunk::<2>().ok_or(BundleError::Short(at))?;
        let length = usize::from(u16::from_be_bytes(*length));
        if length > MAX_ENTRY {
            return Err(BundleError::Entry(at));
        }
        let (entry, after) = after.split_at_checked(length).ok_or(BundleError::Short(at))?;
        entries.push(entry);
        rest = after;
    }
    if rest.is_empty() { Ok(entries) } else { Err(BundleError::Trailing(rest.len())) }
}
