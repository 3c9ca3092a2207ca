//! A host in the host file.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

use countersign_runspace::TargetName;
use serde::Deserialize;

use super::host_key::HostKey;

/// The longest way to a host, itself included.
const MAX_WAY: usize = 5;

/// `[ssh.NAME]`
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Written")]
pub struct SshTarget {
    /// A name or address.
    pub host: String,
    pub port: u16,
    /// Accounts that tasks may sign in as.
    pub users: BTreeSet<String>,
    pub sign_in: SignIn,
    /// What the host may show to prove that it is this host. Whoever shows another key is not the host.
    pub host_keys: Vec<HostKey>,
    /// The name that the host's certificate must bear.
    pub known_as: String,
    /// The host through which this one is reached: a name in `[ssh]`.
    pub via: Option<TargetName>,
    /// The account that other hosts are reached as through this one; absent: none is.
    pub jump_as: Option<String>,
    /// Milliseconds that a command may take at most, whatever a task says.
    pub max_run_time_ms: u64,
}

/// With what we sign in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SignIn {
    /// A name in `[credentials]`: a private key in OpenSSH's form, without a passphrase.
    Key(TargetName),
    /// A certificate of our own, for each execution another.
    Certificate(CertificateRules),
}

/// `[ssh.NAME.certificate]`
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CertificateRules {
    /// A name in `[credentials]`: the private key of the authority that the host trusts (`TrustedUserCAKeys`).
    pub authority: TargetName,
    /// What the certificate calls an account; the account's name unless written (`AuthorizedPrincipalsFile`).
    #[serde(default)]
    pub principals: BTreeMap<String, String>,
    /// Addresses or networks that the host must see the connection come from.
    #[serde(default)]
    pub source_addresses: Vec<String>,
    /// Whether the certificate opens nothing but the execution's own command.
    #[serde(default)]
    pub command: CommandRule,
}

/// What a certificate is good for on its host.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CommandRule {
    /// The command of its execution, which the host enforces.
    #[default]
    Forced,
    /// Any command.
    Any,
}

impl SshTarget {
    /// The credential that it signs in with.
    #[must_use]
    pub const fn credential(&self) -> &TargetName {
        match &self.sign_in {
            SignIn::Key(name) => name,
            SignIn::Certificate(rules) => &rules.authority,
        }
    }

    /// What is wrong with the way to a host, for whoever wrote the host file.
    #[must_use]
    pub fn fault_of_way(targets: &BTreeMap<TargetName, Self>) -> Option<String> {
        targets.iter().find_map(|(name, target)| {
            let mut at = target;
            for _ in 1..MAX_WAY {
                let Some(via) = &at.via else { return None };
                at = match targets.get(via) {
                    Some(next) if next.jump_as.is_some() => next,
                    Some(_) => return Some(format!("{name} is reached through {via}, which has no jump_as")),
                    None => return Some(format!("{name} is reached through {via}, which is not in [ssh]")),
                };
            }
            at.via.as_ref().map(|_| format!("the way to {name} has no end, or more than {MAX_WAY} hosts"))
        })
    }
}

/// As it stands in the file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    host: String,
    #[serde(default = "port")]
    port: u16,
    #[serde(default)]
    users: BTreeSet<String>,
    key: Option<TargetName>,
    certificate: Option<CertificateRules>,
    host_keys: Vec<HostKey>,
    known_as: Option<String>,
    via: Option<TargetName>,
    jump_as: Option<String>,
    #[serde(default = "day")]
    max_run_time_ms: u64,
}

impl TryFrom<Written> for SshTarget {
    type Error = String;

    fn try_from(written: Written) -> Result<Self, String> {
        let sign_in = match (written.key, written.certificate) {
            (Some(key), None) => SignIn::Key(key),
            (None, Some(rules)) => SignIn::Certificate(rules),
            _ => return Err("a host has either `key` or `certificate`".to_owned()),
        };
        if written.users.is_empty() && written.jump_as.is_none() {
            return Err("a host has `users`, or `jump_as`, or both".to_owned());
        }
        if let SignIn::Certificate(rules) = &sign_in {
            let known = |account: &String| {
                written.users.contains(account) || written.jump_as.as_ref() == Some(account)
            };
            if let Some(other) = rules.principals.keys().find(|account| !known(account)) {
                return Err(format!("`principals` names {other}, which is not an account of the host"));
            }
            if rules.principals.values().any(String::is_empty) {
                return Err("a principal is not empty".to_owned());
            }
            if let Some(bad) = rules.source_addresses.iter().find(|text| !is_network(text)) {
                return Err(format!("{bad} is neither an address nor a network such as 192.0.2.0/24"));
            }
        }
        let known_as = written.known_as.unwrap_or_else(|| written.host.clone());
        if let Some(authority) = written.host_keys.iter().find(|key| !key.speaks_for(&known_as)) {
            return Err(format!("the authority's line is for {}, not for {known_as}", authority.names()));
        }
        Ok(Self {
            host: written.host,
            port: written.port,
            users: written.users,
            sign_in,
            host_keys: written.host_keys,
            known_as,
            via: written.via,
            jump_as: written.jump_as,
            max_run_time_ms: written.max_run_time_ms,
        })
    }
}

