//! Identities: random, immutable, typed. A name or an address is never an identity (G9).

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// An id that could not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{given}` is not {kind} (expected `{prefix}` and 32 lower-case hexadecimal digits)")]
pub struct IdError {
    given: String,
    kind: &'static str,
    prefix: &'static str,
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident, $prefix:literal, $kind:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name([u8; 16]);

        impl $name {
            /// Makes the id of 16 random bytes.
            #[must_use]
            pub const fn from_bytes(bytes: [u8; 16]) -> Self {
                Self(bytes)
            }

            /// The 16 bytes behind the id.
            #[must_use]
            pub const fn as_bytes(&self) -> &[u8; 16] {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!($prefix, "{}"), hex::encode(self.0))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }

        impl FromStr for $name {
            type Err = IdError;
            fn from_str(text: &str) -> Result<Self, IdError> {
                let error = || IdError { given: text.chars().take(64).collect(), kind: $kind, prefix: $prefix };
                let digits = text.strip_prefix($prefix).ok_or_else(error)?;
                if digits.bytes().any(|byte| byte.is_ascii_uppercase()) {
                    return Err(error());
                }
                let mut bytes = [0; 16];
                hex::decode_to_slice(digits, &mut bytes).map_err(|_| error())?;
                Ok(Self(bytes))
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = String::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    )*};
}

ids! {
    /// A person, member or service account.
    PersonId, "p-", "a person id";
    /// A mail-enabled security group.
    GroupId, "g-", "a group id";
    /// An approval policy.
    PolicyId, "pol-", "a policy id";
    /// One run of a task.
    ExecutionId, "x-", "an execution id";
    /// An API token (not its secret).
    TokenId, "t-", "a token id";
    /// An invitation or reset (not its secret).
    InvitationId, "i-", "an invitation id";
}

/// The short number of an access request, shown as `R-1042`. Its authorization carries the same number.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RequestNumber(u64);

impl RequestNumber {
    /// The request with this ledger counter.
    #[must_use]
    pub const fn new(number: u64) -> Self {
        Self(number)
    }

    /// The bare counter.
    #[must_use]
    pub const fn get(self) -> u64 {
        self.0
    }
}

impl fmt::Display for RequestNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "R-{}", self.0)
    }
}

impl fmt::Debug for RequestNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for RequestNumber {
    type Err = IdError;
    fn from_str(text: &str) -> Result<Self, IdError> {
        let error =
            || IdError { given: text.chars().take(64).collect(), kind: "a request number", prefix: "R-" };
        let digits = text.strip_prefix("R-").or_else(|| text.strip_prefix("r-")).unwrap_or(text);
        if digits.is_empty() || digits.len() > 15 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(error());
        }
        digits.parse().map(Self).map_err(|_| error())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_read_back_and_kinds_do_not_mix() {
        let id = PersonId::from_bytes([7; 16]);
        assert_eq!(id.to_string().parse::<PersonId>(), Ok(id));
        assert!(id.to_string().parse::<GroupId>().is_err());
        assert!("p-07".parse::<PersonId>().is_err());
        assert!(format!("p-{}", "AB".repeat(16)).parse::<PersonId>().is_err());
    }

    #[test]
    fn request_numbers_are_read_with_and_without_prefix() {
        assert_eq!("R-1042".parse(), Ok(RequestNumber::new(1042)));
        assert_eq!("1042".parse(), Ok(RequestNumber::new(1042)));
        for bad in ["", "R-", "R-1 ", "-1", "+1", "R-9999999999999999"] {
            assert!(bad.parse::<RequestNumber>().is_err(), "{bad}");
        }
    }
}
