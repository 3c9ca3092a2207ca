use std::{fmt, str::FromStr};

use ed25519_dalek::Signer as _;

use super::name::KeyName;
use crate::{hash::sha256_parts, text};

/// Ed25519 in signed-note's list of signature types.
const ED25519: u8 = 0x01;

/// The first four bytes of SHA-256(name ‖ LF ‖ type ‖ public key). Written as eight lowercase hex digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyId([u8; 4]);

/// A public key with its name. Its text form is the *vkey*, `<name>+<key id>+<base64(type ‖ public key)>`.
#[derive(Clone, PartialEq, Eq)]
pub struct VerifyingKey {
    name: KeyName,
    id: KeyId,
    key: ed25519_dalek::VerifyingKey,
}

/// A private key with its name. Overwritten in memory when dropped; never shown.
pub struct SigningKey {
    key: ed25519_dalek::SigningKey,
    public: VerifyingKey,
}

/// Why a vkey was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    #[error("a verifier key has the form <name>+<key id>+<base64>")]
    Form,
    #[error("key type {0:#04x} is not supported: only Ed25519 (0x01) is")]
    Type(u8),
    #[error("not an Ed25519 public key")]
    Key,
    #[error("the key id does not belong to this name and key")]
    Id,
}

impl KeyId {
    pub const fn from_bytes(bytes: [u8; 4]) -> Self {
        Self(bytes)
    }

    pub const fn to_bytes(self) -> [u8; 4] {
        self.0
    }

    fn of(name: &KeyName, public: &[u8; 32]) -> Self {
        let digest = sha256_parts(&[name.as_str().as_bytes(), &[b'\n', ED25519], public]);
        let [a, b, c, d, ..] = *digest.as_bytes();
        Self([a, b, c, d])
    }
}

impl VerifyingKey {
    /// From a raw Ed25519 public key. Keys under which anybody could forge (of small order) are refused.
    pub fn new(name: KeyName, public: &[u8; 32]) -> Result<Self, KeyError> {
        let key = ed25519_dalek::VerifyingKey::from_bytes(public).map_err(|_| KeyError::Key)?;
        if key.is_weak() {
            return Err(KeyError::Key);
        }
        Ok(Self { id: KeyId::of(&name, public), name, key })
    }

    pub fn name(&self) -> &KeyName {
        &self.name
    }

    pub fn id(&self) -> KeyId {
        self.id
    }

    /// The raw Ed25519 public key.
    pub fn public(&self) -> &[u8; 32] {
        self.key.as_bytes()
    }

    /// Whether `signature` (64 bytes) is this key's over `message`, by the strict rules: no malleable forms.
    pub fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        let Ok(signature) = ed25519_dalek::Signature::from_slice(signature) else { return false };
        self.key.verify_strict(message, &signature).is_ok()
    }

    pub(super) fn is(&self, name: &KeyName, id: KeyId) -> bool {
        self.id == id && self.name == *name
    }
}

impl SigningKey {
    /// `seed` is the 32-byte private key of RFC 8032; its keeper overwrites the original.
    pub fn from_seed(name: KeyName, seed: &[u8; 32]) -> Self {
        let key = ed25519_dalek::SigningKey::from_bytes(seed);
        let id = KeyId::of(&name, key.verifying_key().as_bytes());
        let public = VerifyingKey { name, id, key: key.verifying_key() };
        Self { key, public }
    }

    pub fn verifying_key(&self) -> &VerifyingKey {
        &self.public
    }

    pub fn name(&self) -> &KeyName {
        &self.public.name
    }

    pub fn id(&self) -> KeyId {
        self.public.id
    }

    pub(super) fn sign(&self, message: &[u8]) -> [u8; 64] {
        self.key.sign(message).to_bytes()
    }
}

impl FromStr for VerifyingKey {
    type Err = KeyError;

    fn from_str(vkey: &str) -> Result<Self, KeyError> {
        let (name, rest) = vkey.split_once('+').ok_or(KeyError::Form)?;
        let (id, encoded) = rest.split_once('+').ok_or(KeyError::Form)?;
        let name = name.parse().map_err(|_| KeyError::Form)?;
        let id = text::hex_lower(id).map(KeyId).ok_or(KeyError::Form)?;
        let bytes = text::unbase64(encoded).ok_or(KeyError::Form)?;
        let (kind, public) = bytes.split_first().ok_or(KeyError::Form)?;
        if *kind != ED25519 {
            return Err(KeyError::Type(*kind));
        }
        let key = Self::new(name, public.try_into().map_err(|_| KeyError::Key)?)?;
        if key.id == id { Ok(key) } else { Err(KeyError::Id) }
    }
}

impl fmt::Display for VerifyingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut bytes = vec![ED25519];
        bytes.extend_from_slice(self.public());
        write!(f, "{}+{}+{}", self.name, self.id, text::base64(&bytes))
    }
}

impl fmt::Debug for VerifyingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "VerifyingKey({self})")
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SigningKey({}+{}, secret)", self.public.name, self.public.id)
    }
}

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "KeyId({self})")
    }
}
