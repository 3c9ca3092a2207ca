//! Authorizations: giving back and revoking.

use serde_json::{Value as Json, json};

use crate::error::ClientError;
use crate::path::Path;
use crate::transport::Client;

impl Client {
    /// Gives one's own authorization back.
    ///
    /// # Errors
    /// See [`ClientError`].
    pub fn give_back(&self, number: &str) -> Result<Json, ClientError> {
        self.post(&Path::of("authorizations").segment(number).segment("give-back"), &json!({}))
    }

    /// Says as a default approver that the suspect clock is right. `accepted` says whether that was the second word.
    ///
    /// # Errors
    /// See [`ClientError`].
    pub fn accept_clock(&self) -> Result<Json, ClientError> {
        self.post(&Path::of("organization").segment("accept-clock"), &json!({}))
    }

    /// Says as a default approver that a restored copy is to be gone on with. `accepted` says whether that was the second
    /// word.
    ///
    /// # Errors
    /// See [`ClientError`].
    pub fn accept_restore(&self) -> Result<Json, ClientError> {
        self.post(&Path::of("organization").segment("accept-restore"), &json!({}))
    }

    /// Revokes an authorization, as an approver.
    ///
    /// # Errors
    /// See [`ClientError`].
    pub fn revoke(&self, number: &str, comment: &str) -> Result<Json, ClientError> {
        self.post(
            &Path::of("authorizations").segment(number).segment("revoke"),
            &json!({ "comment": comment }),
        )
    }

    /// The decision on a run that is not started, with its reasons.
    ///
    /// # Errors
    /// See [`ClientError`].
    pub fn explain(&self, task: &str, values: &Json) -> Result<Json, ClientError> {
        self.post(&Path::of("explain"), &json!({ "task": task, "values": values }))
    }
}
