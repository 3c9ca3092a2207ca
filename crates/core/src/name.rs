//! Names of the catalog and the directory's groups. They stand in the ledger openly; people's names do not.

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A name that could not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    /// Empty, or longer than 64 characters.
    #[error("a {kind} has 1 to 64 characters")]
    Length {
        /// What was being named.
        kind: &'static str,
    },
    /// A character outside the allowed set.
    #[error(
        "a {kind} may hold letters, digits, spaces and `-_.&()+`, and starts with a letter or digit; `{found}` is not allowed"
    )]
    Character {
        /// What was being named.
        kind: &'static str,
        /// The character, escaped.
        found: String,
    },
    /// The workload in front of `\` is missing.
    #[error("`{0}` lacks its workload: write `Workload\\Name`")]
    Unqualified(String),
}

/// Names compare without regard to ASCII case, as PowerShell's do, and keep the spelling they were made with.
fn check(text: &str, kind: &'static str, spaces: bool) -> Result<(), NameError> {
    let count = text.chars().count();
    if count == 0 || count > 64 {
        return Err(NameError::Length { kind });
    }
    for (index, c) in text.chars().enumerate() {
        let plain = c.is_ascii_alphanumeric();
        let mark = index > 0
            && (matches!(c, '-' | '_' | '.') || (spaces && matches!(c, ' ' | '&' | '(' | ')' | '+')));
        if !(plain || mark) {
            return Err(NameError::Character { kind, found: c.escape_unicode().to_string() });
        }
    }
    if text.ends_with(' ') {
        return Err(NameError::Character { kind, found: "a space at the end".to_owned() });
    }
    Ok(())
}

macro_rules! names {
    ($($(#[$doc:meta])* $name:ident, $kind:literal, $spaces:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Clone)]
        pub struct $name(std::sync::Arc<str>);

        impl $name {
            /// The name as it was spelt.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = NameError;
            fn from_str(text: &str) -> Result<Self, NameError> {
                check(text, $kind, $spaces)?;
                Ok(Self(text.into()))
            }
        }

        spelling!($name);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl $name {
            fn key(&self) -> impl Iterator<Item = u8> + '_ {
                self.0.bytes().map(|byte| byte.to_ascii_lowercase())
            }
        }
    )*};
}

macro_rules! spelling {
    ($name:ident) => {
        impl PartialEq for $name {
            fn eq(&self, other: &Self) -> bool {
                self.cmp(other) == Ordering::Equal
            }
        }
        impl Eq for $name {}
        impl PartialOrd for $name {
            fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
                Some(self.cmp(other))
            }
        }
        impl Ord for $name {
            fn cmp(&self, other: &Self) -> Ordering {
                self.key().cmp(other.key())
            }
        }
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }
        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}

names! {
    /// A workload (on forms: Scope), for example `Exchange`.
    WorkloadName, "workload name", false;
    /// A group's name.
    GroupName, "group name", true;
    /// A parameter's name.
    ParameterName, "parameter name", false;
    /// A task's name inside its workload.
    LocalName, "name", true;
}

macro_rules! qualified {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone)]
        pub struct $name {
            workload: WorkloadName,
            local: LocalName,
        }

        impl $name {
            /// Joins a workload and a name.
            #[must_use]
            pub const fn new(workload: WorkloadName, local: LocalName) -> Self {
                Self { workload, local }
            }

            /// The workload in front of `\`.
            #[must_use]
            pub const fn workload(&self) -> &WorkloadName {
                &self.workload
            }

            /// The name behind `\`.
            #[must_use]
            pub const fn local(&self) -> &LocalName {
                &self.local
            }

            fn key(&self) -> impl Iterator<Item = u8> + '_ {
                self.workload.key().chain(std::iter::once(b'\\')).chain(self.local.key())
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}\\{}", self.workload, self.local)
            }
        }

        impl FromStr for $name {
            type Err = NameError;
            fn from_str(text: &str) -> Result<Self, NameError> {
                let (workload, local) = text
                    .split_once('\\')
                    .ok_or_else(|| NameError::Unqualified(text.chars().take(64).collect()))?;
                Ok(Self { workload: workload.parse()?, local: local.parse()? })
            }
        }

        spelling!($name);
    )*};
}

qualified! {
    /// A task, `Workload\Name`.
    TaskName;
    /// A role, always qualified: `Exchange\Organization Management` is not Countersign's.
    RoleName;
    /// A role group, always qualified.
    RoleGroupName;
}

/// The workload of Countersign's own tasks.
pub const COUNTERSIGN: &str = "Countersign";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_compare_without_case_and_keep_their_spelling() {
        let one: TaskName = "Exchange\\New-MoveRequest".parse().unwrap();
        let two: TaskName = "exchange\\NEW-moverequest".parse().unwrap();
        assert_eq!(one, two);
        assert_eq!(one.to_string(), "Exchange\\New-MoveRequest");
    }

    #[test]
    fn look_alike_and_control_characters_are_refused() {
        for bad in ["", " a", "a ", "a\u{202e}b", "Ехchange", "a\nb", "-a", "a/b", "a\\b"] {
            assert!(bad.parse::<GroupName>().is_err(), "{bad:?}");
        }
        assert!("New-MoveRequest".parse::<TaskName>().is_err());
        assert!("A\\B\\C".parse::<TaskName>().is_err());
        assert!("Exchange\\Organization Management".parse::<RoleName>().is_ok());
    }
}
