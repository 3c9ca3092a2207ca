//! Figures about how privileged access is used.

mod activity;
mod native;
pub(crate) mod show;
mod standing;
