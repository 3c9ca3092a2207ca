//! A tenant in the host file.

use std::collections::BTreeSet;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;

use countersign_runspace::TargetName;
use serde::Deserialize;

use super::cloud::{Cloud, HostSuffix};

/// `[exchange.NAME]`
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExchangeTarget {
    /// The tenant's id.
    pub tenant: Guid,
    #[serde(default)]
    pub cloud: Cloud,
    /// How the runner shows who it is.
    pub sign_in: SignIn,
    /// Cmdlets that tasks may run; `Get-*` allows a verb.
    pub cmdlets: BTreeSet<Allowed>,
    /// Where the tenant may be served; the cloud's own host and those below it unless written.
    #[serde(default)]
    pub hosts: Option<BTreeSet<HostSuffix>>,
    /// Whether cmdlets that fit an endpoint of the Admin API are sent there.
    #[serde(default)]
    pub admin_api: AdminApi,
    /// Cmdlets at one time.
    #[serde(default = "connections")]
    pub connections: u16,
    /// Milliseconds that a cmdlet may take at most, whatever a task says.
    #[serde(default = "fifteen_minutes")]
    pub max_run_time_ms: u64,
    /// Speak to a simulator on this machine, and to nothing else.
    #[serde(default)]
    pub simulator: Option<Simulator>,
}

/// As what the runner signs in.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum SignIn {
    /// An application with a certificate.
    Certificate(CertificateSignIn),
    /// The identity of the Azure machine that the runner is on; the client id, if it has several.
    VirtualMachine(ManagedIdentity),
    /// The identity of the App Service that the runner is on.
    AppService(ManagedIdentity),
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CertificateSignIn {
    /// The application's (client's) id.
    pub application: Guid,
    /// A name in `[credentials]`: the certificate and its RSA key, both PEM, in one.
    pub certificate: TargetName,
    #[serde(default)]
    pub algorithm: AssertionAlgorithm,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ManagedIdentity {
    /// Which of several identities.
    #[serde(default)]
    pub client: Option<Guid>,
}

/// How an assertion is signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
pub enum AssertionAlgorithm {
    #[default]
    #[serde(rename = "PS256")]
    Ps256,
    /// For an authority that does not know the other.
    #[serde(rename = "RS256")]
    Rs256,
}

/// Whether the Admin API is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AdminApi {
    #[default]
    Off,
    /// For the cmdlets that it has; it needs a permission of its own.
    WhereItFits,
}

/// A simulator: every host of the tenant is at this port of loopback, with certificates of its own authority.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Simulator {
    pub port: u16,
    /// Its authority's certificate, PEM. No other authority is believed then.
    pub ca: PathBuf,
    /// Where it answers as a machine's identity service, without TLS.
    #[serde(default)]
    pub identity_port: Option<u16>,
}

impl Simulator {
    pub(super) const fn address(&self) -> SocketAddr {
        loopback(self.port)
    }

    pub(super) fn identity(&self) -> Option<SocketAddr> {
        self.identity_port.map(loopback)
    }
}

const fn loopback(port: u16) -> SocketAddr {
    SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), port)
}

impl ExchangeTarget {
    /// The credential that signing in needs.
    #[must_use]
    pub const fn credential(&self) -> Option<&TargetName> {
        match &self.sign_in {
            SignIn::Certificate(certificate) => Some(&certificate.certificate),
            SignIn::VirtualMachine(_) | SignIn::AppService(_) => None,
        }
    }

    pub(super) fn allows_cmdlet(&self, cmdlet: &str) -> bool {
        self.cmdlets.iter().any(|allowed| allowed.covers(cmdlet))
    }

    pub(super) fn allows_host(&self, host: &str) -> bool {
        match &self.hosts {
            Some(hosts) => hosts.iter().any(|suffix| suffix.allows(host)),
            None => HostSuffix::of(self.cloud).allows(host),
        }
    }
}

/// A cmdlet, or all of a verb.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(try_from = "String")]
pub struct Allowed(String);

impl Allowed {
    fn covers(&self, cmdlet: &str) -> bool {
        match self.0.strip_suffix('*') {
            Some(verb) => cmdlet.get(..verb.len()).is_some_and(|start| start.eq_ignore_ascii_case(verb)),
            None => self.0.eq_ignore_ascii_case(cmdlet),
        }
    }
}

impl TryFrom<String> for Allowed {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let word = |word: &str| !word.is_empty() && word.bytes().all(|b| b.is_ascii_alphanumeric());
        let good = text.split_once('-').is_some_and(|(verb, noun)| word(verb) && (noun == "*" || word(noun)));
        if good { Ok(Self(text)) } else { Err(format!("{text} is neither a cmdlet nor a verb as `Get-*`")) }
    }
}

/// A GUID in the form `8-4-4-4-12`, in lower case.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Guid(String);

impl Guid {
    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Guid {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let lengths: Vec<usize> = text.split('-').map(str::len).collect();
        let hex = text.bytes().all(|b| b.is_ascii_hexdigit() || b == b'-');
        if lengths == [8, 4, 4, 4, 12] && hex {
            Ok(Self(text.to_ascii_lowercase()))
        } else {
            Err(format!("{text} is no GUID"))
        }
    }
}

const fn connections() -> u16 {
    3
}

const fn fifteen_minutes() -> u64 {
    15 * 60 * 1000
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_allowed_is_a_cmdlet_or_a_verb() {
        let allowed = |text: &str| Allowed::try_from(text.to_owned());
        assert!(allowed("Get-*").expect("verb").covers("get-Mailbox"));
        assert!(!allowed("Get-*").expect("verb").covers("Getx-Mailbox"));
        assert!(allowed("Set-Mailbox").expect("cmdlet").covers("set-mailbox"));
        assert!(!allowed("Set-Mailbox").expect("cmdlet").covers("Set-MailboxPlan"));
        for bad in ["*", "Set*", "-*", "Set-", "Set-Mail*", "Set-Mailbox x", "*-Mailbox"] {
            assert!(allowed(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_guid_has_its_form() {
        let text = "6F9619FF-8B86-D011-B42D-00C04FC964FF".to_owned();
        assert_eq!(Guid::try_from(text.clone()).expect("guid").as_str(), text.to_lowercase());
        for bad in ["", "6F9619FF8B86D011B42D00C04FC964FF", "6F9619FF-8B86-D011-B42D-00C04FC964F/"] {
            assert!(Guid::try_from(bad.to_owned()).is_err(), "{bad}");
        }
    }
}
