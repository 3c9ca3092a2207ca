//! Opaque secrets that open something: API tokens, invitation and reset links, session ids. One
//! form for all, told apart by prefix; only the SHA-256 is stored.

use std::{collections::BTreeSet, fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use crate::{
    base32::{self, CROCKFORD},
    keyed,
};

/// Bytes of entropy in a token: 160 bits.
pub const ENTROPY: usize = 20;
const BODY: usize = 32;
const CHECK: usize = 6;

/// What a token is for. The prefix is part of what is hashed, so no token can stand for another kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// `cst_`: an API token of a person or service account.
    Api,
    /// `csi_`: a single-use link of an invitation or a reset.
    Link,
    /// `css_`: the id of a session, in its cookie.
    Session,
}

/// A token in clear: shown or sent once, never stored.
#[derive(Clone)]
pub struct Token {
    kind: Kind,
    text: Zeroizing<String>,
}

/// What is stored of a token: SHA-256 of its text. The entropy is enough that no salt is needed.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct TokenHash(pub [u8; 32]);

/// A text that is no token of the wanted kind. Says no more, as any such text is equally wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TokenFault {
    #[error("not a token of this kind")]
    Malformed,
    #[error("the token is mistyped or cut off: its check letters don't fit")]
    Checksum,
}

impl Token {
    /// Makes a token from entropy that is used for nothing else.
    #[must_use]
    pub fn from_entropy(kind: Kind, entropy: &[u8; ENTROPY]) -> Self {
        let mut text = Zeroizing::new(String::with_capacity(4 + BODY + CHECK));
        text.push_str(kind.prefix());
        text.push_str(&Zeroizing::new(base32::encode(entropy, CROCKFORD)));
        let check = checksum(&text);
        text.push_str(&check);
        Self { kind, text }
    }

    /// Reads a token of one kind, strictly: prefix, 32 letters, 6 check letters, lower case.
    ///
    /// # Errors
    /// [`TokenFault`].
    pub fn parse(kind: Kind, text: &str) -> Result<Self, TokenFault> {
        let body = text.strip_prefix(kind.prefix()).ok_or(TokenFault::Malformed)?;
        if body.len() != BODY + CHECK || !body.bytes().all(|b| CROCKFORD.contains(&b)) {
            return Err(TokenFault::Malformed);
        }
        let (start, check) = text.split_at_checked(text.len() - CHECK).ok_or(TokenFault::Malformed)?;
        if !keyed::same(checksum(start).as_bytes(), check.as_bytes()) {
            return Err(TokenFault::Checksum);
        }
        Ok(Self { kind, text: Zeroizing::new(text.to_owned()) })
    }

    #[must_use]
    pub const fn kind(&self) -> Kind {
        self.kind
    }

    /// The secret itself. Named so that its uses can be found.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.text
    }

    #[must_use]
    pub fn hash(&self) -> TokenHash {
        TokenHash(Sha256::digest(self.text.as_bytes()).into())
    }
}

impl Kind {
    #[must_use]
    pub const fn prefix(self) -> &'static str {
        match self {
            Self::Api => "cst_",
            Self::Link => "csi_",
            Self::Session => "css_",
        }
    }
}

/// Thirty bits that catch typing errors and let secret scanners know a real token; no secret.
fn checksum(text: &str) -> String {
    let digest = Sha256::digest(text.as_bytes());
    base32::encode(&digest, CROCKFORD).chars().take(CHECK).collect()
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Token({}…)", self.kind.prefix())
    }
}

impl fmt::Debug for TokenHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TokenHash(…)")
    }
}

/// What an API token may do of what its owner may. There is no scope for voting: only people approve.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scope {
    /// Ask for access.
    Request,
    /// Execute within the owner's authorizations.
    Execute,
    /// Read what the owner may read.
    Read,
    /// Raise a request for a control-plane task.
    Raise,
}

/// One or more scopes; in JSON an array of distinct names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scopes(BTreeSet<Scope>);

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ScopeFault {
    #[error("unknown scope; known are request, execute, read, raise")]
    Unknown,
    #[error("a scope is named twice")]
    Twice,
    #[error("a token needs at least one scope")]
    None,
}

impl Scope {
    pub const ALL: [Self; 4] = [Self::Request, Self::Execute, Self::Read, Self::Raise];

    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Request => "request",
            Self::Execute => "execute",
            Self::Read => "read",
            Self::Raise => "raise",
        }
    }
}

impl FromStr for Scope {
    type Err = ScopeFault;

    fn from_str(text: &str) -> Result<Self, ScopeFault> {
        Self::ALL.into_iter().find(|scope| scope.as_str() == text).ok_or(ScopeFault::Unknown)
    }
}

