//! Paths of the API, built of encoded segments.

use std::fmt::Write as _;

const API: &str = "/api/v1";

/// A path below `/api/v1`, with its query.
#[derive(Debug, Clone)]
pub(crate) struct Path(String);

impl Path {
    /// `/api/v1/NOUN`; the noun is a constant of this crate.
    pub(crate) fn of(noun: &str) -> Self {
        Self(format!("{API}/{noun}"))
    }

    /// A path beside the API.
    pub(crate) fn root(name: &str) -> Self {
        Self(format!("/{name}"))
    }

    /// Appends a segment that may hold anything.
    pub(crate) fn segment(mut self, segment: &str) -> Self {
        self.0.push('/');
        encode(&mut self.0, segment);
        self
    }

    /// Appends a query parameter.
    pub(crate) fn query(mut self, name: &str, value: &str) -> Self {
        self.0.push(if self.0.contains('?') { '&' } else { '?' });
        encode(&mut self.0, name);
        self.0.push('=');
        encode(&mut self.0, value);
        self
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

/// Everything but RFC 3986's unreserved characters is percent-encoded; a segment of dots only would be a step up.
fn encode(out: &mut String, text: &str) {
    let dots = matches!(text, "." | "..");
    for byte in text.bytes() {
        match byte {
            b'.' if dots => out.push_str("%2E"),
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => out.push(char::from(byte)),
            _ => {
                let _ = write!(out, "%{byte:02X}");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_given_leaves_its_segment() {
        let path = Path::of("tasks").segment("../a?b#c").segment("New Move\\Request");
        assert_eq!(path.as_str(), "/api/v1/tasks/..%2Fa%3Fb%23c/New%20Move%5CRequest");
        assert_eq!(Path::of("x").segment("..").as_str(), "/api/v1/x/%2E%2E");
        let path = Path::of("requests").query("text", "a=b&c").query("limit", "5");
        assert_eq!(path.as_str(), "/api/v1/requests?text=a%3Db%26c&limit=5");
    }
}
