//! Sealing with AES-256-GCM-SIV, each thing bound to what it is and whose it is.

use aes_gcm_siv::aead::{Aead as _, KeyInit as _, Payload};
use aes_gcm_siv::{Aes256GcmSiv, Nonce};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use zeroize::Zeroizing;

use super::key::Key;

const NONCE: usize = 12;

/// Nonce, ciphertext and tag; base64 in the file.
#[derive(Clone)]
pub(super) struct Sealed(Vec<u8>);

impl Serialize for Sealed {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&STANDARD.encode(&self.0))
    }
}

impl<'de> Deserialize<'de> for Sealed {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        STANDARD.decode(text).map(Self).map_err(|_| de::Error::custom("not base64"))
    }
}

/// What is authenticated with it: a value can't be taken for another's.
fn about(what: &str, whose: &str) -> Vec<u8> {
    format!("{}\0{what}\0{whose}", super::FORMAT).into_bytes()
}

pub(super) fn seal(key: &Key, what: &str, whose: &str, plain: &[u8]) -> Sealed {
    let nonce: [u8; NONCE] = *fresh::<NONCE>();
    let aad = about(what, whose);
    let sealed = Aes256GcmSiv::new(key.bytes().into())
        .encrypt(&Nonce::from(nonce), Payload { msg: plain, aad: &aad })
        .unwrap_or_default();
    Sealed([nonce.as_slice(), &sealed].concat())
}

/// `None`: another key, or not what was sealed.
pub(super) fn open(key: &Key, what: &str, whose: &str, sealed: &Sealed) -> Option<Zeroizing<Vec<u8>>> {
    let (nonce, rest) = sealed.0.split_at_checked(NONCE)?;
    let nonce: [u8; NONCE] = nonce.try_into().ok()?;
    let aad = about(what, whose);
    let plain =
        Aes256GcmSiv::new(key.bytes().into()).decrypt(&Nonce::from(nonce), Payload { msg: rest, aad: &aad });
    plain.ok().map(Zeroizing::new)
}

/// Random bytes from the kernel.
pub(super) fn fresh<const N: usize>() -> Zeroizing<[u8; N]> {
    let mut bytes = Zeroizing::new([0; N]);
    #[expect(
        clippy::disallowed_methods,
        reason = "keys and nonces of the runner's vault are drawn here and nowhere else"
    )]
    let drawn = getrandom::fill(bytes.as_mut_slice());
    // A kernel without randomness starts no process either.
    if drawn.is_err() {
        std::process::abort();
    }
    bytes
}
