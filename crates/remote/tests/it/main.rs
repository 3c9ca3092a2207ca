//! Real targets, hostile values, broken connections. One kit for every executor: the same values, the same faults.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail loudly")]
#![allow(clippy::indexing_slicing, reason = "a test may fail loudly")]
#![allow(clippy::disallowed_methods, reason = "tests start servers and measure time")]

mod corpora;
mod http;
mod needs_postgres;
mod needs_sshd;
mod support;
