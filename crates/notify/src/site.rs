use std::fmt;

/// The installation as mails show it.
#[derive(Clone, Debug)]
pub struct Site {
    pub organization: String,
    pub public_url: PublicUrl,
    /// The ledger's id: keeps the threads of two installations under one host name apart.
    pub ledger: String,
    /// The `From` of every mail.
    pub sender_name: String,
    pub sender_address: String,
    /// Set for a demonstration; said in every mail.
    pub demo: Option<String>,
}

/// The one person a mail goes to.
#[derive(Clone, Debug)]
pub struct Recipient {
    pub name: String,
    pub address: String,
    /// IANA name of the reader's time zone; an unknown one shows UTC only.
    pub zone: String,
}

/// Where people reach this installation: `http(s)://host[:port][/path]`, without query or fragment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicUrl {
    base: String,
    host: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PublicUrlFault {
    #[error("public_url must start with https:// (or http:// on loopback)")]
    Scheme,
    #[error("public_url needs a plain host name, without user or password")]
    Host,
    #[error("public_url may have a path of letters, digits, - . _ ~ only, and no query or fragment")]
    Path,
    #[error("public_url is longer than 200 bytes")]
    TooLong,
}

impl PublicUrl {
    /// # Errors
    /// [`PublicUrlFault`].
    pub fn parse(text: &str) -> Result<Self, PublicUrlFault> {
        if text.len() > 200 {
            return Err(PublicUrlFault::TooLong);
        }
        let rest = text
            .strip_prefix("https://")
            .or_else(|| text.strip_prefix("http://"))
            .ok_or(PublicUrlFault::Scheme)?;
        let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
        if !path.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._~/".contains(&b)) {
            return Err(PublicUrlFault::Path);
        }
        let host = host_of(authority).ok_or(PublicUrlFault::Host)?;
        Ok(Self { base: text.trim_end_matches('/').to_owned(), host })
    }

    /// The address of a page: `requests/1042`.
    #[must_use]
    pub fn page(&self, path: &str) -> String {
        format!("{}/{path}", self.base)
    }

    /// The host name, fit for the right side of a `Message-ID`.
    #[must_use]
    pub fn host(&self) -> &str {
        &self.host
    }
}

fn host_of(authority: &str) -> Option<String> {
    let bracketed = authority.strip_prefix('[').and_then(|rest| rest.split_once(']'));
    let (host, port, known) = match bracketed {
        Some((host, port)) => (host, port.strip_prefix(':').unwrap_or(port), b":".as_slice()),
        None => {
            let (host, port) = authority.split_once(':').unwrap_or((authority, ""));
            (host, port, b"-.".as_slice())
        }
    };
    let fine = !host.is_empty()
        && host.bytes().all(|b| b.is_ascii_alphanumeric() || known.contains(&b))
        && port.bytes().all(|b| b.is_ascii_digit());
    // An IPv6 literal is no dot-atom; any name does, as long as it is always the same.
    fine.then(|| host.replace(':', "-").trim_matches(['-', '.']).to_ascii_lowercase())
        .filter(|host| !host.is_empty())
}

impl fmt::Display for PublicUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.base)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cases() {
        for (text, page, host) in [
            ("https://pam.contoso.example", "https://pam.contoso.example/x/1", "pam.contoso.example"),
            ("https://pam.contoso.example/", "https://pam.contoso.example/x/1", "pam.contoso.example"),
            ("http://127.0.0.1:8470/cs", "http://127.0.0.1:8470/cs/x/1", "127.0.0.1"),
            ("http://[::1]:8470", "http://[::1]:8470/x/1", "1"),
        ] {
            let url = PublicUrl::parse(text).unwrap();
            assert_eq!((url.page("x/1").as_str(), url.host()), (page, host));
        }
        for (text, fault) in [
            ("pam.contoso.example", PublicUrlFault::Scheme),
            ("javascript:alert(1)", PublicUrlFault::Scheme),
            ("https://", PublicUrlFault::Host),
            ("https://a@b", PublicUrlFault::Host),
            ("https://a b", PublicUrlFault::Host),
            ("https://a\r\nx", PublicUrlFault::Host),
            ("https://a\"b", PublicUrlFault::Host),
            ("https://a:8x", PublicUrlFault::Host),
            ("https://a/?q", PublicUrlFault::Path),
            ("https://a/b#c", PublicUrlFault::Path),
        ] {
            assert_eq!(PublicUrl::parse(text), Err(fault), "{text:?}");
        }
    }
}
