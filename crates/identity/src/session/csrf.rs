use crate::{
    base32::{self, CROCKFORD},
    keyed::{self, Key},
    token::TokenHash,
};

/// What a page of a session sends back with each change, so that another site can't send it.
/// Derived from the session, so nothing is stored and it dies with the session
/// (OWASP: the HMAC-based token pattern).
#[derive(Clone, PartialEq, Eq)]
pub struct CsrfToken(String);

impl CsrfToken {
    #[must_use]
    pub fn derive(key: &Key, session: &TokenHash) -> Self {
        let digest = key.digest("countersign csrf v1", &[&session.0]);
        Self(base32::encode(&digest, CROCKFORD))
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether what was sent is this session's.
    #[must_use]
    pub fn matches(&self, sent: &str) -> bool {
        keyed::same(self.0.as_bytes(), sent.as_bytes())
    }
}

impl std::fmt::Debug for CsrfToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("CsrfToken(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn belongs_to_one_session() {
        let key = Key::new([1; 32]);
        let one = CsrfToken::derive(&key, &TokenHash([1; 32]));
        let two = CsrfToken::derive(&key, &TokenHash([2; 32]));
        assert!(one.matches(one.as_str()));
        assert!(!one.matches(two.as_str()) && !one.matches("") && !one.matches(one.as_str().split_at(1).1));
        assert_ne!(CsrfToken::derive(&Key::new([2; 32]), &TokenHash([1; 32])), one);
    }
}
