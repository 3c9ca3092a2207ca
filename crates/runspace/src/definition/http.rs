//! `executor = "http"`: one request to a service that the host file names.

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::{WhenAbsent, path::PathTemplate};
use crate::{ParameterName, TargetName};

/// A request and what its answer must be. Which service, with which credential, only the host file says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HttpDefinition {
    /// Which service: a name in the host file's table `[http]`.
    pub target: TargetName,
    /// The host file must list it for the target.
    pub method: Method,
    /// Below the target's own path, such as `/users/{User}/revokeSignInSessions`.
    pub path: PathTemplate,
    /// Parameters in `path` whose values may hold `/`; it is sent as `%2F`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub slashes: Vec<ParameterName>,
    /// In order. A list gives one entry for each of its items.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub query: Vec<Field>,
    /// Beside those that the target and the executor set.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub headers: Vec<Field>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<Body>,
    #[serde(default)]
    pub success: Success,
    /// Bytes of the answer that are read.
    #[serde(default = "mebibyte")]
    pub max_response_bytes: u64,
    /// Milliseconds from the request's last byte to the answer's head.
    #[serde(default = "minute")]
    pub answer_within_ms: u64,
}

/// What a request does (RFC 9110, section 9; RFC 5789).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Method {
    Get,
    Head,
    Post,
    Put,
    Patch,
    Delete,
}

impl Method {
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Head => "HEAD",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
        }
    }

    /// Changes nothing at the service (RFC 9110, section 9.2.1).
    #[must_use]
    pub const fn is_safe(self) -> bool {
        matches!(self, Self::Get | Self::Head)
    }
}

/// A named text of the query or a header: exactly one of `literal` and `parameter`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Field {
    pub name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub literal: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parameter: Option<ParameterName>,
    #[serde(default)]
    pub when_absent: WhenAbsent,
}

/// JSON with places: an object whose only key is `$parameter` stands for a value, one whose only key is `$null` for null.
///
/// `$parameter` holds a parameter's name, or an object with `name` and `when_absent`: `refuse`, `omit` or `null`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Body {
    pub json: Json,
    /// `application/json` unless written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content_type: Option<String>,
}

/// When a request has succeeded: its status is listed, and each test of its JSON holds.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Success {
    /// Status codes; any of 200 to 299 unless written.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub status: Vec<u16>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub json: Vec<Test>,
}

impl Success {
    #[must_use]
    pub fn admits(&self, status: u16) -> bool {
        if self.status.is_empty() { (200..300).contains(&status) } else { self.status.contains(&status) }
    }
}

/// What stands at a JSON pointer (RFC 6901) of the answer. Without `equals`, nothing may stand there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Test {
    pub pointer: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub equals: Option<Json>,
}

impl Test {
    #[must_use]
    pub fn holds(&self, answer: &Json) -> bool {
        answer.pointer(&self.pointer) == self.equals.as_ref()
    }
}

const fn mebibyte() -> u64 {
    1024 * 1024
}

const fn minute() -> u64 {
    60_000
}
