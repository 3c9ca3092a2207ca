//! Figures about how privileged access is used.

mod activity;
pub(crate) mod show;
mod standing;
