//! What can be asked for and run.

pub(crate) mod list;
pub(crate) mod show;
pub(crate) mod versions;
pub(crate) mod who_could;
