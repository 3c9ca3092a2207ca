//! What changes, as it changes.

pub(crate) mod stream;
