//! The shipped binary, run as people run it.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stderr,
    clippy::disallowed_methods,
    reason = "tests fail by panicking, start processes and read clocks"
)]

mod canary;
mod demo;
mod line;
mod needs_postgres;
mod needs_postgres_roles;
mod needs_sshd;
mod restore;
mod simulated_exchange;
mod story;
mod targets;
mod world;
