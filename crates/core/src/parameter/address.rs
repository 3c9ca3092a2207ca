//! Mail addresses and user principal names.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A mail address or UPN in lower case: `anna@contoso.example`.
///
/// The dot-atom form of RFC 5322 section 3.2.3 with a domain of letters, digits and hyphens: quoted local parts,
/// comments, domain literals and characters beyond ASCII (which could look alike) are refused; an international
/// domain is written in its `xn--` form.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Address(String);

/// Text that is not an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("expected an address such as `anna@contoso.example`, in ASCII, of at most 254 characters")]
pub struct AddressError;

impl Address {
    /// The address in lower case.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Address {
    type Err = AddressError;

    fn from_str(text: &str) -> Result<Self, AddressError> {
        let (local, domain) = text.split_once('@').ok_or(AddressError)?;
        let atom = |part: &str| {
            let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&byte);
            !part.is_empty() && part.bytes().all(allowed)
        };
        let label = |part: &str| {
            let allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
            (1..=63).contains(&part.len())
                && part.bytes().all(allowed)
                && !part.starts_with('-')
                && !part.ends_with('-')
        };
        let fits = local.len() <= 64 && text.len() <= 254;
        if fits && local.split('.').all(atom) && domain.split('.').all(label) {
            Ok(Self(text.to_ascii_lowercase()))
        } else {
            Err(AddressError)
        }
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for Address {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Address {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_addresses_are_lower_case_ascii() {
        assert_eq!(
            "Anna.B+x@Contoso.Example".parse::<Address>().unwrap().as_str(),
            "anna.b+x@contoso.example"
        );
        assert!("svc@localhost".parse::<Address>().is_ok());
        let long = format!("a@{}.example", "b".repeat(64));
        for bad in [
            "",
            "a",
            "@b",
            "a@",
            "a@b@c",
            ".a@b",
            "a.@b",
            "a..b@c",
            "a@b..c",
            "a@-b",
            "a@b-",
            "a b@c",
            "\"a\"@b",
            "a@[127.0.0.1]",
            "а@b",
            "a@соntoso",
            "a@b\n",
            "a\0@b",
            "a@b.",
            "<a@b>",
            "a,b@c",
            &long,
        ] {
            assert!(bad.parse::<Address>().is_err(), "{bad:?}");
        }
        assert!(format!("{}@b", "a".repeat(65)).parse::<Address>().is_err());
    }
}
