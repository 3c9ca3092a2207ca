//! What approved requests give.

pub(crate) mod give_back;
pub(crate) mod list;
pub(crate) mod revoke;
pub(crate) mod show;
