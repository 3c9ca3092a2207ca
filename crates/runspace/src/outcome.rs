//! How an execution ended, and what is known of it.

use countersign_sandbox::applied::{Applied, Strays, Usage};
use serde::{Deserialize, Serialize};

use crate::{ExecutionId, Limits};

/// How an execution ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "snake_case", deny_unknown_fields)]
pub enum Outcome {
    /// Ended by itself with a status that means success.
    Succeeded {
        exit: i32,
    },
    Failed {
        failure: Failure,
    },
    /// Ended by Countersign.
    Stopped {
        why: Stopped,
        confirmed: Confirmed,
    },
    /// It may have done all, some or nothing of its work.
    Unknown {
        reason: String,
    },
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Failure {
    /// A status that does not mean success.
    Exit(i32),
    /// Ended by a signal that Countersign did not send.
    Signal(i32),
    /// The kernel ended one of its processes for want of memory.
    OutOfMemory,
    /// What the target said, as a stable word: `sqlstate_42501`, `status_503`.
    Target(Word),
}

/// Why Countersign ended it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stopped {
    /// The server asked, with its reason.
    Requested(StopReason),
    /// The order's deadline.
    Deadline,
    /// The task's own maximum.
    RunTime,
    /// The server's connection ended.
    ServerLost,
    /// Somebody killed a stage of the init that watched it.
    InitLost,
}

/// Whether all processes were seen to be gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Confirmed {
    Confirmed,
    Unconfirmed,
}

/// The server's word for why it stops something.
pub type StopReason = Word;

/// A stable word for programs: 1 to 64 of `a`–`z`, digits and `_`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Word(String);

impl Word {
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Of any text: what a word can't have becomes `_`, and what is too long is cut.
    #[must_use]
    pub fn of(text: &str) -> Self {
        let fitting = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '_' };
        let word: String = text.chars().map(fitting).take(64).collect();
        if word.is_empty() { Self("unnamed".to_owned()) } else { Self(word) }
    }
}

impl TryFrom<String> for Word {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let good = (1..=64).contains(&text.len())
            && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
        if good { Ok(Self(text)) } else { Err("a word is 1 to 64 of a-z, 0-9 and _") }
    }
}

impl From<Word> for String {
    fn from(word: Word) -> Self {
        word.0
    }
}

/// All that is known of an execution that ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExecutionResult {
    pub execution: ExecutionId,
    pub outcome: Outcome,
    pub stdout: StreamSummary,
    pub stderr: StreamSummary,
    /// Nanoseconds since boot.
    pub started: u64,
    pub ended: u64,
    /// The ceilings that held, after the host file lowered them.
    pub limits: Limits,
    pub applied: Applied,
    pub usage: Usage,
    /// Whether processes outlived the program and were killed.
    pub strays: Strays,
}

/// One output stream.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StreamSummary {
    /// All bytes that the program wrote.
    pub bytes: u64,
    /// Bytes handed on; fewer than `bytes` means that the output was cut.
    pub kept: u64,
    /// Lower-case hex SHA-256 over all bytes, kept or not.
    pub sha256: String,
}
