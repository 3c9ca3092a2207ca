//! Ids: a prefix for the kind, and 16 random bytes in lower-case hexadecimal digits.

use std::fmt;

use serde::{Deserialize, Deserializer, de};

macro_rules! ids {
    ($($name:ident $prefix:literal,)*) => {$(
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub(crate) struct $name([u8; 16]);

        impl $name {
            pub(crate) const fn bytes(self) -> [u8; 16] {
                self.0
            }

            #[allow(dead_code, reason = "built-in policies alone have ids known beforehand")]
            pub(crate) const fn of(bytes: [u8; 16]) -> Self {
                Self(bytes)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str($prefix)?;
                self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = String::deserialize(deserializer)?;
                read(&text, $prefix).map(Self).ok_or_else(|| de::Error::custom(concat!("not an id with the prefix ", $prefix)))
            }
        }
    )*};
}

ids! {
    Person "p-",
    Group "g-",
    Policy "pol-",
    Execution "x-",
    Token "t-",
    Invitation "i-",
}

/// A direct member of a group or role group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(untagged)]
pub(crate) enum Member {
    Person(Person),
    Group(Group),
}

fn read(text: &str, prefix: &str) -> Option<[u8; 16]> {
    let digits = text.strip_prefix(prefix)?.as_bytes();
    let (pairs, []) = digits.as_chunks::<2>() else { return None };
    let mut bytes = [0; 16];
    if pairs.len() != bytes.len() {
        return None;
    }
    for (byte, [high, low]) in bytes.iter_mut().zip(pairs) {
        *byte = digit(*high)? << 4 | digit(*low)?;
    }
    Some(bytes)
}

const fn digit(c: u8) -> Option<u8> {
    match c {
        b'0'..=b'9' => Some(c - b'0'),
        b'a'..=b'f' => Some(c - b'a' + 10),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_of_ids_do_not_mix() {
        let read = |text: &str| serde_json::from_value::<Person>(text.into()).ok();
        let good = format!("p-{}", "0a".repeat(16));
        assert_eq!(read(&good).unwrap().to_string(), good);
        for bad in [good.replace('p', "g"), good.to_uppercase(), format!("{good}0a"), "p-".to_owned()] {
            assert_eq!(read(&bad), None, "{bad}");
        }
        assert!(matches!(serde_json::from_value(good.replace('p', "g").into()), Ok(Member::Group(_))));
    }
}
