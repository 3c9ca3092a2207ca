//! The one tenant.

pub(crate) mod accept_clock;
pub(crate) mod accept_restore;
pub(crate) mod show;
