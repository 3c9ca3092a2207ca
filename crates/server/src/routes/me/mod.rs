//! One's own account.

pub(crate) mod confirm;
pub(crate) mod enroll;
pub(crate) mod password;
pub(crate) mod show;
