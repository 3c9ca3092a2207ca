//! The rules, driven as the engine drives them: a world of one state, its events and its sealed values.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::unreachable,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod attacks;
mod catalogue;
mod cross_check;
mod epochs;
mod erasure;
mod explain;
mod files;
mod g01_protected;
mod g03_previews;
mod g04_service_accounts;
mod g05_governs;
mod g06_uses;
mod g07_long_lists;
mod g07_still_in;
mod g08_standing_access;
mod g09_votes;
mod g10_alarm;
mod g13_extensions;
mod g13_take_back;
mod g13_times;
mod g14_changes;
mod g16_clock;
mod g17_control_plane;
mod g20_events;
mod g22_bounds;
mod g22_budgets;
mod g22_endings;
mod golden;
mod model;
mod policy_terms;
mod readings;
mod story;
mod trial;
mod world;
