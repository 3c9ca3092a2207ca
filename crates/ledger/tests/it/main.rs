//! The ledger's tests, in one binary.

#[cfg(test)]
mod checkpoint;
#[cfg(test)]
mod entropy;
#[cfg(test)]
mod hash;
#[cfg(test)]
mod interop;
#[cfg(test)]
mod json;
#[cfg(test)]
mod note;
#[cfg(test)]
mod proof;
#[cfg(test)]
mod seal;
#[cfg(test)]
mod sealed;
#[cfg(test)]
mod support;
#[cfg(test)]
mod tile;
#[cfg(test)]
mod tree;
