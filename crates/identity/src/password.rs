//! Passwords of local accounts: what is accepted, how it is stored, how it is checked.
//! Sources: NIST SP 800-63B-4 section 3.1.1 (length, no composition rules), RFC 8265 section 4
//! (OpaqueString), RFC 9106 and OWASP (Argon2id with 19 MiB, two passes, one lane).

mod hash;
mod policy;

use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroizing;

pub use hash::{Cost, HashFault, Hasher, Phc, Verdict, keyed_digest};
pub use policy::{MAX, MIN, Weak, check};

/// Bytes of a password as received; more is refused unread.
const MAX_BYTES: usize = 1024;

/// A password in clear, in the one form that is hashed: NFC, every kind of space as U+0020.
#[derive(Clone)]
pub struct Password(Zeroizing<String>);

/// A text that can't be a password, neither a new one nor a typed one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PasswordFault {
    #[error("the password is empty")]
    Empty,
    #[error("the password is longer than {} characters", MAX)]
    TooLong,
    #[error("the password has a control character at position {0}")]
    Control(usize),
}

impl Password {
    /// Takes what was typed. Says nothing about strength: see [`check`].
    ///
    /// # Errors
    /// [`PasswordFault`].
    pub fn parse(typed: &str) -> Result<Self, PasswordFault> {
        if typed.is_empty() {
            return Err(PasswordFault::Empty);
        }
        if typed.len() > MAX_BYTES {
            return Err(PasswordFault::TooLong);
        }
        if let Some(at) = typed.chars().position(char::is_control) {
            return Err(PasswordFault::Control(at + 1));
        }
        // NFC can lengthen a text threefold at most, so this never reallocates and leaves a copy behind.
        let mut text = Zeroizing::new(String::with_capacity(typed.len() * 3));
        text.extend(typed.chars().map(|c| if c.is_whitespace() { ' ' } else { c }).nfc());
        if text.chars().count() > MAX {
            return Err(PasswordFault::TooLong);
        }
        Ok(Self(text))
    }

    pub(crate) fn reveal(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Password {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Password(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_form_for_what_looks_the_same() {
        let composed = Password::parse("p\u{e9}che et abricot").unwrap();
        let decomposed = Password::parse("pe\u{301}che\u{a0}et\u{3000}abricot").unwrap();
        assert_eq!(composed.reveal(), decomposed.reveal());
        assert_eq!(format!("{composed:?}"), "Password(…)");
    }

    #[test]
    fn bounds() {
        assert_eq!(Password::parse("").unwrap_err(), PasswordFault::Empty);
        assert_eq!(Password::parse("ab\nc").unwrap_err(), PasswordFault::Control(3));
        assert!(Password::parse(&"é".repeat(256)).is_ok());
        assert_eq!(Password::parse(&"é".repeat(257)).unwrap_err(), PasswordFault::TooLong);
        assert_eq!(Password::parse(&"x".repeat(1_000_000)).unwrap_err(), PasswordFault::TooLong);
    }
}
