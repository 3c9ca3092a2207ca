//! What executions did and is still to be taken back.

pub(crate) mod list;
