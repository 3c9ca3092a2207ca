//! One's own account.

pub(crate) mod confirm;
pub(crate) mod enroll;
pub(crate) mod password;
pub(crate) mod remove_second_factor;
pub(crate) mod show;
