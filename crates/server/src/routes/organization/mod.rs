//! The one tenant.

pub(crate) mod show;
