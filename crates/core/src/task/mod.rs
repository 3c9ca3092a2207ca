//! Task definitions: what a task takes and how it is executed.

mod definition;
mod digest;
mod limits;
mod validate;

pub use definition::{Definition, DefinitionError, Execution, Preview, TaskDefinition};
pub use limits::Limits;

/// The longest that a task may run: a day.
pub const MAX_RUN_TIME: crate::time::Span = crate::time::Span::from_hours(24);
/// The most output that is kept of one run: 1 GiB.
pub const MAX_OUTPUT: u64 = 1 << 30;
/// The largest execution definition, in bytes of canonical JSON: 48 KiB, so that it fits an event.
pub const MAX_DEFINITION: usize = 48 * 1024;
