//! Who does something, and how sure we are of it.

use serde::{Deserialize, Serialize};

use crate::id::{PersonId, TokenId};
use crate::policy::Assurance;
use crate::time::Instant;

/// Who an event is attributed to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Actor {
    /// A person, in a session or with one of their tokens.
    Person {
        /// The person.
        id: PersonId,
        /// The token, if it was not a session.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        token: Option<TokenId>,
    },
    /// Somebody with the server's own account on the host: `init`, `recover`, accepting a clock.
    Host,
    /// Countersign itself: timers and recovery.
    System,
}

impl Actor {
    /// The person behind the actor, if there is one.
    #[must_use]
    pub const fn person(&self) -> Option<PersonId> {
        match self {
            Self::Person { id, .. } => Some(*id),
            Self::Host | Self::System => None,
        }
    }
}

/// What a token may do; a session may do all of it. Tokens never vote and never start control-plane tasks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// Make and manage one's own requests.
    Request,
    /// Run tasks within one's authorizations.
    Execute,
    /// Read what its owner may read.
    Read,
    /// Raise a control-plane request.
    Raise,
}

/// How the principal of a command was authenticated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Authentication {
    /// A signed-in session with its assurance and when that was established.
    Session {
        /// The strongest proof given in this session.
        assurance: Assurance,
        /// When it was given.
        at: Instant,
    },
    /// A token with these scopes.
    Token {
        /// Which token.
        token: TokenId,
    },
    /// The server's own account on the host.
    Host,
    /// A timer.
    System,
}

/// Who sends a command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Principal {
    person: Option<PersonId>,
    authentication: Authentication,
}

impl Principal {
    /// A person in a session.
    #[must_use]
    pub const fn session(person: PersonId, assurance: Assurance, at: Instant) -> Self {
        Self { person: Some(person), authentication: Authentication::Session { assurance, at } }
    }

    /// A person's token.
    #[must_use]
    pub const fn token(person: PersonId, token: TokenId) -> Self {
        Self { person: Some(person), authentication: Authentication::Token { token } }
    }

    /// The server's own account on the host.
    #[must_use]
    pub const fn host() -> Self {
        Self { person: None, authentication: Authentication::Host }
    }

    /// A timer of the engine.
    #[must_use]
    pub const fn system() -> Self {
        Self { person: None, authentication: Authentication::System }
    }

    /// A timer of the engine that runs something for a service account. What that may be, the gate says.
    #[must_use]
    pub const fn scheduled(account: PersonId) -> Self {
        Self { person: Some(account), authentication: Authentication::System }
    }

    /// The person, if it is one.
    #[must_use]
    pub const fn person(&self) -> Option<PersonId> {
        self.person
    }

    /// How the principal was authenticated.
    #[must_use]
    pub const fn authentication(&self) -> &Authentication {
        &self.authentication
    }

    /// The form that stands in events.
    #[must_use]
    pub const fn actor(&self) -> Actor {
        match (self.person, &self.authentication) {
            (Some(id), Authentication::Token { token }) => Actor::Person { id, token: Some(*token) },
            (Some(id), Authentication::Session { .. }) => Actor::Person { id, token: None },
            (_, Authentication::Host) => Actor::Host,
            (_, _) => Actor::System,
        }
    }
}
