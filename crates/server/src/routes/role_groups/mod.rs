//! Sets of roles, with members.

pub(crate) mod list;
