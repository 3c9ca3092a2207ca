//! Values of parameters. Their types, patterns and choices were checked where the order was made.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::{Bytes, ParameterName, unique};

/// One value. What has a text form of its own (GUID, duration, instant, address) comes as that text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum ParameterValue {
    String(String),
    Integer(i64),
    /// A decimal as it was written, never a binary fraction.
    Decimal(String),
    Boolean(bool),
    List(Vec<String>),
    Table(Vec<Row>),
    File(File),
    Secret(Secret),
}

impl ParameterValue {
    /// Whether it carries text that somebody may have written.
    #[must_use]
    pub const fn is_text(&self) -> bool {
        match self {
            Self::String(_) | Self::List(_) | Self::Table(_) | Self::File(_) | Self::Secret(_) => true,
            Self::Integer(_) | Self::Decimal(_) | Self::Boolean(_) => false,
        }
    }
}

/// A row of a table parameter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Row(#[serde(deserialize_with = "unique::map")] pub BTreeMap<ParameterName, String>);

/// An uploaded file, whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct File {
    pub name: String,
    /// Lower-case hex; checked before the content is used.
    pub sha256: String,
    pub content: Bytes,
}

/// A value that no log, argument or variable may show. Wiped from memory when dropped.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    #[must_use]
    pub fn new(value: String) -> Self {
        Self(Zeroizing::new(value))
    }

    /// The value itself, for the one place that hands it to the target.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("(secret)")
    }
}

impl Serialize for Secret {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.expose())
    }
}

impl<'de> Deserialize<'de> for Secret {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self::new)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s1_a_secret_does_not_show_in_debug_output() {
        let value = ParameterValue::Secret(Secret::new("hunter2".to_owned()));
        assert_eq!(format!("{value:?}"), "Secret((secret))");
    }

    #[test]
    fn a_column_given_twice_is_refused() {
        let twice = r#"{"table":[{"a":"1","a":"2"}]}"#;
        assert!(serde_json::from_str::<ParameterValue>(twice).is_err());
    }
}
