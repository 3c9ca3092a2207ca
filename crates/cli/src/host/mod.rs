//! Commands of the host: they work on its files and its processes, not over the API.

pub(crate) mod clock;
pub(crate) mod init;
mod mail;
mod offline;
pub(crate) mod recover;
pub(crate) mod restore;
pub(crate) mod runner;
pub(crate) mod serve;
pub(crate) mod settings;
pub(crate) mod vault;
