//! Ticket patterns: small enough to be grasped at a glance, and matched in linear time.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The most characters of a pattern, and of a ticket.
const MOST: usize = 128;

/// The shape a ticket number must have, for example `CHG#######` or `INC#+|OPS-#+`.
///
/// `#` is a digit, `@` an ASCII letter, `?` a letter, digit, `-`, `_` or `.`; each may be followed by `+` for one or
/// more. `|` separates alternatives. Letters, digits and `-_./:` stand for themselves, case included.
#[derive(Clone, PartialEq, Eq)]
pub struct TicketPattern {
    text: Arc<str>,
    choices: Arc<[Vec<Piece>]>,
}

/// A pattern that could not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TicketPatternError {
    /// Longer than 128 characters.
    #[error("a ticket pattern has at most 128 characters")]
    Length,
    /// Empty, or an empty alternative beside `|`.
    #[error("a ticket pattern, and each alternative of it, has at least one character")]
    Empty,
    /// A character that means nothing here.
    #[error(
        "`{found}` at character {at} is not allowed in a ticket pattern (letters, digits, `-_./:`, `#`, `@`, `?`, `+` after one of those three, `|`)"
    )]
    Character {
        /// The character, escaped.
        found: String,
        /// Its place, counted from 1.
        at: usize,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Piece {
    class: Class,
    repeats: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Class {
    Digit,
    Letter,
    Word,
    Exactly(char),
}

impl TicketPattern {
    /// The pattern as it was written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether the whole ticket has this shape.
    #[must_use]
    pub fn matches(&self, ticket: &str) -> bool {
        ticket.len() <= MOST && self.choices.iter().any(|pieces| fits(pieces, ticket))
    }
}

/// Keeps the set of pieces that may come next, so no ticket can make it slow.
fn fits(pieces: &[Piece], ticket: &str) -> bool {
    let mut reached = vec![false; pieces.len() + 1];
    if let Some(first) = reached.first_mut() {
        *first = true;
    }
    for c in ticket.chars() {
        let mut next = vec![false; pieces.len() + 1];
        for (index, piece) in pieces.iter().enumerate() {
            if reached.get(index) != Some(&true) || !piece.class.holds(c) {
                continue;
            }
            if let Some(behind) = next.get_mut(index + 1) {
                *behind = true;
            }
            if piece.repeats
                && let Some(same) = next.get_mut(index)
            {
                *same = true;
            }
        }
        reached = next;
    }
    reached.last() == Some(&true)
}

impl Class {
    const fn holds(self, c: char) -> bool {
        match self {
            Self::Digit => c.is_ascii_digit(),
            Self::Letter => c.is_ascii_alphabetic(),
            Self::Word => c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'),
            Self::Exactly(wanted) => c == wanted,
        }
    }
}

impl FromStr for TicketPattern {
    type Err = TicketPatternError;
    fn from_str(text: &str) -> Result<Self, TicketPatternError> {
        if text.chars().count() > MOST {
            return Err(TicketPatternError::Length);
        }
        let mut choices = Vec::new();
        let mut pieces: Vec<Piece> = Vec::new();
        for (index, c) in text.chars().enumerate() {
            let class = match c {
                '#' => Class::Digit,
                '@' => Class::Letter,
                '?' => Class::Word,
                '|' if pieces.is_empty() => return Err(TicketPatternError::Empty),
                '|' => {
                    choices.push(std::mem::take(&mut pieces));
                    continue;
                }
                '+' => match pieces.last_mut() {
                    Some(last) if !last.repeats && !matches!(last.class, Class::Exactly(_)) => {
                        last.repeats = true;
                        continue;
                    }
                    _ => return Err(not_allowed(c, index)),
                },
                _ if c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '/' | ':') => {
                    Class::Exactly(c)
                }
                _ => return Err(not_allowed(c, index)),
            };
            pieces.push(Piece { class, repeats: false });
        }
        if pieces.is_empty() {
            return Err(TicketPatternError::Empty);
        }
        choices.push(pieces);
        Ok(Self { text: text.into(), choices: choices.into() })
    }
}

fn not_allowed(c: char, index: usize) -> TicketPatternError {
    let found = if c.is_ascii_graphic() { c.to_string() } else { c.escape_unicode().to_string() };
    TicketPatternError::Character { found, at: index + 1 }
}

impl fmt::Display for TicketPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl fmt::Debug for TicketPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for TicketPattern {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text)
    }
}

impl<'de> Deserialize<'de> for TicketPattern {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tickets_match_whole_or_not_at_all() {
        let cases = [
            ("CHG#######", "CHG0012345", true),
            ("CHG#######", "CHG001234", false),
            ("CHG#######", "CHG00123456", false),
            ("CHG#######", "chg0012345", false),
            ("CHG#+", "CHG1", true),
            ("CHG#+", "CHG", false),
            ("INC#+|OPS-#+", "OPS-77", true),
            ("INC#+|OPS-#+", "OPS-", false),
            ("@+-#+", "ABC-12", true),
            ("@+-#+", "ABC-12 ", false),
            ("?+", "", false),
            ("?+#", "a1-2", true),
            ("#", "٣", false),
        ];
        for (pattern, ticket, expected) in cases {
            assert_eq!(
                pattern.parse::<TicketPattern>().unwrap().matches(ticket),
                expected,
                "{pattern} {ticket}"
            );
        }
    }

    #[test]
    fn patterns_outside_the_grammar_are_refused_with_their_place() {
        for bad in ["", "|", "A|", "|A", "A||B", "+", "A+", "#++", "A B", "A\u{202e}", "A*", "[0-9]"] {
            assert!(bad.parse::<TicketPattern>().is_err(), "{bad:?}");
        }
        assert!("#".repeat(129).parse::<TicketPattern>().is_err());
        assert_eq!(
            "AB C".parse::<TicketPattern>(),
            Err(TicketPatternError::Character { found: "\\u{20}".to_owned(), at: 3 })
        );
    }

    #[test]
    fn no_ticket_makes_it_slow() {
        let pattern: TicketPattern = "?+".repeat(60).parse().unwrap();
        assert!(!pattern.matches(&format!("{}!", "a".repeat(127))));
        assert!(pattern.matches(&"a".repeat(128)));
        assert!(!pattern.matches(&"a".repeat(129)));
    }
}
