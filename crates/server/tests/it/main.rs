//! The server as its clients meet it: a real engine on a real data directory, asked by HTTP.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::unreachable,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test fails by panicking"
)]

mod audit;
mod blobs;
mod covers;
mod csrf;
mod described;
mod description;
mod files;
mod left;
mod malformed;
mod screens;
mod seen;
mod shape;
mod sign_in;
mod socket;
mod story;
mod streams;
mod web;
mod world;
