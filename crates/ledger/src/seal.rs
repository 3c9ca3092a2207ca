//! Batch seals: whoever can only write the database cannot append to the ledger.

use std::{fmt, str::FromStr};

use hmac::{Hmac, Mac};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use sha2::Sha256;
use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::{checkpoint::Origin, hash::Digest, mac};

/// The key of the seals: 32 bytes, kept outside the database.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct SealKey([u8; 32]);

/// What one batch row says about the ledger after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BatchHead<'a> {
    pub origin: &'a Origin,
    /// Sequence number of the batch's first entry.
    pub first_seq: u64,
    /// Number of entries after the batch.
    pub size: u64,
    pub root: Digest,
    /// [`Frontier::digest`](crate::tree::Frontier::digest) after the batch.
    pub frontier: Digest,
}

/// HMAC-SHA-256 over a batch head. Public once stored. Written as 64 lowercase hexadecimal digits. Compared only
/// through [`SealKey::verify`].
#[derive(Clone, Copy)]
pub struct Seal([u8; 32]);

/// The batch was not sealed with this key, or was changed since.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("batch seal does not match")]
pub struct SealMismatch;

/// Text that is not a seal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a batch seal: 64 lowercase hexadecimal digits expected")]
pub struct SealTextError;

impl SealKey {
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    pub fn seal(&self, head: &BatchHead<'_>) -> Seal {
        Seal(self.mac(head).finalize().into_bytes().into())
    }

    /// Compares in constant time.
    pub fn verify(&self, head: &BatchHead<'_>, seal: &Seal) -> Result<(), SealMismatch> {
        self.mac(head).verify_slice(&seal.0).map_err(|_| SealMismatch)
    }

    fn mac(&self, head: &BatchHead<'_>) -> Hmac<Sha256> {
        let mut mac = mac::keyed(&self.0);
        mac::part(&mut mac, b"countersign/batch-seal/v1");
        mac::part(&mut mac, head.origin.as_str().as_bytes());
        mac::part(&mut mac, &head.first_seq.to_be_bytes());
        mac::part(&mut mac, &head.size.to_be_bytes());
        mac::part(&mut mac, head.root.as_bytes());
        mac::part(&mut mac, head.frontier.as_bytes());
        mac
    }
}

impl Seal {
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Debug for SealKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SealKey(secret)")
    }
}

impl fmt::Display for Seal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Seal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Seal({self})")
    }
}

impl FromStr for Seal {
    type Err = SealTextError;

    fn from_str(text: &str) -> Result<Self, SealTextError> {
        crate::text::hex_lower(text).map(Self).ok_or(SealTextError)
    }
}

impl Serialize for Seal {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Seal {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}
