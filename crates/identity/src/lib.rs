//! The building blocks of sign-in: passwords, second factors, recovery codes, tokens, sessions,
//! throttling, names. Nothing here authorizes, does I/O, reads a clock or draws randomness: time and
//! entropy are parameters, and what is stored is returned as a value.

pub mod base32;
pub mod keyed;
pub mod name;
pub mod password;
pub mod recovery;
pub mod session;
pub mod throttle;
pub mod token;
pub mod totp;
pub mod upn;

/// An instant: microseconds since 1970-01-01T00:00:00Z.
pub type UnixMicros = i64;

/// One second in [`UnixMicros`].
pub const SECOND: UnixMicros = 1_000_000;
/// One minute in [`UnixMicros`].
pub const MINUTE: UnixMicros = 60 * SECOND;
/// One hour in [`UnixMicros`].
pub const HOUR: UnixMicros = 60 * MINUTE;
