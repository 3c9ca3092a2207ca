//! Who may see what (G19), and how it is shown.

pub(crate) mod changes;
pub(crate) mod config;
pub(crate) mod covers;
pub(crate) mod events;
pub(crate) mod executions;
pub(crate) mod files;
pub(crate) mod grant;
pub(crate) mod members;
pub(crate) mod page;
pub(crate) mod people;
pub(crate) mod policies;
pub(crate) mod previews;
pub(crate) mod requests;
pub(crate) mod take_backs;
pub(crate) mod tasks;
pub(crate) mod tiles;

use countersign_core::time::Instant;

/// An instant as RFC 3339 in UTC, to the microsecond where there is one.
pub(crate) fn at(instant: Instant) -> String {
    instant.timestamp().map_or_else(|| instant.to_string(), |timestamp| timestamp.to_string())
}

/// Reads an instant: RFC 3339 with an offset.
pub(crate) fn instant(text: &str) -> Option<Instant> {
    let timestamp: jiff::Timestamp = text.parse().ok()?;
    Some(Instant::from_micros(timestamp.as_microsecond()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_are_written_and_read_in_utc() {
        let instant = Instant::from_micros(1_790_000_000_250_000);
        assert_eq!(at(instant), "2026-09-21T14:13:20.25Z");
        assert_eq!(super::instant("2026-09-21T16:13:20.25+02:00"), Some(instant));
        assert_eq!(super::instant("yesterday"), None);
    }
}
