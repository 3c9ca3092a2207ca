//! Keyed digests with a purpose, so that a digest made for one use is worthless for another.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use subtle::ConstantTimeEq;
use zeroize::{Zeroize, ZeroizeOnDrop};

/// A secret key of the installation, kept outside the database.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct Key([u8; 32]);

impl Key {
    #[must_use]
    pub const fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// HMAC-SHA-256 (RFC 2104) over the purpose, a zero byte, and each part behind its length as
    /// eight bytes, big-endian: parts can't run into one another.
    #[must_use]
    pub fn digest(&self, purpose: &str, parts: &[&[u8]]) -> [u8; 32] {
        // HMAC takes keys of any length, so the error can't occur; a wrong digest would only refuse.
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&self.0) else { return [0; 32] };
        mac.update(purpose.as_bytes());
        mac.update(&[0]);
        for part in parts {
            mac.update(&(part.len() as u64).to_be_bytes());
            mac.update(part);
        }
        mac.finalize().into_bytes().into()
    }
}

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Key(…)")
    }
}

/// Compares without telling by the time taken where the difference is.
#[must_use]
pub fn same(a: &[u8], b: &[u8]) -> bool {
    a.ct_eq(b).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn purposes_and_parts_are_apart() {
        let key = Key::new([7; 32]);
        let one = key.digest("a", &[b"bc"]);
        assert_ne!(one, key.digest("ab", &[b"c"]));
        assert_ne!(key.digest("a", &[b"b", b"c"]), one);
        assert_ne!(Key::new([8; 32]).digest("a", &[b"bc"]), one);
        assert_eq!(key.digest("a", &[b"bc"]), one);
        assert!(!format!("{key:?}").contains('7'));
        assert!(same(&one, &one) && !same(&one, &one[1..]) && !same(b"a", b"b"));
    }
}
