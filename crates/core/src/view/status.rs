//! The words by which lists tell how things stand.

use serde::{Serialize, Serializer};

use super::cell::{Cell, CellError, CellKind, Column, from_word, word};
use crate::event::body::{AuthorizationEnd, RequestEnd};

/// How an access request stands. Stored and shown as one word: `pending`, `approved`, or how it ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RequestStatus {
    /// It waits.
    Pending,
    /// It gave an authorization.
    Approved,
    /// It ended without one.
    Ended(RequestEnd),
}

/// How an authorization stands. Stored and shown as one word: `active`, or how it ended.
///
/// The end of its time counts when it comes, not when this word changes: compare `until` as well.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AuthorizationStatus {
    /// It has not ended otherwise than by its time.
    Active,
    /// It ended.
    Ended(AuthorizationEnd),
}

/// How an execution stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExecutionStatus {
    /// Started, and no outcome yet.
    Running,
    /// The task says it did its work.
    Succeeded,
    /// It did not.
    Failed,
    /// It was stopped.
    Stopped,
    /// Nobody can know.
    Unknown,
}

impl RequestStatus {
    /// The word.
    #[must_use]
    pub fn word(self) -> String {
        match self {
            Self::Pending => "pending".to_owned(),
            Self::Approved => "approved".to_owned(),
            Self::Ended(how) => word(&how),
        }
    }

    /// The status behind a word.
    #[must_use]
    pub fn from_word(text: &str) -> Option<Self> {
        match text {
            "pending" => Some(Self::Pending),
            "approved" => Some(Self::Approved),
            other => from_word(other.to_owned()).map(Self::Ended),
        }
    }
}

impl AuthorizationStatus {
    /// The word.
    #[must_use]
    pub fn word(self) -> String {
        match self {
            Self::Active => "active".to_owned(),
            Self::Ended(how) => word(&how),
        }
    }

    /// The status behind a word.
    #[must_use]
    pub fn from_word(text: &str) -> Option<Self> {
        match text {
            "active" => Some(Self::Active),
            other => from_word(other.to_owned()).map(Self::Ended),
        }
    }
}

impl ExecutionStatus {
    /// Every status.
    pub const ALL: [Self; 5] = [Self::Running, Self::Succeeded, Self::Failed, Self::Stopped, Self::Unknown];

    /// The word.
    #[must_use]
    pub fn word(self) -> String {
        match self {
            Self::Running => "running",
            Self::Succeeded => "succeeded",
            Self::Failed => "failed",
            Self::Stopped => "stopped",
            Self::Unknown => "unknown",
        }
        .to_owned()
    }

    /// The status behind a word.
    #[must_use]
    pub fn from_word(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.word() == text)
    }
}

macro_rules! columns {
    ($($type:ty)*) => {$(
        impl Column for $type {
            const KIND: CellKind = CellKind::Text;

            fn to_cell(&self) -> Cell {
                Cell::Text(self.word())
            }

            fn from_cell(cell: Cell) -> Result<Self, CellError> {
                let text = String::from_cell(cell)?;
                Self::from_word(&text).ok_or(CellError(stringify!($type)))
            }
        }

        impl Serialize for $type {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.word())
            }
        }
    )*};
}

columns! { RequestStatus AuthorizationStatus ExecutionStatus }

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_read_back() {
        for status in
            [RequestStatus::Pending, RequestStatus::Approved, RequestStatus::Ended(RequestEnd::Unfillable)]
        {
            assert_eq!(RequestStatus::from_cell(status.to_cell()), Ok(status));
        }
        assert_eq!(RequestStatus::Ended(RequestEnd::PolicyChanged).word(), "policy_changed");
        let ended = AuthorizationStatus::Ended(AuthorizationEnd::GivenBack);
        assert_eq!(AuthorizationStatus::from_cell(ended.to_cell()), Ok(ended));
        for status in ExecutionStatus::ALL {
            assert_eq!(ExecutionStatus::from_cell(status.to_cell()), Ok(status));
        }
        assert!(RequestStatus::from_cell(Cell::Text("Pending".to_owned())).is_err());
        assert!(AuthorizationStatus::from_cell(Cell::Text("denied".to_owned())).is_err());
    }
}
