//! What every entry has around what happened.

use countersign_ledger::{Digest, MAX_ENTRY, json};
use serde::Deserialize;
use serde_json::Value;

use super::{Body, Person, Token};

/// The version of every kind that this program knows.
const VERSION: u16 = 1;
/// The rule set that this program knows.
const RULES: u16 = 1;

/// An entry that was read.
#[derive(Debug)]
pub(crate) struct Envelope {
    pub(crate) seq: u64,
    /// Microseconds since 1970-01-01T00:00:00Z.
    pub(crate) time: i64,
    pub(crate) actor: Actor,
    pub(crate) request: Option<u64>,
    pub(crate) cause: Option<Cause>,
    pub(crate) body: Body,
}

/// Who an event is attributed to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum Actor {
    Person {
        id: Person,
        #[serde(default)]
        token: Option<Token>,
    },
    Host {},
    System {},
}

/// The command behind an event, by digests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Cause {
    key: Digest,
    command: Digest,
}

/// Why an entry could not be read.
#[derive(Debug)]
pub(crate) enum Unreadable {
    /// It is not what an entry looks like.
    Malformed(String),
    /// It may be right, but a newer program wrote it.
    Unknown(String),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wire {
    seq: u64,
    #[serde(rename = "type")]
    kind: String,
    v: u16,
    rules: u16,
    time: i64,
    actor: Actor,
    #[serde(default)]
    request: Option<u64>,
    #[serde(default)]
    cause: Option<Cause>,
    data: Value,
}

impl Envelope {
    pub(crate) fn read(bytes: &[u8]) -> Result<Self, Unreadable> {
        use Unreadable::{Malformed, Unknown};
        if bytes.len() > MAX_ENTRY {
            return Err(Malformed(format!(
                "it is {} bytes long; an entry holds at most {MAX_ENTRY}",
                bytes.len()
            )));
        }
        let value = json::require_canonical(bytes).map_err(|error| Malformed(error.to_string()))?;
        let wire: Wire = serde_json::from_value(value).map_err(|error| Malformed(error.to_string()))?;
        if wire.v != VERSION {
            return Err(Unknown(format!(
                "`{}` has version {}, and this program knows {VERSION}",
                wire.kind, wire.v
            )));
        }
        if wire.rules != RULES {
            return Err(Unknown(format!(
                "it was decided by rules {}, and this program knows {RULES}",
                wire.rules
            )));
        }
        let body = Body::read(&wire.kind, wire.data)
            .map_err(|error| Malformed(format!("`{}`: {error}", wire.kind)))?
            .ok_or_else(|| Unknown(format!("the kind `{}` is not known to this program", wire.kind)))?;
        let Wire { seq, time, actor, request, cause, .. } = wire;
        Ok(Self { seq, time, actor, request, cause, body })
    }
}

impl Actor {
    /// The person, whether in a session or with a token.
    pub(crate) const fn person(&self) -> Option<Person> {
        match self {
            Self::Person { id, .. } => Some(*id),
            Self::Host {} | Self::System {} => None,
        }
    }

    pub(crate) const fn token(&self) -> Option<Token> {
        match self {
            Self::Person { token, .. } => *token,
            Self::Host {} | Self::System {} => None,
        }
    }
}
