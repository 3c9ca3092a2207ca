//! API tokens of one's own.

pub(crate) mod create;
pub(crate) mod delete;
pub(crate) mod list;
