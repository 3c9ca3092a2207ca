//! Files for parameters.

pub(crate) mod create;
