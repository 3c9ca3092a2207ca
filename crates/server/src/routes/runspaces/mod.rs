//! What executes workloads' tasks.

pub(crate) mod list;
