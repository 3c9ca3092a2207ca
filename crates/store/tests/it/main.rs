//! The store's tests: the suite on each store, and what is particular to one.

#![expect(clippy::unwrap_used, clippy::panic, reason = "helpers of tests")]

mod blobs;
mod cluster;
mod postgres;
mod sqlite;
