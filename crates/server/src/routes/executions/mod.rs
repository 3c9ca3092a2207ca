//! Runs of tasks.

pub(crate) mod acknowledge;
pub(crate) mod create;
pub(crate) mod list;
pub(crate) mod output;
pub(crate) mod show;
pub(crate) mod stop;
