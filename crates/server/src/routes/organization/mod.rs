//! The one tenant.

pub(crate) mod accept_clock;
pub(crate) mod accept_restore;
mod recovery;
pub(crate) mod show;
pub(crate) mod system_accounts;
pub(crate) mod test_mail;
