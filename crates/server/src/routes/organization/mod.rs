//! The one tenant.

pub(crate) mod accept_clock;
pub(crate) mod show;
