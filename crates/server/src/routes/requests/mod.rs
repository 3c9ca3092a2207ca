//! Access requests.

pub(crate) mod answer;
pub(crate) mod approve;
pub(crate) mod cancel;
pub(crate) mod create;
pub(crate) mod deny;
pub(crate) mod file;
pub(crate) mod list;
pub(crate) mod preview;
pub(crate) mod question;
pub(crate) mod show;
pub(crate) mod step;
pub(crate) mod tasks;
