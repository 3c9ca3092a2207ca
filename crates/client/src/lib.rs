//! Typed, blocking client of the HTTP API.
//!
//! [`Client`] speaks to one server over `https`, or over `http` on loopback, with a session or an API token. Answers
//! are read by named fields within bounds; what a newer server adds is ignored. Every change carries an
//! `Idempotency-Key`, so that a lost connection can be answered by sending the same thing once more.

mod base_url;
mod error;
mod key;
mod lists;
mod output;
mod path;
mod secret;
mod transport;
mod trust;

pub mod access;
pub mod blobs;
pub mod executions;
pub mod ledger;
pub mod me;
pub mod requests;
pub mod sessions;
pub mod tokens;

pub use base_url::{BaseUrl, BaseUrlError};
pub use error::{ClientError, Problem};
pub use lists::{More, Page, Query};
pub use output::{Chunk, Output, OutputLine, Stream};
pub use secret::Secret;
pub use transport::{Client, Options};
