//! A refusal: nothing ran.

use serde::{Deserialize, Serialize};

/// Why an order was not carried out. Not one instruction of its program ran.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{message}")]
#[serde(deny_unknown_fields)]
pub struct Refusal {
    /// Stable, snake_case.
    pub code: String,
    /// For people; may change.
    pub message: String,
}

impl Refusal {
    pub fn new(code: &str, message: impl Into<String>) -> Self {
        Self { code: code.to_owned(), message: message.into() }
    }
}
