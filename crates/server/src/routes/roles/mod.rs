//! Sets of tasks.

pub(crate) mod list;