fn is_network(text: &str) -> bool {
    let (address, bits) = text.split_once('/').map_or((text, None), |(address, bits)| (address, Some(bits)));
    let most = match address.parse() {
        Ok(IpAddr::V4(_)) => 32,
        Ok(IpAddr::V6(_)) => 128,
        Err(_) => return false,
    };
    bits.is_none_or(|bits| bits.parse::<u8>().is_ok_and(|bits| bits <= most))
}

const fn port() -> u16 {
    22
}

const fn day() -> u64 {
    24 * 60 * 60 * 1000
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    const KEY: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIFETmVZjrLIkK1hWkvWq+98mzyOsYbE6SGWkeSNq/Rlw";

    fn read(change: Value) -> Result<SshTarget, String> {
        let mut all = json!({"host": "web1.contoso.example", "users": ["reader"], "host_keys": [KEY]});
        for (key, value) in change.as_object().expect("table") {
            all[key] = value.clone();
        }
        serde_json::from_value(all).map_err(|error| error.to_string())
    }

    #[test]
    fn a_host_is_signed_in_to_in_exactly_one_way() {
        assert_eq!(read(json!({"key": "k"})).expect("key").credential().as_str(), "k");
        let rules = json!({"authority": "ca", "principals": {"reader": "web-read"},
            "source_addresses": ["192.0.2.7", "2001:db8::/32"]});
        let target = read(json!({"certificate": rules})).expect("certificate");
        assert_eq!((target.credential().as_str(), target.known_as.as_str()), ("ca", "web1.contoso.example"));
        let SignIn::Certificate(rules) = target.sign_in else { panic!() };
        assert_eq!(rules.command, CommandRule::Forced);
        for (bad, why) in [
            (json!({}), "either `key` or `certificate`"),
            (json!({"key": "k", "certificate": {"authority": "ca"}}), "either `key` or `certificate`"),
            (json!({"key": "k", "users": []}), "`users`, or `jump_as`"),
            (json!({"certificate": {"authority": "ca", "principals": {"root": "x"}}}), "names root"),
            (json!({"certificate": {"authority": "ca", "principals": {"reader": ""}}}), "not empty"),
            (json!({"certificate": {"authority": "ca", "source_addresses": ["web"]}}), "web is neither"),
            (json!({"certificate": {"authority": "ca", "source_addresses": ["::1/129"]}}), "::1/129"),
            (json!({"certificate": {"authority": "ca", "command": "none"}}), "unknown variant"),
            (
                json!({"key": "k", "host_keys": [format!("@cert-authority *.fabrikam.example {KEY}")]}),
                "for *.fabrikam.example, not for web1.contoso.example",
            ),
        ] {
            let error = read(bad).expect_err("bad");
            assert!(error.contains(why), "{error}");
        }
        let authority = format!("@cert-authority *.contoso.example {KEY}");
        assert!(read(json!({"key": "k", "host_keys": [authority]})).is_ok());
    }

    #[test]
    fn a_way_leads_over_hosts_that_let_others_through_and_ends() {
        let named = |name: &str| name.parse::<TargetName>().expect("name");
        let hop = |via: Option<&str>, jump: bool| {
            let mut target = read(json!({"key": "k"})).expect("target");
            target.via = via.map(named);
            target.jump_as = jump.then(|| "jump".to_owned());
            target
        };
        let fault = |list: Vec<(&str, SshTarget)>| {
            SshTarget::fault_of_way(&list.into_iter().map(|(name, target)| (named(name), target)).collect())
        };
        let sound = vec![("a", hop(Some("b"), false)), ("b", hop(Some("c"), true)), ("c", hop(None, true))];
        assert_eq!(fault(sound), None);
        for (list, why) in [
            (vec![("a", hop(Some("b"), false))], "b, which is not in [ssh]"),
            (vec![("a", hop(Some("b"), false)), ("b", hop(None, false))], "b, which has no jump_as"),
            (vec![("a", hop(Some("a"), true))], "has no end"),
            (vec![("a", hop(Some("b"), true)), ("b", hop(Some("a"), true))], "has no end"),
        ] {
            let fault = fault(list).expect("a fault");
            assert!(fault.contains(why), "{fault}");
        }
    }
}
