//! HMAC-SHA-256 (RFC 2104) under a 32-byte key.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use zeroize::Zeroize;

/// Starts a MAC. HMAC fills short keys with zeros up to the hash's block, so the filled key is the same key,
/// and the constructor for whole blocks can't fail.
pub(crate) fn keyed(key: &[u8; 32]) -> Hmac<Sha256> {
    let mut block = [0_u8; 64];
    for (to, from) in block.iter_mut().zip(key) {
        *to = *from;
    }
    let mut filled = block.into();
    let mac = <Hmac<Sha256> as KeyInit>::new(&filled);
    filled.as_mut_slice().zeroize();
    block.zeroize();
    mac
}

/// Adds a part preceded by its length, so that no two lists of parts give the same bytes.
pub(crate) fn part(mac: &mut Hmac<Sha256>, bytes: &[u8]) {
    mac.update(&(bytes.len() as u64).to_be_bytes());
    mac.update(bytes);
}
