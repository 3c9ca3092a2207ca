//! Instants and spans. Core never asks what time it is; it is told.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A point in time: microseconds since 1970-01-01T00:00:00Z, at most 2^53 − 1 of them either way (until the year
/// 2255), since canonical JSON holds no greater integer (RFC 8785, section 3.2.2.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(from = "i64", into = "i64")]
pub struct Instant(i64);

/// The last instant there is, and mirrored the first.
const FARTHEST: i64 = (1 << 53) - 1;

impl From<i64> for Instant {
    fn from(micros: i64) -> Self {
        Self::from_micros(micros)
    }
}

impl From<Instant> for i64 {
    fn from(instant: Instant) -> Self {
        instant.0
    }
}

/// A length of time in microseconds, never negative.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Span(u64);

impl Instant {
    /// The instant this many microseconds after the epoch, or the nearest there is.
    #[must_use]
    pub const fn from_micros(micros: i64) -> Self {
        Self(if micros > FARTHEST {
            FARTHEST
        } else if micros < -FARTHEST {
            -FARTHEST
        } else {
            micros
        })
    }

    /// Microseconds since the epoch.
    #[must_use]
    pub const fn as_micros(self) -> i64 {
        self.0
    }

    /// This instant moved later, stopping at the end of time rather than wrapping.
    #[must_use]
    pub const fn plus(self, span: Span) -> Self {
        Self::from_micros(self.0.saturating_add_unsigned(span.0))
    }

    /// This instant moved earlier, stopping at the start of time.
    #[must_use]
    pub const fn minus(self, span: Span) -> Self {
        Self::from_micros(self.0.saturating_sub_unsigned(span.0))
    }

    /// How long after `earlier` this is; zero if it is before.
    #[must_use]
    pub const fn since(self, earlier: Self) -> Span {
        Span(if self.0 > earlier.0 { self.0.abs_diff(earlier.0) } else { 0 })
    }

    /// The calendar form; `None` outside the years jiff can show.
    #[must_use]
    pub fn timestamp(self) -> Option<jiff::Timestamp> {
        jiff::Timestamp::from_microsecond(self.0).ok()
    }
}

impl fmt::Display for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.timestamp() {
            Some(timestamp) => write!(f, "{timestamp:.0}"),
            None => write!(f, "{} µs", self.0),
        }
    }
}

impl Span {
    /// No time at all.
    pub const ZERO: Self = Self(0);

    /// A span of microseconds.
    #[must_use]
    pub const fn from_micros(micros: u64) -> Self {
        Self(micros)
    }

    /// A span of seconds.
    #[must_use]
    pub const fn from_secs(secs: u64) -> Self {
        Self(secs.saturating_mul(1_000_000))
    }

    /// A span of minutes.
    #[must_use]
    pub const fn from_mins(mins: u64) -> Self {
        Self::from_secs(mins.saturating_mul(60))
    }

    /// A span of hours.
    #[must_use]
    pub const fn from_hours(hours: u64) -> Self {
        Self::from_secs(hours.saturating_mul(3_600))
    }

    /// The span in microseconds.
    #[must_use]
    pub const fn as_micros(self) -> u64 {
        self.0
    }

    /// Whole seconds, rounded down.
    #[must_use]
    pub const fn as_secs(self) -> u64 {
        self.0 / 1_000_000
    }
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let secs = self.as_secs();
        match (secs / 3_600, secs % 3_600 / 60, secs % 60) {
            (0, 0, s) => write!(f, "{s} s"),
            (0, m, 0) => write!(f, "{m} min"),
            (0, m, s) => write!(f, "{m} min {s} s"),
            (h, 0, 0) => write!(f, "{h} h"),
            (h, m, 0) => write!(f, "{h} h {m} min"),
            (h, m, s) => write!(f, "{h} h {m} min {s} s"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arithmetic_stops_at_the_ends_of_time() {
        assert_eq!(Instant::from_micros(i64::MAX).as_micros(), FARTHEST);
        assert_eq!(Instant::from_micros(i64::MIN).as_micros(), -FARTHEST);
        assert_eq!(Instant::from_micros(FARTHEST).plus(Span::from_hours(1)).as_micros(), FARTHEST);
        let farthest = Instant::from_micros(i64::MAX);
        assert!(countersign_ledger::json::canonical(&farthest).is_ok());
        assert_eq!(serde_json::from_str::<Instant>(&i64::MAX.to_string()).unwrap(), farthest);
        assert_eq!(Instant::from_micros(5).since(Instant::from_micros(9)), Span::ZERO);
        assert_eq!(Span::from_hours(4).to_string(), "4 h");
        assert_eq!(Span::from_secs(5_445).to_string(), "1 h 30 min 45 s");
    }
}
