//! How long, how often, how many at once.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::parameter::read_duration;
use crate::time::Span;

/// The ceilings a policy sets. Absent ones leave the organization's ceiling alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    /// The longest duration that may be asked for, 1 second to 30 days.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_duration: Option<Span>,
    /// The most executions one authorization gives; none means as often as needed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_uses: Option<u32>,
    /// Executions of one authorization at the same time (G6), 1 to 100.
    #[serde(default = "one")]
    pub parallel: u32,
    /// Requests of one person for this target. Required for Auto.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rate: Option<Rate>,
}

/// At most `count` within any stretch of `per` that excludes one of its two ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rate {
    /// At least 1.
    pub count: u32,
    /// 1 second to 366 days.
    pub per: Span,
}

impl Rate {
    /// What an Auto policy gets when its maker names no rate: 10 requests of one person in 24 hours.
    pub const AUTO_DEFAULT: Self = Self { count: 10, per: Span::from_hours(24) };
}

/// A rate that could not be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a rate is written `COUNT/TIME`, such as `10/24h` or `3/90m`")]
pub struct RateError;

impl FromStr for Rate {
    type Err = RateError;

    /// Reads `10/24h`: the time in the forms that a parameter of that kind takes.
    fn from_str(text: &str) -> Result<Self, RateError> {
        let (count, per) = text.split_once('/').ok_or(RateError)?;
        let digits = !count.is_empty() && count.bytes().all(|byte| byte.is_ascii_digit());
        let count = count.parse().ok().filter(|_| digits).ok_or(RateError)?;
        Ok(Self { count, per: read_duration(per).ok_or(RateError)? })
    }
}

impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}s", self.count, self.per.as_secs())
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self { max_duration: None, max_uses: None, parallel: one(), rate: None }
    }
}

const fn one() -> u32 {
    1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_has_a_count_and_a_time() {
        let rate = |count, secs| Rate { count, per: Span::from_secs(secs) };
        for (text, wanted) in
            [("10/24h", rate(10, 86_400)), ("3/1h 30m", rate(3, 5_400)), ("1/P1D", rate(1, 86_400))]
        {
            assert_eq!(text.parse(), Ok(wanted), "{text}");
            assert_eq!(wanted.to_string().parse(), Ok(wanted));
        }
        for bad in [
            "",
            "10",
            "10/",
            "/24h",
            "+1/1h",
            "-1/1h",
            "1.5/1h",
            "10/24",
            "10 / 24h",
            "9999999999/1h",
            "٣/1h",
        ] {
            assert_eq!(bad.parse::<Rate>(), Err(RateError), "{bad}");
        }
    }
}
