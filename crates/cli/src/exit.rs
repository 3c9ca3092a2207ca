//! Exit codes: how programs tell waiting from refused from failed.
//!
//! | code | meaning |
//! | --- | --- |
//! | 0 | done |
//! | 1 | failed: something went wrong here or on the server |
//! | 2 | usage: the command line cannot be understood |
//! | 3 | refused: the server says no |
//! | 4 | waiting: a request for it is pending, or was sent just now |
//! | 5 | not signed in, or the sign-in failed |
//! | 6 | unreachable: the server was not reached, nothing happened |
//! | 7 | unknown: sent, but nobody can say whether or how it ended |
//!
//! `countersign run` exits with the task's own status where there is one, and with 128 + N where signal N ended it.
//! So that nobody takes one for the other, its own codes are those above plus 120: 121 failed or stopped, 122 usage,
//! 123 refused, 124 waiting, 125 not signed in, 126 unreachable, 127 unknown.

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Done.
    Ok,
    /// Something went wrong.
    Failed,
    /// The command line is not understood.
    Usage,
    /// The server says no.
    Refused,
    /// It waits for approval.
    Waiting,
    /// Nobody is signed in.
    NotSignedIn,
    /// The server was not reached.
    Unreachable,
    /// Nobody knows.
    Unknown,
    /// A task's own status.
    Task(u8),
}

/// What `run` adds to its own codes.
const RUN: u8 = 120;

impl Exit {
    /// The code of every command but `run`.
    pub(crate) const fn code(self) -> u8 {
        match self {
            Self::Ok => 0,
            Self::Failed => 1,
            Self::Usage => 2,
            Self::Refused => 3,
            Self::Waiting => 4,
            Self::NotSignedIn => 5,
            Self::Unreachable => 6,
            Self::Unknown => 7,
            Self::Task(status) => status,
        }
    }

    /// The code of `run`.
    pub(crate) const fn code_of_run(self) -> u8 {
        match self {
            Self::Ok | Self::Task(_) => self.code(),
            _ => RUN + self.code(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tasks_status_is_never_taken_for_ours() {
        assert_eq!(Exit::Task(3).code_of_run(), 3);
        assert_eq!(Exit::Refused.code_of_run(), 123);
        assert_eq!(Exit::Waiting.code_of_run(), 124);
        assert_eq!(Exit::Ok.code_of_run(), 0);
    }
}
