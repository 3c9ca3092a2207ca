//! One's own credentials.

use crate::secret::Secret;
use crate::sessions::SignedIn;
use serde::Deserialize;
use serde_json::{Value as Json, json};

use crate::error::ClientError;
use crate::path::Path;
use crate::transport::Client;

/// A second factor to be confirmed.
#[derive(Deserialize)]
pub struct Enrolled {
    /// The secret for typing, in base32.
    pub secret_base32: Secret,
    /// The same for an authenticator app, as an `otpauth:` address.
    pub otpauth: Secret,
}

/// Codes that replace the second factor, each once.
#[derive(Deserialize)]
pub struct Confirmed {
    /// The session that takes the place of the one that asked.
    #[serde(default)]
    pub session: Option<Secret>,
    /// To be kept on paper.
    pub recovery_codes: Vec<Secret>,
}

impl Client {
    /// Who this is.
    ///
    /// # Errors
    /// See [`ClientError`].
    pub fn me(&self) -> Result<Json, ClientError> {
        self.single("me")
    }

    /// Begins to set up a second factor.
    ///
    /// # Errors
    /// See [`ClientError`].
    pub fn enroll(&self) -> Result<Enrolled, ClientError> {
        self.post(&Path::of("me/second-factor/enroll"), &json!({}))
    }

    /// Puts the second factor into force by a code of it.
    ///
    /// # Errors
    /// See [`ClientError`].
    pub fn confirm(&self, code: &str) -> Result<Confirmed, ClientError> {
        self.post(&Path::of("me/second-factor/confirm"), &json!({ "code": code }))
    }

    /// Changes the password. All sessions end; the one given takes their place.
    ///
    /// # Errors
    /// See [`ClientError`].
    pub fn change_password(&self, current: &str, new: &str) -> Result<SignedIn, ClientError> {
        self.post(&Path::of("me/password"), &json!({ "current": current, "new": new }))
    }
}
