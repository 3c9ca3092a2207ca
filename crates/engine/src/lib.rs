//! The single writer: commands in, events durable, replies out.
//!
//! Everything that changes goes through [`EngineHandle::submit`]: one thread takes all waiting commands, decides each
//! on the evolving state, commits their events in one transaction, publishes the new state, and only then replies.
//! Around it stand the timers, the executions on targets, and the outbox; each of them submits commands like anybody
//! else.

mod clock;
mod config;
mod erasure;
mod error;
mod executions;
mod failpoint;
mod handle;
mod health;
mod high_water;
mod keys;
mod ledger;
mod link;
mod lists;
mod maintenance;
mod outbox;
mod published;
mod replay;
mod restored;
mod sample;
mod standing_access;
mod start;
mod submission;
mod system;
mod timers;
mod writer;

pub use clock::{Boot, Clock, ManualClock};
pub use config::{EngineConfig, MailConfig};
pub use countersign_runner::protocol::Separation;
pub use error::{StartError, SubmitError};
pub use executions::output::{OutputChunk, OutputReader};
pub use handle::EngineHandle;
pub use health::{DiskHealth, Health, OutboxHealth, RunnerState};
pub use keys::Keys;
pub use outbox::test::MailTest;
pub use published::Change;
pub use start::start;
pub use submission::{Receipt, Submission};
pub use system::{OsRandomness, Randomness, SystemClock};
pub use writer::SpaceState;
