//! Real runners, real programs. Each test starts a runner of its own; as root most of them run twice, once with a runner
//! that keeps root and once with one that gave it up.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail loudly")]
#![allow(clippy::indexing_slicing, reason = "a test may fail loudly")]
#![allow(clippy::disallowed_methods, reason = "tests start runners and measure time")]

mod arguments;
mod hostile_peers;
mod life;
mod limits;
mod once;
mod programs;
mod sandbox;
mod stopping;
mod support;
