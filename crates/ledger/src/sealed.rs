//! Sealed fields: a leaf holds a salted digest, the value lies beside it and can be erased.

use std::{cmp::Ordering, fmt, hash::Hasher, marker::PhantomData};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::DeserializeOwned};

use crate::{
    hash::{Digest, sha256_parts},
    json,
};

pub use opening::Opening;

mod opening;

/// A commitment to a `T`: SHA-256(16-byte salt ‖ canonical JSON of the value).
///
/// Serialized as the digest alone and shown as `sealed:ab12cd34…`, so a value can't reach a leaf, a snapshot or a
/// log through it. The traits below hold whatever `T` is.
pub struct Sealed<T> {
    commitment: Digest,
    value: PhantomData<fn() -> T>,
}

/// Why a sealed field didn't open. Never carries any part of the value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    #[error("the value has no canonical JSON form")]
    Unserializable,
    #[error("the value is not the one that was sealed")]
    Mismatch,
    #[error("the sealed value does not have the expected form")]
    Malformed,
}

impl<T> Sealed<T> {
    /// A field whose value is elsewhere, or erased.
    pub const fn from_commitment(commitment: Digest) -> Self {
        Self { commitment, value: PhantomData }
    }

    pub const fn commitment(&self) -> Digest {
        self.commitment
    }

    /// Whether `opening` holds the sealed bytes, whatever they mean.
    pub fn check(&self, opening: &Opening) -> Result<(), SealError> {
        if commit(opening) == self.commitment { Ok(()) } else { Err(SealError::Mismatch) }
    }
}

impl<T: Serialize> Sealed<T> {
    /// `salt` must be fresh and unpredictable: without it a short value could be guessed from its digest.
    pub fn seal(salt: [u8; 16], value: &T) -> Result<(Self, Opening), SealError> {
        let bytes = json::canonical(value).map_err(|_| SealError::Unserializable)?;
        let opening = Opening::new(salt, bytes);
        Ok((Self::from_commitment(commit(&opening)), opening))
    }
}

impl<T: DeserializeOwned> Sealed<T> {
    /// Checks the digest first; only then are the bytes parsed, strictly.
    pub fn open(&self, opening: &Opening) -> Result<T, SealError> {
        self.check(opening)?;
        json::from_canonical(opening.value()).map_err(|_| SealError::Malformed)
    }
}

fn commit(opening: &Opening) -> Digest {
    sha256_parts(&[opening.salt(), opening.value()])
}

impl<T> Clone for Sealed<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Sealed<T> {}

impl<T> PartialEq for Sealed<T> {
    fn eq(&self, other: &Self) -> bool {
        self.commitment == other.commitment
    }
}

impl<T> Eq for Sealed<T> {}

impl<T> PartialOrd for Sealed<T> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<T> Ord for Sealed<T> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.commitment.cmp(&other.commitment)
    }
}

impl<T> std::hash::Hash for Sealed<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.commitment.hash(state);
    }
}

impl<T> fmt::Display for Sealed<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "sealed:{}…", self.commitment.short())
    }
}

impl<T> fmt::Debug for Sealed<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl<T> Serialize for Sealed<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.commitment.serialize(serializer)
    }
}

impl<'de, T> Deserialize<'de> for Sealed<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Digest::deserialize(deserializer).map(Self::from_commitment)
    }
}
