//! Where the server is.

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

use ureq::http::Uri;

/// The address of a server: `https` and a host, or `http` and a loopback host. No path, query or user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BaseUrl {
    text: String,
    loopback: bool,
}

/// Why an address is not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BaseUrlError {
    /// It is no address.
    #[error("`{0}` is not an address such as `https://countersign.example.com`")]
    Malformed(String),
    /// It names more than a host and a port.
    #[error("`{0}` must end after the host and port")]
    TooMuch(String),
    /// Passwords and approvals would be readable on the way.
    #[error("`{0}` is not encrypted: `http` is for loopback only, use `https`")]
    NotEncrypted(String),
}

impl BaseUrl {
    /// Whether the server is on this machine.
    #[must_use]
    pub const fn is_loopback(&self) -> bool {
        self.loopback
    }
}

impl FromStr for BaseUrl {
    type Err = BaseUrlError;

    fn from_str(given: &str) -> Result<Self, BaseUrlError> {
        let malformed = || BaseUrlError::Malformed(given.to_owned());
        let uri: Uri = given.parse().map_err(|_| malformed())?;
        let host = uri.host().ok_or_else(malformed)?;
        let authority = uri.authority().ok_or_else(malformed)?;
        if authority.as_str().contains('@') || uri.query().is_some() || !matches!(uri.path(), "" | "/") {
            return Err(BaseUrlError::TooMuch(given.to_owned()));
        }
        let address = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
        let loopback = host.eq_ignore_ascii_case("localhost") || address.is_ok_and(|ip| ip.is_loopback());
        let scheme = uri.scheme_str().unwrap_or_default();
        match scheme {
            "https" => {}
            "http" if loopback => {}
            "http" => return Err(BaseUrlError::NotEncrypted(given.to_owned())),
            _ => return Err(malformed()),
        }
        Ok(Self { text: format!("{scheme}://{authority}"), loopback })
    }
}

impl fmt::Display for BaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_encrypted_or_on_this_machine() {
        for good in [
            "https://pam.example.com",
            "https://pam.example.com:8443/",
            "http://127.0.0.1:8470",
            "http://[::1]:1",
            "http://localhost",
        ] {
            assert!(good.parse::<BaseUrl>().is_ok(), "{good}");
        }
        for bad in [
            "http://pam.example.com",
            "http://127.0.0.1.example.com",
            "http://10.0.0.1",
            "ftp://localhost",
            "localhost:8470",
            "https://a@b.example",
            "https://b.example/path",
            "https://b.example/?q",
            "",
        ] {
            assert!(bad.parse::<BaseUrl>().is_err(), "{bad}");
        }
        assert_eq!("https://b.example/".parse::<BaseUrl>().unwrap().to_string(), "https://b.example");
    }
}
