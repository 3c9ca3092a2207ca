//! One execution's processes: a small init, its limits and the certainty that the tree is gone.
//!
//! The runner starts its own binary once more, as the *template*, so that nothing delicate happens between a `fork` and
//! an `exec` of a process with threads. For each execution the template forks three stages:
//!
//! 1. `outer` makes the process namespace, where the kernel lets it;
//! 2. `inner` is the tree's first process: it watches time and the runner, stops and reaps everything below it;
//! 3. `target` takes on limits, user and restrictions, looks at the clock once more and becomes the program.
//!
//! The crate knows nothing of tasks, requests or approvals.

pub mod applied;
pub mod cgroup;
pub mod clock;
pub mod init;
pub mod orphans;
pub mod program;
pub mod spec;
pub mod tree;
pub mod user;

mod files;
mod rlimits;
mod sys;
mod syscalls;

pub use sys::take_inherited_listener;
