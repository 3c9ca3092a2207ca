//! Groups of people.

pub(crate) mod list;
pub(crate) mod show;
