//! The audit log.

pub(crate) mod export;
mod filter;
mod formats;
pub(crate) mod histogram;
pub(crate) mod search;
