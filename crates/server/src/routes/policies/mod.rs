//! Approval policies.

pub(crate) mod attempt;
pub(crate) mod list;
mod past;
pub(crate) mod show;
