//! Files for parameters.

use serde::{Deserialize, Serialize};

use crate::error::ClientError;
use crate::path::Path;
use crate::transport::Client;

/// A file that the server has: the value of a file parameter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Uploaded {
    /// SHA-256 of its content, in hexadecimal.
    pub sha256: String,
    /// In bytes.
    pub size: u64,
    /// Its media type, as it was sent.
    pub media_type: String,
}

impl Client {
    /// Uploads a file. What no request or run cites within 24 hours vanishes.
    ///
    /// # Errors
    /// What the server says, or that it could not be reached.
    pub fn upload(&self, media_type: &str, bytes: &[u8]) -> Result<Uploaded, ClientError> {
        self.upload_to(&Path::of("blobs"), media_type, bytes)
    }
}
