use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::{note::KeyName, text};

/// Which ledger a head belongs to: `<ledger id>/<epoch>`. Also the name of the ledger's key in that epoch, so it
/// keeps to the rules of [`KeyName`].
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Origin {
    name: KeyName,
    ledger: usize,
    epoch: u32,
}

/// Text that is not an origin.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an origin has the form <ledger id>/<epoch>, without white space and '+'")]
pub struct OriginError;

impl Origin {
    pub fn new(ledger: &str, epoch: u32) -> Result<Self, OriginError> {
        format!("{ledger}/{epoch}").parse()
    }

    pub fn as_str(&self) -> &str {
        self.name.as_str()
    }

    /// The part before the last slash: the same in every epoch.
    pub fn ledger(&self) -> &str {
        self.as_str().get(..self.ledger).unwrap_or_default()
    }

    pub fn epoch(&self) -> u32 {
        self.epoch
    }

    pub fn key_name(&self) -> &KeyName {
        &self.name
    }
}

impl FromStr for Origin {
    type Err = OriginError;

    fn from_str(origin: &str) -> Result<Self, OriginError> {
        let (ledger, epoch) = origin.rsplit_once('/').ok_or(OriginError)?;
        let epoch = text::decimal(epoch).and_then(|epoch| epoch.try_into().ok()).ok_or(OriginError)?;
        if ledger.is_empty() {
            return Err(OriginError);
        }
        Ok(Self { name: origin.parse().map_err(|_| OriginError)?, ledger: ledger.len(), epoch })
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for Origin {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Origin {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}
