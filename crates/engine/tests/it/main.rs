//! The engine over a real store, with a real runner where something runs.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "a test fails by panicking, and starts what it kills"
)]

mod clock;
mod erasure;
mod executions;
mod killed;
mod opening;
mod refusals;
mod restored;
mod slow;
mod standing_access;
mod telling;
mod world;
mod writing;
