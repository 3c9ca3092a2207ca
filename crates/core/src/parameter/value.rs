//! Values in their canonical form.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use countersign_ledger::hash::Digest;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value as Json;

use super::address::Address;
use super::decimal::Decimal;
use super::duration;
use super::kind::IdentityKind;
use super::size::Size;
use crate::time::{Instant, Span};

/// A value that was checked against its parameter, in canonical form.
///
/// `Serialize` writes it with its kind, `{"integer":5}`, so that a statement can be judged without the definition it
/// was made for; [`Value::to_json`] writes the bare form that programs and people use.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Value {
    /// Text.
    String(String),
    /// A whole number within ±(2^53 − 1).
    Integer(i64),
    /// A decimal number.
    Decimal(Decimal),
    /// True or false; also a switch.
    Boolean(bool),
    /// One of the definition's options, as spelt there.
    Choice(String),
    /// Values in order.
    List(Vec<Self>),
    /// Lists by key; keys without items are left out.
    Table(BTreeMap<String, Vec<Self>>),
    /// A GUID.
    Guid(Guid),
    /// A size.
    Size(Size),
    /// Whole seconds.
    #[serde(with = "duration::wire")]
    Duration(Span),
    /// A point in time.
    #[serde(with = "instant")]
    Instant(Instant),
    /// A mail address.
    Address(Address),
    /// An object of Countersign's own.
    Identity(Identity),
    /// An uploaded file.
    File(FileValue),
}

/// A GUID, written in lower case.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Guid(u128);

/// The id or name of an object. Names compare without regard to ASCII case, as they do everywhere.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Identity {
    /// Which noun.
    pub of: IdentityKind,
    /// Its id, or its name as it was written.
    pub id: String,
}

/// A file by what it is, not by where it lies.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileValue {
    /// SHA-256 of its bytes.
    pub sha256: Digest,
    /// Number of its bytes.
    pub size: u64,
    /// Its media type, such as `text/plain`.
    pub media_type: String,
}

impl Value {
    /// The bare JSON form: what a caller would write.
    #[must_use]
    pub fn to_json(&self) -> Json {
        let list = |items: &[Self]| items.iter().map(Self::to_json).collect::<Json>();
        match self {
            Self::String(text) | Self::Choice(text) => text.as_str().into(),
            Self::Integer(number) => (*number).into(),
            Self::Boolean(flag) => (*flag).into(),
            Self::List(items) => list(items),
            Self::Table(lists) => lists.iter().map(|(key, items)| (key.clone(), list(items))).collect(),
            Self::Size(Size::Bytes(bytes)) => (*bytes).into(),
            Self::Decimal(number) => number.to_string().into(),
            Self::Guid(guid) => guid.to_string().into(),
            Self::Size(Size::Unlimited) => "Unlimited".into(),
            Self::Duration(span) => duration::write(*span).into(),
            Self::Instant(at) => instant::write(*at).into(),
            Self::Address(address) => address.as_str().into(),
            Self::Identity(identity) => identity.id.as_str().into(),
            Self::File(file) => serde_json::json!({
                "sha256": file.sha256.to_string(), "size": file.size, "media_type": file.media_type,
            }),
        }
    }

    /// A scalar as one plain text, as it would stand in an argument; `None` for lists, tables and files.
    #[must_use]
    pub fn to_text(&self) -> Option<String> {
        match self.to_json() {
            Json::String(text) => Some(text),
            Json::Array(_) | Json::Object(_) => None,
            scalar => Some(scalar.to_string()),
        }
    }

    /// Its place on a number line shared by values of one kind; `None` where there is no order. Values of different
    /// kinds have different first parts.
    pub(super) const fn rank(&self) -> Option<(u8, i128)> {
        match self {
            Self::Integer(number) => Some((0, *number as i128)),
            Self::Decimal(number) => Some((1, number.units())),
            Self::Size(size) => Some((2, size.rank() as i128)),
            Self::Duration(span) => Some((3, span.as_secs() as i128)),
            Self::Instant(at) => Some((4, at.as_micros() as i128)),
            _ => None,
        }
    }
}

impl FromStr for Guid {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let groups: Vec<&str> = text.split('-').collect();
        let lengths: Vec<usize> = groups.iter().map(|group| group.len()).collect();
        let digits = groups.concat();
        if lengths != [8, 4, 4, 4, 12] || !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(());
        }
        u128::from_str_radix(&digits, 16).map(Self).map_err(|_| ())
    }
}

impl fmt::Display for Guid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let part = |shift: u32, bits: u32| (self.0 >> shift) & ((1 << bits) - 1);
        let (a, b, c, d, e) = (part(96, 32), part(80, 16), part(64, 16), part(48, 16), part(0, 48));
        write!(f, "{a:08x}-{b:04x}-{c:04x}-{d:04x}-{e:012x}")
    }
}

