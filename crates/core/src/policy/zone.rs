//! IANA time zones, from the database compiled into the program: the same on every machine.

use std::fmt;
use std::str::FromStr;
use std::sync::{Arc, LazyLock};

use jiff::tz::{TimeZone, TimeZoneDatabase};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

static DATABASE: LazyLock<TimeZoneDatabase> = LazyLock::new(TimeZoneDatabase::bundled);

/// A zone by its IANA name, for example `Europe/Berlin`. Two names of the same rules are two zones.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Zone(Arc<str>);

/// A name that is not in the time zone database.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not an IANA time zone such as `Europe/Berlin` or `UTC`")]
pub struct ZoneError(String);

impl Zone {
    /// Coordinated universal time.
    #[must_use]
    pub fn utc() -> Self {
        Self("UTC".into())
    }

    /// The name in the database's spelling.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The rules; `None` if this program's database has lost the zone, which closes every window in it.
    pub(super) fn rules(&self) -> Option<TimeZone> {
        DATABASE.get(&self.0).ok()
    }
}

impl FromStr for Zone {
    type Err = ZoneError;
    fn from_str(text: &str) -> Result<Self, ZoneError> {
        let error = || ZoneError(text.chars().take(64).flat_map(char::escape_default).collect());
        if text.len() > 64 {
            return Err(error());
        }
        let zone = DATABASE.get(text).map_err(|_| error())?;
        if zone.is_unknown() {
            return Err(error());
        }
        zone.iana_name().map(|name| Self(name.into())).ok_or_else(error)
    }
}

impl fmt::Display for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for Zone {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

/// A stored name is kept even where this database does not know it, so that replay never fails: the window is then
/// closed, and [`super::PolicyTerms::validate`] refuses it for anything new.
impl<'de> Deserialize<'de> for Zone {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        if text.is_empty() || text.len() > 64 || !text.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(serde::de::Error::custom(ZoneError(
                text.chars().take(64).flat_map(char::escape_default).collect(),
            )));
        }
        Ok(text.parse().unwrap_or_else(|_| Self(text.into())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_zones_of_the_database_are_read() {
        assert_eq!("europe/berlin".parse::<Zone>().unwrap().as_str(), "Europe/Berlin");
        assert_eq!("UTC".parse::<Zone>(), Ok(Zone::utc()));
        for bad in [
            "",
            "Berlin",
            "Etc/Unknown",
            "Europe/Berlin ",
            "../etc/localtime",
            "CET\u{202e}",
            "local",
            "+02:00",
        ] {
            assert!(bad.parse::<Zone>().is_err(), "{bad}");
        }
    }

    #[test]
    fn a_stored_zone_that_was_dropped_is_kept_and_has_no_rules() {
        let zone: Zone = serde_json::from_str("\"Mars/Olympus\"").unwrap();
        assert!(zone.rules().is_none());
        assert_eq!(serde_json::to_string(&zone).unwrap(), "\"Mars/Olympus\"");
        assert!(serde_json::from_str::<Zone>("\"a b\"").is_err());
    }
}
