//! The ledger's proofs, in the C2SP formats.

pub(crate) mod checkpoint;
pub(crate) mod proof;
pub(crate) mod tile;
pub(crate) mod vkey;