impl fmt::Debug for Guid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for Guid {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Guid {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(|()| serde::de::Error::custom("expected a GUID"))
    }
}

impl Identity {
    fn key(&self) -> (IdentityKind, String) {
        (self.of, self.id.to_ascii_lowercase())
    }
}

impl PartialEq for Identity {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Identity {}

impl PartialOrd for Identity {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Identity {
    fn cmp(&self, other: &Self) -> Ordering {
        self.key().cmp(&other.key())
    }
}

/// Instants as RFC 3339 text in UTC.
pub(super) mod instant {
    use serde::{Deserialize, Deserializer, Serializer};

    use crate::time::Instant;

    /// Reads `2026-11-22T09:00:00Z`, with up to six digits of fraction. Offsets other than `Z` are refused: what
    /// approvers read must be what was written.
    pub(in crate::parameter) fn read(text: &str) -> Option<Instant> {
        let plain = |c: char| c.is_ascii_digit() || "-:T.Z".contains(c);
        let shaped = text.chars().all(plain) && text.ends_with('Z') && text.chars().nth(10) == Some('T');
        let fraction = text.split_once('.').map_or(0, |(_, part)| part.len() - 1);
        if !shaped || text.len() < 20 || fraction > 6 {
            return None;
        }
        let timestamp = text.parse::<jiff::Timestamp>().ok()?;
        Some(Instant::from_micros(timestamp.as_microsecond()))
    }

    /// The canonical form, with as many digits of fraction as needed.
    pub(in crate::parameter) fn write(at: Instant) -> String {
        at.timestamp().map_or_else(|| at.to_string(), |timestamp| timestamp.to_string())
    }

    pub(in crate::parameter) fn serialize<S: Serializer>(
        at: &Instant,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&write(*at))
    }

    pub(in crate::parameter) fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<Instant, D::Error> {
        read(&String::deserialize(d)?).ok_or_else(|| serde::de::Error::custom("expected an instant in UTC"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_guids_have_one_form() {
        let guid: Guid = "6F9619FF-8B86-D011-B42D-00C04FC964FF".parse().unwrap();
        assert_eq!(guid.to_string(), "6f9619ff-8b86-d011-b42d-00c04fc964ff");
        for bad in [
            "",
            "6f9619ff8b86d011b42d00c04fc964ff",
            "{6f9619ff-8b86-d011-b42d-00c04fc964ff}",
            "6f9619ff-8b86-d011-b42d-00c04fc964f",
            "6f9619ff-8b86-d011-b42d-00c04fc964fg",
            "+f9619ff-8b86-d011-b42d-00c04fc964ff",
        ] {
            assert!(bad.parse::<Guid>().is_err(), "{bad}");
        }
    }

    #[test]
    fn parameters_instants_are_utc_and_have_one_form() {
        let read = |text| instant::read(text).map(instant::write);
        assert_eq!(read("2026-11-22T09:00:00Z").as_deref(), Some("2026-11-22T09:00:00Z"));
        assert_eq!(read("2026-11-22T09:00:00.500Z").as_deref(), Some("2026-11-22T09:00:00.5Z"));
        for bad in [
            "",
            "2026-11-22",
            "2026-11-22T09:00:00",
            "2026-11-22T09:00:00+01:00",
            "2026-11-22 09:00:00Z",
            "2026-11-22T09:00:00z",
            "2026-13-22T09:00:00Z",
            "2026-02-30T09:00:00Z",
            "2026-11-22T09:00:00.1234567Z",
            "2026-11-22T09:00:00Z[UTC]",
            "20261122T090000Z",
            "-2026-11-22T09:00Z",
        ] {
            assert_eq!(read(bad), None, "{bad}");
        }
    }

    #[test]
    fn parameters_values_say_their_kind_when_stored() {
        for (value, stored, bare) in [
            (Value::Integer(5), r#"{"integer":5}"#, "5"),
            (Value::Size(Size::Bytes(1024)), r#"{"size":1024}"#, "1024"),
            (Value::Duration(Span::from_secs(60)), r#"{"duration":"PT60S"}"#, r#""PT60S""#),
            (Value::List(vec![Value::Boolean(true)]), r#"{"list":[{"boolean":true}]}"#, "[true]"),
            (Value::Choice("A".to_owned()), r#"{"choice":"A"}"#, r#""A""#),
        ] {
            assert_eq!(serde_json::to_string(&value).unwrap(), stored);
            assert_eq!(serde_json::from_str::<Value>(stored).unwrap(), value);
            assert_eq!(value.to_json().to_string(), bare);
        }
    }
}
