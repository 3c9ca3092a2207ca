//! Patterns for strings.

use std::fmt;
use std::str::FromStr;

use regex_lite::{Regex, RegexBuilder};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The longest source, in bytes.
const MAX_SOURCE: usize = 512;
/// The largest compiled form, in bytes. Matching takes time linear in the text, with this as its factor.
const MAX_COMPILED: usize = 64 * 1024;

/// A regular expression that must match the whole string. Classes such as `\d` and `\w` and the flag `i` know ASCII
/// only; there are no back references and no look-around, so matching is linear in the text.
#[derive(Clone)]
pub struct Pattern {
    source: String,
    compiled: Regex,
}

/// A pattern that can't be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PatternError {
    /// Empty, or longer than 512 bytes.
    #[error("a pattern has 1 to 512 bytes")]
    Length,
    /// Not a regular expression of this kind, or too large when compiled.
    #[error("not a usable pattern: {0}")]
    Syntax(String),
}

impl Pattern {
    /// As it was written, without the implied anchors.
    #[must_use]
    pub fn source(&self) -> &str {
        &self.source
    }

    /// Whether the whole of `text` matches.
    #[must_use]
    pub fn matches(&self, text: &str) -> bool {
        self.compiled.is_match(text)
    }
}

impl FromStr for Pattern {
    type Err = PatternError;

    fn from_str(source: &str) -> Result<Self, PatternError> {
        if source.is_empty() || source.len() > MAX_SOURCE {
            return Err(PatternError::Length);
        }
        let compile = |source: &str| {
            RegexBuilder::new(source)
                .size_limit(MAX_COMPILED)
                .build()
                .map_err(|error| PatternError::Syntax(error.to_string()))
        };
        // Alone first: otherwise `a)|(b` would close the anchoring group and match part of a string.
        compile(source)?;
        Ok(Self { source: source.to_owned(), compiled: compile(&format!("\\A(?:{source})\\z"))? })
    }
}

impl PartialEq for Pattern {
    fn eq(&self, other: &Self) -> bool {
        self.source == other.source
    }
}

impl Eq for Pattern {}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.source)
    }
}

impl fmt::Debug for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.source, f)
    }
}

impl Serialize for Pattern {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.source)
    }
}

impl<'de> Deserialize<'de> for Pattern {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_patterns_match_the_whole_string() {
        for (source, text, expected) in [
            ("[a-z]+", "abc", true),
            ("[a-z]+", "abc\n", false),
            ("[a-z]+", "abc1", false),
            ("a|b", "ab", false),
            ("a$", "a\nrm", false),
            ("(?m)^a$", "a\nrm", false),
            ("(?m)^a$", "rm\na", false),
            (r"\d+", "٣", false),
            ("(?i)k", "\u{212a}", false),
            ("/[^/]+", "/x", true),
        ] {
            assert_eq!(source.parse::<Pattern>().unwrap().matches(text), expected, "{source} {text:?}");
        }
    }

    #[test]
    fn parameters_patterns_are_refused_when_defined() {
        for bad in ["", "(", "a)|(b", "(?x)a #", r"(a)\1", "(?=a)", "a{99999}", "((a{100}){100}){100}"] {
            assert!(bad.parse::<Pattern>().is_err(), "{bad}");
        }
        assert_eq!("a".repeat(513).parse::<Pattern>(), Err(PatternError::Length));
    }

    #[test]
    fn parameters_patterns_do_not_backtrack() {
        let evil: Pattern = "(a+)+b".parse().unwrap();
        assert!(!evil.matches(&"a".repeat(20_000)));
    }
}
