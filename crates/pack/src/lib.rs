//! Task packs: directories of TOML files that become catalog definitions.
//!
//! A pack has `pack.toml`, one file per task in `tasks/`, and optionally `roles.toml` and `examples/`. It is read strictly (every fault
//! with file, line and column), linted without any system at hand, and compared with what a catalog holds.
//! `docs/task-packs.md` describes the format.

mod definitions;
mod diff;
mod examples;
mod fault;
mod field;
mod file;
mod kind;
mod lint;
mod manifest;
mod near;
mod pack;
mod parameter;
mod roles;
mod shipped;
mod table;
mod task;

pub use definitions::Definitions;
pub use diff::{Brief, Change, Diff, FieldChange, TaskChange};
pub use examples::{Example, Expected, Unfit, for_runspace};
pub use fault::{Fault, FaultCode};
pub use manifest::Manifest;
pub use pack::Pack;
pub use shipped::Shipped;
