//! How the server is, and what it offers.

pub(crate) mod describe;
pub(crate) mod live;
pub(crate) mod metrics;
pub(crate) mod ready;
