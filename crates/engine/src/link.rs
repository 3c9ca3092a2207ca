//! Single-use links (invitations, resets, recovery).
//!
//! The engine draws a nonce and derives the link's secret from it and from a key outside the database. Only the
//! secret's SHA-256 enters the event; the nonce lies in the outbox, so that the mail can be made again after a failure,
//! and is worth nothing without the key.

use std::fmt;

use countersign_identity::token::{Kind, Token};
use countersign_ledger::hash::Digest;
use serde::{Deserialize, Serialize};

use crate::keys::Keys;
use crate::system::Randomness;

/// What a link is made from.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Nonce(String);

impl Nonce {
    pub(crate) fn draw(randomness: &dyn Randomness) -> std::io::Result<Self> {
        Ok(Self(hex::encode(randomness.seed()?)))
    }

    /// The link's secret: `csi_…`, as `countersign_identity::token` reads it.
    pub(crate) fn token(&self, keys: &Keys) -> Token {
        Token::from_entropy(Kind::Link, &keys.link(&self.0))
    }

    /// What stands in the ledger.
    pub(crate) fn digest(&self, keys: &Keys) -> Digest {
        Digest::from_bytes(self.token(keys).hash().0)
    }
}

impl fmt::Debug for Nonce {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Nonce(…)")
    }
}
