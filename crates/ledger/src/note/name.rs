use std::{fmt, str::FromStr};

/// The name of a key: not empty, no white space, no `+`, no control characters, at most 255 bytes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyName(String);

/// Text that can't name a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a key name is 1 to 255 bytes without white space, control characters and '+'")]
pub struct NameError;

impl KeyName {
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for KeyName {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, NameError> {
        let bad = text.chars().any(|c| c.is_whitespace() || c.is_control() || c == '+');
        if bad || text.is_empty() || text.len() > 255 { Err(NameError) } else { Ok(Self(text.to_owned())) }
    }
}

impl fmt::Display for KeyName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
