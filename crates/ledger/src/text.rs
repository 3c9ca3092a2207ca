//! The strict text forms that several formats share. Every value has exactly one accepted spelling.

use base64::{Engine, engine::general_purpose::STANDARD};

use crate::hash::Digest;

/// `N` bytes from exactly `2 N` lowercase hexadecimal digits.
pub(crate) fn hex_lower<const N: usize>(text: &str) -> Option<[u8; N]> {
    if text.bytes().any(|byte| byte.is_ascii_uppercase()) {
        return None;
    }
    let mut bytes = [0; N];
    hex::decode_to_slice(text, &mut bytes).ok()?;
    Some(bytes)
}

/// Standard base64 with padding (RFC 4648 section 4).
pub(crate) fn base64(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

/// The inverse of [`base64`]: missing padding and non-zero spare bits are refused.
pub(crate) fn unbase64(text: &str) -> Option<Vec<u8>> {
    STANDARD.decode(text).ok()
}

/// One digest in base64.
pub(crate) fn digest_base64(text: &str) -> Option<Digest> {
    Digest::try_from(unbase64(text)?.as_slice()).ok()
}

/// A number in decimal without sign or leading zeros.
pub(crate) fn decimal(text: &str) -> Option<u64> {
    let canonical = text == "0" || !text.starts_with('0');
    if canonical && text.bytes().all(|byte| byte.is_ascii_digit()) { text.parse().ok() } else { None }
}
