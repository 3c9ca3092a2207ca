//! API tokens.

use crate::secret::Secret;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use crate::error::ClientError;
use crate::path::Path;
use crate::transport::Client;

/// A token to be made.
#[derive(Debug, Clone, Serialize)]
pub struct NewToken {
    /// The service account of one's own that it is for: its id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
    /// What it is for.
    pub label: String,
    /// What it may do.
    pub scopes: Vec<String>,
    /// How long it lives.
    pub days: u32,
}

/// A token that was made. It is shown this once.
#[derive(Deserialize)]
pub struct MadeToken {
    /// The token.
    pub token: Secret,
    /// Its id.
    pub id: String,
}

impl Client {
    /// Makes a token.
    ///
    /// # Errors
    /// See [`ClientError`].
    pub fn new_token(&self, token: &NewToken) -> Result<MadeToken, ClientError> {
        self.post(&Path::of("tokens"), token)
    }

    /// Revokes a token.
    ///
    /// # Errors
    /// See [`ClientError`].
    pub fn revoke_token(&self, id: &str) -> Result<(), ClientError> {
        self.delete::<Json>(&Path::of("tokens").segment(id)).map(|_| ())
    }
}
