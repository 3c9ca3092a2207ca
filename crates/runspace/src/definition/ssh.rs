//! `executor = "ssh"`: a program on hosts that the host file names.

use std::fmt;
use std::num::NonZeroU16;

use serde::de::value::{MapAccessDeserializer, StrDeserializer};
use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

use super::Argument;
use crate::{ParameterName, TargetName};

/// A program elsewhere and how its argument vector is made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SshDefinition {
    /// Which hosts, by their names in the host file's table `[ssh]`.
    pub target: Hosts,
    /// The account to sign in as; the host file must list it for every host.
    pub user: String,
    /// Absolute path.
    pub program: String,
    /// In order, after the program's own name.
    #[serde(default)]
    pub arguments: Vec<Argument>,
    /// A text, file or secret parameter that the program reads as standard input; absent: it reads nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stdin: Option<ParameterName>,
    /// Exit statuses that mean success.
    #[serde(default = "zero")]
    pub success: Vec<u8>,
}

/// Where it is executed: `target = "web1"`, or `target = { parameter = "Hosts" }`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Hosts {
    /// On this host.
    One(TargetName),
    /// On those that the request names.
    Named(NamedHosts),
}

/// Hosts that a parameter names, each reported apart.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NamedHosts {
    /// A text, a choice, or a list of them. It is bound `always`: approvers see every host.
    pub parameter: ParameterName,
    /// On how many hosts it is executed at one time.
    #[serde(default = "one")]
    pub at_once: NonZeroU16,
    /// After so many hosts on which it did not succeed, it begins on no other.
    #[serde(default = "one")]
    pub stop_after: NonZeroU16,
}

impl<'de> Deserialize<'de> for Hosts {
    /// By hand: an untagged enum would say of any mistake only that nothing fits.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Either;
        impl<'de> Visitor<'de> for Either {
            type Value = Hosts;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a host's name, or a table with `parameter`")
            }

            fn visit_str<E: serde::de::Error>(self, name: &str) -> Result<Hosts, E> {
                TargetName::deserialize(StrDeserializer::new(name)).map(Hosts::One)
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Hosts, A::Error> {
                NamedHosts::deserialize(MapAccessDeserializer::new(map)).map(Hosts::Named)
            }
        }
        deserializer.deserialize_any(Either)
    }
}

const fn one() -> NonZeroU16 {
    NonZeroU16::MIN
}

fn zero() -> Vec<u8> {
    vec![0]
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_target_is_a_name_or_says_which_parameter_names_it() {
        let read = |target| serde_json::from_value::<Hosts>(target).map_err(|error| error.to_string());
        assert_eq!(read(json!("web1")), Ok(Hosts::One("web1".parse().expect("name"))));
        let Ok(Hosts::Named(named)) = read(json!({"parameter": "Hosts", "at_once": 4})) else { panic!() };
        assert_eq!((named.at_once.get(), named.stop_after.get()), (4, 1));
        for (bad, why) in [
            (json!("Web 1"), "a target's name"),
            (json!(["web1"]), "a host's name, or a table"),
            (json!({"parameter": "Hosts", "at_onec": 4}), "unknown field `at_onec`"),
            (json!({"parameter": "Hosts", "stop_after": 0}), "nonzero"),
            (json!({"at_once": 4}), "missing field `parameter`"),
        ] {
            let error = read(bad).expect_err("bad");
            assert!(error.contains(why), "{error}");
        }
        let stored = serde_json::to_value(Hosts::One("web1".parse().expect("name"))).expect("stored");
        assert_eq!(stored, json!("web1"), "as it was written before there were several");
    }
}
