//! The people of the demonstration. Their passwords are random; their second factors are real.

use anyhow::Context as _;
use countersign_identity::base32;
use countersign_identity::totp::{Secret, Step};

/// One person with their own signed-in session.
#[derive(Debug, Clone)]
pub(super) struct Person {
    /// What the demonstration calls them.
    pub(super) name: String,
    /// Their sign-in name.
    pub(super) upn: String,
    /// Their password.
    pub(super) password: String,
    /// Their authenticator secret in base 32, once they have one.
    pub(super) secret: String,
}

impl Person {
    pub(super) fn new(name: &str) -> anyhow::Result<Self> {
        Ok(Self {
            name: name.to_owned(),
            upn: format!("{name}@fabrikam.example"),
            password: super::files::random_password()?,
            secret: String::new(),
        })
    }

    /// The code that their authenticator shows at a moment, in seconds since 1970.
    pub(super) fn code(&self, seconds: u64) -> anyhow::Result<String> {
        let bytes = base32::decode(&self.secret, base32::RFC4648).context("the authenticator secret")?;
        let bytes: [u8; 20] =
            bytes.try_into().map_err(|_| anyhow::anyhow!("the authenticator secret is not 20 bytes"))?;
        let code = Secret::from_entropy(bytes).code(Step(seconds / 30));
        Ok(String::from_utf8_lossy(&code).into_owned())
    }
}
