//! What can go wrong on demand. Each fault is for one request: the next for the cmdlet endpoint, unless it says otherwise.

use serde::{Deserialize, Serialize};

/// One fault.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "fault", rename_all = "snake_case", deny_unknown_fields)]
pub enum Fault {
    /// 401.
    Unauthorized,
    /// 403 with a body of NUL bytes that claims to be gzip.
    Forbidden,
    /// 429, with this `Retry-After` if any.
    Throttled {
        #[serde(default)]
        retry_after: Option<String>,
    },
    /// Any status, with an HTML page.
    Status { status: u16 },
    /// Status 400 with the name of an exception that passes.
    Transient,
    /// 302 to this place, whatever it is.
    Redirect { location: String },
    /// The request is taken and never answered. Nothing ran.
    Hang,
    /// The connection ends before anything ran.
    CutBefore,
    /// It ran; the answer is cut in its middle.
    CutDuring,
    /// It ran; the connection ends without an answer.
    CutAfter,
    /// It ran; the answer says that it is gzip and is not.
    GzipLie,
    /// It ran; the answer is gzip.
    Gzip,
    /// It ran; the answer has no end.
    Endless,
    /// It ran; the answer is no JSON.
    NotJson,
    /// It ran; its next page is said to be at this place.
    PageAt { link: String },
    /// It failed, and only the inner exception says why.
    InnerError,
    /// It failed, and only the outer message says so.
    BareError,
    /// The next request for a token is refused.
    TokenRefused,
    /// The next request for a token is answered with something else.
    TokenNotJson,
}

impl Fault {
    pub(crate) const fn is_of_tokens(&self) -> bool {
        matches!(self, Self::TokenRefused | Self::TokenNotJson)
    }
}
