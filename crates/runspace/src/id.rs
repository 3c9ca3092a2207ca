//! Names that are parsed once, at the edge.

use serde::{Deserialize, Serialize};

/// An execution: `x-` and 32 lower-case hex digits (128 random bits).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ExecutionId(String);

impl ExecutionId {
    /// From 16 random bytes.
    #[must_use]
    pub fn from_random(bytes: [u8; 16]) -> Self {
        Self(format!("x-{}", hex::encode(bytes)))
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for ExecutionId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for ExecutionId {
    type Error = BadName;

    fn try_from(text: String) -> Result<Self, BadName> {
        let digits = text.strip_prefix("x-").unwrap_or_default();
        let good = digits.len() == 32 && digits.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        if good { Ok(Self(text)) } else { Err(BadName("an execution id is x- and 32 lower-case hex digits")) }
    }
}

impl std::str::FromStr for ExecutionId {
    type Err = BadName;

    fn from_str(text: &str) -> Result<Self, BadName> {
        Self::try_from(text.to_owned())
    }
}

impl From<ExecutionId> for String {
    fn from(id: ExecutionId) -> Self {
        id.0
    }
}

/// A parameter's name: 1 to 64 letters, digits, `_` or `-`, beginning with a letter.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ParameterName(String);

impl ParameterName {
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for ParameterName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for ParameterName {
    type Error = BadName;

    fn try_from(text: String) -> Result<Self, BadName> {
        let mut bytes = text.bytes();
        let good = bytes.next().is_some_and(|b| b.is_ascii_alphabetic())
            && bytes.all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-')
            && text.len() <= 64;
        if good {
            Ok(Self(text))
        } else {
            Err(BadName("a parameter name is 1 to 64 letters, digits, _ or -"))
        }
    }
}

impl std::str::FromStr for ParameterName {
    type Err = BadName;

    fn from_str(text: &str) -> Result<Self, BadName> {
        Self::try_from(text.to_owned())
    }
}

impl From<ParameterName> for String {
    fn from(name: ParameterName) -> Self {
        name.0
    }
}

/// A target's name in the host file: 1 to 64 lower-case letters, digits, `_` or `-`, beginning with a letter.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct TargetName(String);

impl TargetName {
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for TargetName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for TargetName {
    type Error = BadName;

    fn try_from(text: String) -> Result<Self, BadName> {
        let mut bytes = text.bytes();
        let good = bytes.next().is_some_and(|b| b.is_ascii_lowercase())
            && bytes.all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_' || b == b'-')
            && text.len() <= 64;
        if good {
            Ok(Self(text))
        } else {
            Err(BadName("a target's name is 1 to 64 of a-z, 0-9, _ and -, and begins with a letter"))
        }
    }
}

impl std::str::FromStr for TargetName {
    type Err = BadName;

    fn from_str(text: &str) -> Result<Self, BadName> {
        Self::try_from(text.to_owned())
    }
}

impl From<TargetName> for String {
    fn from(name: TargetName) -> Self {
        name.0
    }
}

/// A name that does not have its form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct BadName(&'static str);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_have_exactly_one_spelling() {
        assert!("x-00112233445566778899aabbccddeeff".parse::<ExecutionId>().is_ok());
        for bad in [
            "",
            "x-",
            "x-00112233445566778899aabbccddeefF",
            "00112233445566778899aabbccddeeff",
            "x-../../../etc/passwd",
        ] {
            assert!(bad.parse::<ExecutionId>().is_err(), "{bad}");
        }
        assert_eq!(ExecutionId::from_random([0x0f; 16]).as_str(), "x-0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f");
    }
}
