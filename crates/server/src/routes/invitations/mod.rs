//! Single-use links.

pub(crate) mod redeem;
