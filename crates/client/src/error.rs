//! What can go wrong: the server says no, or cannot be asked.

use serde::{Deserialize, Serialize};

/// An answer that is an error (RFC 9457 problem details, with Countersign's members).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// The stable code: programs may depend on it.
    #[serde(default)]
    pub code: String,
    /// A short name of the kind of problem.
    #[serde(default)]
    pub title: String,
    /// What is wrong here.
    #[serde(default)]
    pub detail: String,
    /// What governs: a policy, a limit, a rule.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub governs: Option<String>,
    /// The next step, as a command line where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
    /// The HTTP status.
    #[serde(default)]
    pub status: u16,
    /// What to look for in the server's log.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
}

impl Problem {
    /// For an answer that is not of this form, a proxy's for example.
    pub(crate) fn bare(status: u16) -> Self {
        Self {
            code: "unexpected_answer".to_owned(),
            title: String::new(),
            detail: format!("The server answered with status {status} and no explanation."),
            governs: None,
            hint: None,
            status,
            request_id: None,
        }
    }
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let text = if self.detail.is_empty() { &self.title } else { &self.detail };
        write!(f, "{text} ({})", self.code)
    }
}

/// Why a call gave nothing.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// The server answered, and it was not what was asked for.
    #[error("{0}")]
    Problem(Box<Problem>),
    /// The server was not reached, so nothing happened there.
    #[error("cannot reach {url}")]
    Unreachable {
        /// Where.
        url: String,
        /// Why.
        #[source]
        source: Box<ureq::Error>,
    },
    /// The request was sent and no answer came: what it asked for may have happened.
    #[error("no answer from {url}")]
    NoAnswer {
        /// Where.
        url: String,
        /// Why.
        #[source]
        source: Box<ureq::Error>,
    },
    /// The answer is not what the API says.
    #[error("the server's answer to `{path}` cannot be read: {why}")]
    Answer {
        /// To what.
        path: String,
        /// Why.
        why: String,
    },
    /// The file of trusted certificates.
    #[error("cannot use the certificates in `{path}`: {why}")]
    Trust {
        /// Which file.
        path: String,
        /// Why.
        why: String,
    },
    /// The system gives no randomness.
    #[error("the system gives no randomness: {0}")]
    Randomness(String),
}

impl ClientError {
    /// The server's answer, if it is one.
    #[must_use]
    pub fn problem(&self) -> Option<&Problem> {
        match self {
            Self::Problem(problem) => Some(problem),
            _ => None,
        }
    }
}
