//! One connection to one origin: its name resolved once, its address judged, its certificate verified.

use std::net::SocketAddr;
use std::path::Path;

use bytes::Bytes;
use countersign_runspace::Refusal;
use http_body_util::Full;
use url::{Host, Url};
use zeroize::Zeroizing;

use super::address::{Network, allowed};
use crate::credential::Credential;
use crate::https::{self, Connection, Transport};
use crate::tls;

/// Scheme, host and port (RFC 6454).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Origin {
    is_encrypted: bool,
    host: Host<String>,
    port: u16,
}

impl Origin {
    /// `None` for URLs that are not of HTTP.
    pub(crate) fn of(url: &Url) -> Option<Self> {
        let is_encrypted = match url.scheme() {
            "https" => true,
            "http" => false,
            _ => return None,
        };
        Some(Self { is_encrypted, host: url.host()?.to_owned(), port: url.port_or_known_default()? })
    }

    /// As it stands in the header `Host`.
    pub(crate) fn authority(&self) -> String {
        match (self.is_encrypted, self.port) {
            (true, 443) | (false, 80) => self.host.to_string(),
            (_, port) => format!("{}:{port}", self.host),
        }
    }

    /// As a certificate names it.
    fn name(&self) -> String {
        match &self.host {
            Host::Domain(name) => name.clone(),
            Host::Ipv4(address) => address.to_string(),
            Host::Ipv6(address) => address.to_string(),
        }
    }
}

/// How connections are made.
#[derive(Clone, Copy)]
pub(crate) struct Dial<'a> {
    pub(crate) networks: &'a [Network],
    pub(crate) ca: Option<&'a Path>,
    pub(crate) certificate: Option<&'a Credential>,
}

/// Connects, to an address that was judged and to no other: the name is looked up once. Nothing of a request is sent.
///
/// # Errors
/// `target_unreachable`, `address_not_allowed`, `target_without_tls`, `target_not_verified`, and those of TLS's files.
pub(crate) async fn open(origin: &Origin, dial: Dial<'_>) -> Result<Connection, Refusal> {
    let name = origin.name();
    let found = https::resolve(&name, origin.port).await?;
    let open: Vec<SocketAddr> = found.iter().copied().filter(|at| allowed(at.ip(), dial.networks)).collect();
    if let (true, Some(at)) = (open.is_empty(), found.first()) {
        let message = format!("{name} leads to {}, which the host file does not allow", at.ip());
        return Err(Refusal::new("address_not_allowed", message));
    }
    if !origin.is_encrypted && !open.iter().all(|at| at.ip().is_loopback()) {
        let message = format!("{name} is not this host, and HTTP without TLS ends here");
        return Err(Refusal::new("target_without_tls", message));
    }
    let transport = match origin.is_encrypted {
        true => Transport::Tls(tls::config_for(dial.ca, dial.certificate)?),
        false => Transport::Plain,
    };
    https::connect(&name, &open, &transport).await
}

/// A body whose bytes are wiped when they were sent.
pub(crate) fn body(bytes: Zeroizing<Vec<u8>>) -> Full<Bytes> {
    Full::new(Bytes::from_owner(bytes))
}
