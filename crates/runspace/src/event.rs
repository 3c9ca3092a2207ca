//! What an execution says while it lasts.

use serde::{Deserialize, Serialize};

use crate::{Bytes, ExecutionId, ExecutionResult, Refusal};

/// Something that happened to one execution. First `Started` or a refusal, then output, last the result.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Event {
    /// The program runs; nanoseconds since boot.
    Started {
        at: u64,
    },
    Output(OutputEvent),
    /// Nothing ran.
    Refused(Refusal),
    Finished(Box<ExecutionResult>),
}

/// A piece of output, in order within its stream.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OutputEvent {
    pub stream: Stream,
    /// Where in the stream it begins.
    pub offset: u64,
    pub bytes: Bytes,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stream {
    Stdout,
    Stderr,
}

/// Who listens. Called from the execution's own threads; a slow listener slows the program down, not its stop.
pub trait Sink: Send + Sync {
    fn event(&self, execution: &ExecutionId, event: Event);
}
