//! Signing in and out.

pub(crate) mod create;
pub(crate) mod delete;
pub(crate) mod end;
pub(crate) mod give;
pub(crate) mod list;
pub(crate) mod second_factor;
pub(crate) mod show;
