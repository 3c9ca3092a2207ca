//! What would happen.

pub(crate) mod create;
