use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de, ser};
use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::text;

/// What opens a sealed field: the salt, and the value's canonical JSON.
///
/// Serialized as `{"salt": <32 lowercase hex digits>, "value": <the JSON text, as a string>}`. Overwritten in
/// memory when dropped. Its parts are unchecked until a [`Sealed`](super::Sealed) has opened it.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct Opening {
    salt: [u8; 16],
    value: Vec<u8>,
}

impl Opening {
    pub const fn new(salt: [u8; 16], value: Vec<u8>) -> Self {
        Self { salt, value }
    }

    pub const fn salt(&self) -> &[u8; 16] {
        &self.salt
    }

    /// Canonical JSON bytes.
    pub fn value(&self) -> &[u8] {
        &self.value
    }
}

#[derive(Serialize)]
struct Shown<'a> {
    salt: String,
    value: &'a str,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Read {
    salt: String,
    value: String,
}

impl Serialize for Opening {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let value =
            str::from_utf8(&self.value).map_err(|_| ser::Error::custom("sealed value is not UTF-8"))?;
        Shown { salt: hex::encode(self.salt), value }.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Opening {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let Read { salt, value } = Read::deserialize(deserializer)?;
        let salt =
            text::hex_lower(&salt).ok_or_else(|| de::Error::custom("salt: 32 lowercase hex digits"))?;
        Ok(Self::new(salt, value.into_bytes()))
    }
}

impl fmt::Debug for Opening {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Opening(redacted)")
    }
}
