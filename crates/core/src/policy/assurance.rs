//! How an approval was given.

use serde::{Deserialize, Serialize};

/// The strength of an approval, ordered from weakest to strongest. Judged at the vote only (G11).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
pub enum Assurance {
    /// A signed-in session.
    #[default]
    Session,
    /// A session with a second factor.
    SecondFactor,
    /// A passkey used for this sign-in.
    Passkey,
    /// A signature over the statement itself.
    SignedStatement,
}

impl Assurance {
    /// The words for people.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Session => "a signed-in session",
            Self::SecondFactor => "a second factor",
            Self::Passkey => "a passkey",
            Self::SignedStatement => "a signed statement",
        }
    }
}
