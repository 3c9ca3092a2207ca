//! Signing in and out.

use crate::secret::Secret;
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

use crate::error::ClientError;
use crate::path::Path;
use crate::transport::Client;

/// What a person signs in with.
#[derive(Serialize)]
pub struct SignIn<'a> {
    /// The sign-in name.
    pub upn: &'a str,
    /// The password.
    pub password: &'a str,
    /// A code of the second factor, or a recovery code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<&'a str>,
}

/// A session that began.
#[derive(Deserialize)]
pub struct SignedIn {
    /// The session itself.
    pub session: Secret,
    /// Whose.
    pub person: String,
    /// When it ends, RFC 3339.
    #[serde(default)]
    pub expires: Option<String>,
    /// Whether it was begun with a second factor.
    #[serde(default)]
    pub second_factor: bool,
    /// Whether this person has a second factor.
    #[serde(default)]
    pub second_factor_enrolled: bool,
}

/// A link that was redeemed.
#[derive(Debug, Clone, Deserialize)]
pub struct Redeemed {
    /// Whose.
    pub person: String,
    /// Their sign-in name.
    #[serde(default)]
    pub upn: Option<String>,
}

impl Client {
    /// Begins a session and gives it, for a client without cookies.
    ///
    /// # Errors
    /// See [`ClientError`].
    pub fn sign_in(&self, sign_in: &SignIn<'_>) -> Result<SignedIn, ClientError> {
        self.post(&Path::of("sessions").query("bearer", "true"), sign_in)
    }

    /// Shows the second factor. The session given takes the place of the one that is there.
    ///
    /// # Errors
    /// See [`ClientError`].
    pub fn step_up(&self, code: &str) -> Result<SignedIn, ClientError> {
        self.post(&Path::of("sessions/current/second-factor"), &json!({ "code": code }))
    }

    /// Ends the session.
    ///
    /// # Errors
    /// See [`ClientError`].
    pub fn sign_out(&self) -> Result<(), ClientError> {
        self.delete::<Json>(&Path::of("sessions/current")).map(|_| ())
    }

    /// Sets a password by an invitation's or a reset's link.
    ///
    /// # Errors
    /// See [`ClientError`].
    pub fn redeem(&self, link: &str, password: &str) -> Result<Redeemed, ClientError> {
        self.post(&Path::of("invitations/redeem"), &json!({ "link": link, "password": password }))
    }
}
