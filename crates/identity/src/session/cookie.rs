use crate::token::{Kind, Token};

/// How the browser reaches us. Plain HTTP is allowed on loopback only, where browsers refuse the
/// `__Host-` prefix and may drop `Secure` cookies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transport {
    Https,
    LoopbackHttp,
}

/// The session's cookie (RFC 6265bis): no script reads it, no other site sends it with a form, no
/// subdomain can set it (over HTTPS), and it ends with the browser; the server ends it earlier.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cookie(pub Transport);

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CookieFault {
    /// Two cookies of our name: one may have been planted, and nobody can tell which.
    #[error("the session cookie is given twice")]
    Twice,
    #[error("the session cookie is malformed")]
    Malformed,
}

impl Cookie {
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self.0 {
            Transport::Https => "__Host-countersign",
            Transport::LoopbackHttp => "countersign",
        }
    }

    /// The `Set-Cookie` value that gives a session; `None` if the token is not a session's.
    #[must_use]
    pub fn set(self, token: &Token) -> Option<String> {
        (token.kind() == Kind::Session)
            .then(|| format!("{}={}{}", self.name(), token.reveal(), self.attributes()))
    }

    /// The `Set-Cookie` value that takes it away.
    #[must_use]
    pub fn clear(self) -> String {
        format!("{}={}; Max-Age=0", self.name(), self.attributes())
    }

    /// Finds the session token in the values of all `Cookie` headers of one request; `None` if
    /// there is none. Other cookies are passed over.
    ///
    /// # Errors
    /// [`CookieFault`].
    pub fn read<'a>(self, headers: impl IntoIterator<Item = &'a str>) -> Result<Option<Token>, CookieFault> {
        let mut found = None;
        for pair in headers.into_iter().flat_map(|header| header.split(';')) {
            let Some((name, value)) = pair.split_once('=') else { continue };
            if name.trim_matches([' ', '\t']) != self.name() {
                continue;
            }
            if found.is_some() {
                return Err(CookieFault::Twice);
            }
            found = Some(value.trim_matches([' ', '\t']));
        }
        found.map(|value| Token::parse(Kind::Session, value).map_err(|_| CookieFault::Malformed)).transpose()
    }

    const fn attributes(self) -> &'static str {
        match self.0 {
            Transport::Https => "; Path=/; Secure; HttpOnly; SameSite=Lax",
            Transport::LoopbackHttp => "; Path=/; HttpOnly; SameSite=Lax",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token() -> Token {
        Token::from_entropy(Kind::Session, &[9; 20])
    }

    #[test]
    fn flags() {
        let https = Cookie(Transport::Https).set(&token()).unwrap();
        let value = token().reveal().to_owned();
        assert_eq!(https, format!("__Host-countersign={value}; Path=/; Secure; HttpOnly; SameSite=Lax"));
        let http = Cookie(Transport::LoopbackHttp).set(&token()).unwrap();
        assert_eq!(http, format!("countersign={value}; Path=/; HttpOnly; SameSite=Lax"));
        assert!(Cookie(Transport::Https).clear().ends_with("; Max-Age=0"));
        assert_eq!(Cookie(Transport::Https).set(&Token::from_entropy(Kind::Api, &[9; 20])), None);
    }

    #[test]
    fn read() {
        let cookie = Cookie(Transport::Https);
        let ours = format!("__Host-countersign={}", token().reveal());
        let read = |header: &str| cookie.read([header]).map(|found| found.map(|t| t.hash()));
        let hash = token().hash();
        assert_eq!(read(&ours), Ok(Some(hash)));
        assert_eq!(read(&format!("a=b; {ours}; c=d")), Ok(Some(hash)));
        assert_eq!(read("a=b; countersign=x"), Ok(None));
        assert_eq!(read(""), Ok(None));
        assert_eq!(read(&format!("{ours}; {ours}")), Err(CookieFault::Twice));
        assert_eq!(
            cookie.read([ours.as_str(), "__Host-countersign=planted"]).unwrap_err(),
            CookieFault::Twice
        );
        assert_eq!(read("__Host-countersign="), Err(CookieFault::Malformed));
        let api = Token::from_entropy(Kind::Api, &[9; 20]);
        assert_eq!(read(&format!("__Host-countersign={}", api.reveal())), Err(CookieFault::Malformed));
    }
}
