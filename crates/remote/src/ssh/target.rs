//! A host in the host file.

use std::collections::BTreeSet;

use countersign_runspace::TargetName;
use russh::keys::PublicKey;
use serde::Deserialize;

/// `[ssh.NAME]`
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SshTarget {
    /// A name or address.
    pub host: String,
    #[serde(default = "port")]
    pub port: u16,
    /// Accounts that tasks may sign in as.
    pub users: BTreeSet<String>,
    /// A name in `[credentials]`: a private key in OpenSSH's form, without a passphrase.
    pub key: TargetName,
    /// Keys that the host may show, as lines of known_hosts(5) or of a `.pub` file. Whoever shows another is not the host.
    pub host_keys: Vec<HostKey>,
    /// Milliseconds that a command may take at most, whatever a task says.
    #[serde(default = "day")]
    pub max_run_time_ms: u64,
}

/// A host's public key.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct HostKey(pub(super) PublicKey);

impl TryFrom<String> for HostKey {
    type Error = String;

    fn try_from(line: String) -> Result<Self, String> {
        let words: Vec<&str> = line.split_whitespace().collect();
        if line.starts_with(['@', '#']) {
            return Err("a host key with a marker is not supported".to_owned());
        }
        // With or without the names that stand before it in known_hosts.
        let key = words.windows(2).take(2).find_map(|pair| match pair {
            [kind, key] => format!("{kind} {key}").parse::<PublicKey>().ok(),
            _ => None,
        });
        let key = key.ok_or_else(|| "not a host key, such as `ssh-ed25519 AAAA…`".to_owned())?;
        if key.algorithm().is_rsa() {
            return Err("RSA host keys are not supported: pin the host's Ed25519 or ECDSA key".to_owned());
        }
        Ok(Self(key))
    }
}

const fn port() -> u16 {
    22
}

const fn day() -> u64 {
    24 * 60 * 60 * 1000
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_key_is_read_with_and_without_names() {
        let key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIFETmVZjrLIkK1hWkvWq+98mzyOsYbE6SGWkeSNq/Rlw";
        let bare = HostKey::try_from(key.to_owned()).expect("bare");
        assert_eq!(HostKey::try_from(format!("web1,192.0.2.7 {key} a comment")).expect("known_hosts"), bare);
        assert_eq!(HostKey::try_from(format!("{key} a comment")).expect("pub"), bare);
        for bad in ["", "web1", "ssh-ed25519 AAAA", &format!("@revoked * {key}"), &format!("# {key}")] {
            assert!(HostKey::try_from(bad.to_owned()).is_err(), "{bad}");
        }
    }
}
