//! Where a request comes from. Only the configuration's proxies are believed about others' addresses.

use std::net::{IpAddr, SocketAddr};
use std::str::FromStr;

use axum::http::HeaderMap;

/// The other end of the connection, put into each request by the listener.
#[derive(Debug, Clone, Copy)]
pub struct Peer(pub SocketAddr);

/// The client behind the proxies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ClientAddress(pub(crate) IpAddr);

/// A network: `10.0.0.0/8`, `192.0.2.7`, `2001:db8::/32`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Network {
    bits: u128,
    length: u32,
}

/// A text that is no network.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an address or network such as 10.0.0.0/8")]
pub struct NetworkFault;

/// Networks of proxies.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TrustedProxies(pub Vec<Network>);

impl FromStr for Network {
    type Err = NetworkFault;

    fn from_str(text: &str) -> Result<Self, NetworkFault> {
        let (address, length) = match text.split_once('/') {
            Some((address, length)) => (address, Some(length)),
            None => (text, None),
        };
        let address: IpAddr = address.parse().map_err(|_| NetworkFault)?;
        let width: u32 = if address.is_ipv4() { 32 } else { 128 };
        let length: u32 = match length {
            Some(length) => length.parse().map_err(|_| NetworkFault)?,
            None => width,
        };
        if length > width {
            return Err(NetworkFault);
        }
        Ok(Self { bits: bits(address), length: length + 128 - width })
    }
}

impl Network {
    fn contains(self, address: IpAddr) -> bool {
        let differ = self.bits ^ bits(address);
        differ.leading_zeros() >= self.length
    }
}

/// Every address as IPv6, IPv4 ones mapped.
fn bits(address: IpAddr) -> u128 {
    match address.to_canonical() {
        IpAddr::V4(v4) => v4.to_ipv6_mapped().to_bits(),
        IpAddr::V6(v6) => v6.to_bits(),
    }
}

impl TrustedProxies {
    /// The client's address: from the right of `X-Forwarded-For`, the first that is no proxy of ours. Without a trusted
    /// peer the header is what anybody may write, and is not looked at.
    pub(crate) fn client(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        let mut client = peer;
        let said: Vec<&str> = headers
            .get_all("x-forwarded-for")
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','))
            .collect();
        for text in said.into_iter().rev() {
            if !self.trusts(client) {
                break;
            }
            match text.trim().parse() {
                Ok(address) => client = address,
                Err(_) => break,
            }
        }
        client
    }

    /// Whether others come from this address.
    pub(crate) fn trusts(&self, address: IpAddr) -> bool {
        self.0.iter().any(|network| network.contains(address))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn w10_only_configured_proxies_are_believed() {
        let proxies = TrustedProxies(vec!["10.0.0.0/8".parse().unwrap(), "2001:db8::1".parse().unwrap()]);
        let client = |peer: &str, forwarded: &[&str]| {
            let mut headers = HeaderMap::new();
            for value in forwarded {
                headers.append("x-forwarded-for", value.parse().unwrap());
            }
            proxies.client(peer.parse().unwrap(), &headers).to_string()
        };
        assert_eq!(client("192.0.2.1", &["198.51.100.7"]), "192.0.2.1", "a stranger's word counts nothing");
        assert_eq!(client("10.1.2.3", &["198.51.100.7"]), "198.51.100.7");
        assert_eq!(client("10.1.2.3", &["1.1.1.1, 198.51.100.7", "10.9.9.9"]), "198.51.100.7");
        assert_eq!(client("2001:db8::1", &["198.51.100.7, 10.0.0.1"]), "198.51.100.7");
        assert_eq!(client("10.1.2.3", &["nonsense"]), "10.1.2.3");
        assert_eq!(client("::ffff:10.1.2.3", &["198.51.100.7"]), "198.51.100.7");
        for bad in ["", "10.0.0.0/33", "10.0.0.0/x", "host"] {
            assert_eq!(bad.parse::<Network>(), Err(NetworkFault), "{bad}");
        }
    }
}
