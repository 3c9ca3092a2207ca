//! The verifier's tests, in one binary: ledgers are written by hand, as JSON.

#[cfg(test)]
mod copy;
#[cfg(test)]
mod epochs;
mod export;
#[cfg(test)]
mod good;
#[cfg(test)]
mod rules;
#[cfg(test)]
mod story;
#[cfg(test)]
mod structure;
