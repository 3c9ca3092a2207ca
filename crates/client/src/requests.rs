//! Access requests and what is decided on them.

use std::collections::BTreeMap;
use std::io::Read as _;

use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

use crate::error::ClientError;
use crate::executions::Started;
use crate::path::Path;
use crate::transport::Client;

/// The largest file that a parameter takes.
const MOST_OF_A_FILE: u64 = 64 << 20;

/// What is asked for.
#[derive(Debug, Clone, Serialize)]
pub struct Target {
    /// `Task`, `Role` or `Role Group`.
    #[serde(rename = "type")]
    pub kind: TargetKind,
    /// Its full name, `Workload\Name`.
    pub name: String,
}

/// The kinds of targets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum TargetKind {
    /// A task.
    Task,
    /// A role.
    Role,
    /// A role group.
    #[serde(rename = "Role Group")]
    RoleGroup,
}

/// A request to be sent.
#[derive(Debug, Clone, Serialize)]
pub struct NewRequest {
    /// The service account of one's own that it is for: its id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
    /// What for.
    pub target: Target,
    /// The role whose policy shall govern, where there is a choice.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
    /// Limits on parameters: `{"equals": …}`, `{"one_of": […]}`, `{"range": {…}}`, `{"prefix": …}`, `"any"`.
    pub constraints: BTreeMap<String, Json>,
    /// Why.
    pub reason: String,
    /// The ticket.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ticket: Option<String>,
    /// For how long, in seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub duration_secs: Option<u64>,
    /// From when, RFC 3339.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start: Option<String>,
    /// How often.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub uses: Option<u32>,
    /// The request this one extends.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub extends: Option<String>,
}

/// A request that was taken.
#[derive(Debug, Clone, Deserialize)]
pub struct Submitted {
    /// Its number.
    pub number: String,
    /// How it stands.
    pub status: String,
    /// The digest of its statement.
    #[serde(default)]
    pub statement: String,
    /// Everything the server said.
    #[serde(flatten)]
    pub rest: BTreeMap<String, Json>,
}

/// Less than was asked for.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Less {
    /// A shorter duration, in seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub duration_secs: Option<u64>,
    /// Fewer uses.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub uses: Option<u32>,
    /// Narrower limits.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub constraints: BTreeMap<String, Json>,
}

/// A file that a request cites.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileContent {
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// `text/plain` for text, as the server found it to be; what its uploader called it counts for nothing.
    pub media_type: String,
}

impl FileContent {
    /// Its text, if it is one.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        let said = self.media_type.starts_with("text/plain");
        str::from_utf8(&self.bytes).ok().filter(|_| said)
    }
}

impl Client {
    /// Sends a request.
    ///
    /// # Errors
    /// See [`ClientError`].
    pub fn submit(&self, request: &NewRequest) -> Result<Submitted, ClientError> {
        self.post(&Path::of("requests"), request)
    }

    /// A request with everything that was asked, said and decided.
    ///
    /// # Errors
    /// See [`ClientError`].
    pub fn request(&self, number: &str) -> Result<Json, ClientError> {
        self.object("requests", number)
    }

    /// A file that a request cites.
    ///
    /// # Errors
    /// See [`ClientError`]; also if more comes than a file may have.
    pub fn request_file(&self, number: &str, sha256: &str) -> Result<FileContent, ClientError> {
        let path = verb(number, "files").segment(sha256);
        let unreadable = |why: String| ClientError::Answer { path: path.as_str().to_owned(), why };
        let answer = self.get_stream(&path)?;
        let kind = answer.headers().get("content-type").and_then(|kind| kind.to_str().ok());
        let media_type = kind.unwrap_or_default().to_owned();
        let reader = answer.into_body().into_with_config().limit(u64::MAX).reader();
        let mut bytes = Vec::new();
        let read = reader.take(MOST_OF_A_FILE + 1).read_to_end(&mut bytes);
        match read.map_err(|error| unreadable(error.to_string()))? as u64 {
            size if size > MOST_OF_A_FILE => Err(unreadable("it is too large".to_owned())),
            _ => Ok(FileContent { bytes, media_type }),
        }
    }

    /// Approves a statement, perhaps for less.
    ///
    /// # Errors
    /// See [`ClientError`].
    pub fn approve(
        &self,
        number: &str,
        statement: &str,
        comment: &str,
        less: Option<&Less>,
    ) -> Result<Json, ClientError> {
        let mut body = json!({ "statement": statement, "comment": comment });
        if let (Some(less), Some(body)) = (less, body.as_object_mut()) {
            body.insert("less".to_owned(), json!(less));
        }
        self.post(&verb(number, "approve"), &body)
    }

    /// Denies a statement.
    ///
    /// # Errors
    /// See [`ClientError`].
    pub fn deny(&self, number: &str, statement: &str, comment: &str) -> Result<Json, ClientError> {
        self.post(&verb(number, "deny"), &json!({ "statement": statement, "comment": comment }))
    }

    /// Starts a preview of a statement. Values are for who executes under a live authorization.
    ///
    /// # Errors
    /// See [`ClientError`].
    pub fn preview(
        &self,
        number: &str,
        statement: &str,
        values: &BTreeMap<String, Json>,
    ) -> Result<Started, ClientError> {
        self.post(&verb(number, "preview"), &json!({ "statement": statement, "values": values }))
    }

    /// Withdraws one's own request.
    ///
    /// # Errors
    /// See [`ClientError`].
    pub fn cancel(&self, number: &str) -> Result<Json, ClientError> {
        self.post(&verb(number, "cancel"), &json!({}))
    }

    /// Asks the requester.
    ///
    /// # Errors
    /// See [`ClientError`].
    pub fn question(&self, number: &str, text: &str) -> Result<Json, ClientError> {
        self.post(&verb(number, "question"), &json!({ "text": text }))
    }

    /// Answers as the requester.
    ///
    /// # Errors
    /// See [`ClientError`].
    pub fn answer(&self, number: &str, text: &str) -> Result<Json, ClientError> {
        self.post(&verb(number, "answer"), &json!({ "text": text }))
    }
}

fn verb(number: &str, verb: &str) -> Path {
    Path::of("requests").segment(number).segment(verb)
}
