//! A value as one segment of a path, one value of a query, one header.

use std::fmt::Write as _;

use crate::{ParameterName, Refusal};

/// Everything but the unreserved characters of RFC 3986 (section 2.3) as `%XX` of its UTF-8.
#[must_use]
pub fn percent(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    encoded
}

/// One segment. What servers and proxies resolve before or after they decode is refused: dots, empty segments, slashes of
/// both kinds, control characters.
pub(super) fn segment(name: &ParameterName, text: &str, slashes: bool) -> Result<String, Refusal> {
    let dots = |part: &str| part.is_empty() || part == "." || part == "..";
    let sound = match slashes {
        true => !text.split('/').any(dots),
        false => !text.contains('/') && !dots(text),
    };
    if !sound || text.contains('\\') || text.chars().any(char::is_control) {
        let message = format!("the value of {name} can't be one segment of a path");
        return Err(Refusal::new("value_not_a_segment", message));
    }
    Ok(percent(text))
}

/// A header's value: visible ASCII and spaces within. Other bytes have no agreed meaning (RFC 9110, section 5.5).
pub(crate) fn header(name: &str, value: &str) -> Result<(), Refusal> {
    let visible = value.bytes().all(|byte| (b' '..=b'~').contains(&byte));
    if visible && value.trim_matches(' ') == value {
        return Ok(());
    }
    let message = format!("the value for the header {name} has characters that a header can't have");
    Err(Refusal::new("value_not_for_header", message))
}
