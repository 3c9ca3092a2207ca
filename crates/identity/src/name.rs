//! Display names of people and groups.

use unicode_normalization::UnicodeNormalization;

/// Most code points in a name.
pub const MAX: usize = 100;

/// A name as people read it: NFC, inner runs of spaces as one, nothing hidden.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct DisplayName(String);

/// Why a text is no name, with the place in characters, counted from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NameFault {
    #[error("a name needs a letter or digit")]
    Empty,
    #[error("a name has at most {MAX} characters")]
    TooLong,
    #[error("a control, bidirectional or invisible character at position {0}")]
    Hidden(usize),
    #[error("more than four marks on one letter, from position {0}")]
    Marks(usize),
}

impl DisplayName {
    /// # Errors
    /// [`NameFault`].
    pub fn parse(text: &str) -> Result<Self, NameFault> {
        if text.len() > MAX * 16 {
            return Err(NameFault::TooLong);
        }
        if let Some(at) = text.chars().position(countersign_text::is_hidden) {
            return Err(NameFault::Hidden(at + 1));
        }
        let mut marks = 0;
        for (at, c) in text.chars().enumerate() {
            marks = if unicode_normalization::char::is_combining_mark(c) { marks + 1 } else { 0 };
            if marks > 4 {
                return Err(NameFault::Marks(at + 1));
            }
        }
        let text: String = text.split_whitespace().collect::<Vec<_>>().join(" ").nfc().collect();
        if text.chars().count() > MAX {
            return Err(NameFault::TooLong);
        }
        if text.chars().any(char::is_alphanumeric) { Ok(Self(text)) } else { Err(NameFault::Empty) }
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cases() {
        let parse = |text: &str| DisplayName::parse(text).map(|name| name.0);
        assert_eq!(parse("  Ana \u{a0} Rui\u{301}z "), Ok("Ana Ruíz".into()));
        assert_eq!(parse("陳大文"), Ok("陳大文".into()));
        assert_eq!(parse(" . "), Err(NameFault::Empty));
        assert_eq!(parse("Ana\nBcc: x"), Err(NameFault::Hidden(4)));
        assert_eq!(parse("Ana \u{202e}ziuR"), Err(NameFault::Hidden(5)));
        assert_eq!(parse(&format!("Z{}", "\u{336}".repeat(9))), Err(NameFault::Marks(6)));
        assert_eq!(parse(&"x".repeat(101)), Err(NameFault::TooLong));
    }
}