impl Scopes {
    /// # Errors
    /// [`ScopeFault`] for none or a repeated one.
    pub fn new(scopes: impl IntoIterator<Item = Scope>) -> Result<Self, ScopeFault> {
        let mut set = BTreeSet::new();
        for scope in scopes {
            if !set.insert(scope) {
                return Err(ScopeFault::Twice);
            }
        }
        if set.is_empty() { Err(ScopeFault::None) } else { Ok(Self(set)) }
    }

    /// # Errors
    /// [`ScopeFault`] for an unknown, a repeated or no name.
    pub fn parse<'a>(names: impl IntoIterator<Item = &'a str>) -> Result<Self, ScopeFault> {
        let scopes: Vec<Scope> = names.into_iter().map(str::parse).collect::<Result<_, _>>()?;
        Self::new(scopes)
    }

    #[must_use]
    pub fn allows(&self, scope: Scope) -> bool {
        self.0.contains(&scope)
    }

    pub fn iter(&self) -> impl Iterator<Item = Scope> {
        self.0.iter().copied()
    }
}

impl Serialize for Scopes {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_seq(self.iter().map(Scope::as_str))
    }
}

impl<'de> Deserialize<'de> for Scopes {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let names = Vec::<String>::deserialize(from)?;
        Self::parse(names.iter().map(String::as_str)).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn form_and_separation_of_kinds() {
        let api = Token::from_entropy(Kind::Api, &[0xA5; ENTROPY]);
        assert_eq!(api.reveal().len(), 42);
        assert!(api.reveal().starts_with("cst_"));
        assert_eq!(Token::parse(Kind::Api, api.reveal()).unwrap().hash(), api.hash());
        for other in [Kind::Link, Kind::Session] {
            assert_eq!(Token::parse(other, api.reveal()).unwrap_err(), TokenFault::Malformed);
            // Nor does changing the prefix make one: the check letters cover it.
            let renamed = api.reveal().replace("cst_", other.prefix());
            assert_eq!(Token::parse(other, &renamed).unwrap_err(), TokenFault::Checksum);
            assert_ne!(Token::from_entropy(other, &[0xA5; ENTROPY]).hash(), api.hash());
        }
        assert_eq!(format!("{api:?} {:?}", api.hash()), "Token(cst_…) TokenHash(…)");
    }

    #[test]
    fn strict() {
        let token = Token::from_entropy(Kind::Session, &[3; ENTROPY]);
        let text = token.reveal();
        let cut = text.split_at(text.len() - 1).0;
        for bad in [
            "",
            "css_",
            cut,
            &format!("{text}0"),
            &format!(" {text}"),
            &text.to_uppercase(),
            &format!("{text}\n"),
        ] {
            assert!(Token::parse(Kind::Session, bad).is_err(), "{bad:?}");
        }
    }

    proptest! {
        #[test]
        fn one_changed_letter_is_caught(entropy in any::<[u8; ENTROPY]>(), at in 4_usize..42, to in 0_usize..32) {
            let token = Token::from_entropy(Kind::Api, &entropy);
            let mut text = token.reveal().as_bytes().to_vec();
            prop_assume!(text[at] != CROCKFORD[to]);
            text[at] = CROCKFORD[to];
            let text = String::from_utf8(text).unwrap();
            prop_assert_eq!(Token::parse(Kind::Api, &text).unwrap_err(), TokenFault::Checksum);
        }

        #[test]
        fn never_panics(text in any::<String>()) {
            let _ = Token::parse(Kind::Api, &text);
            let prefixed = format!("cst_{text}");
            prop_assert!(Token::parse(Kind::Api, &prefixed).is_err());
        }
    }

    #[test]
    fn scopes_are_strict_and_never_vote() {
        assert_eq!(Scopes::parse(["read", "request"]).unwrap().iter().count(), 2);
        for bad in ["vote", "approve", "Read", "", "read ", "*"] {
            assert_eq!(Scopes::parse([bad]), Err(ScopeFault::Unknown));
        }
        assert_eq!(Scopes::parse(["read", "read"]), Err(ScopeFault::Twice));
        assert_eq!(Scopes::parse([]), Err(ScopeFault::None));
        let json: Scopes = serde_json::from_str(r#"["raise","execute"]"#).unwrap();
        assert_eq!(serde_json::to_string(&json).unwrap(), r#"["execute","raise"]"#);
        for bad in ["null", "[]", "[null]", "\"read\"", "[1]", "[\"vote\"]", "{}"] {
            assert!(serde_json::from_str::<Scopes>(bad).is_err(), "{bad}");
        }
    }
}
