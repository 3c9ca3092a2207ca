//! How long, how often, how many at once.

use serde::{Deserialize, Serialize};

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

impl Default for Limits {
    fn default() -> Self {
        Self { max_duration: None, max_uses: None, parallel: one(), rate: None }
    }
}

const fn one() -> u32 {
    1
}
