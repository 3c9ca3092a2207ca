//! Canonical JSON (RFC 8785, JCS) over the values that events use: objects, arrays, strings, integers within
//! ±(2^53 − 1), booleans and null. Floats don't exist here.

use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

mod key;
mod parse;
mod write;

/// The deepest nesting of arrays and objects, written or read.
pub const MAX_DEPTH: u32 = 64;

/// The largest magnitude of an integer that every JSON reader keeps exactly: 2^53 − 1.
pub const MAX_INTEGER: u64 = (1 << 53) - 1;

/// Why bytes or a value were refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum JsonError {
    #[error("floating-point numbers have no canonical form here")]
    Float,
    #[error("integer outside ±(2^53 − 1)")]
    IntegerRange,
    #[error("object keys must be strings")]
    Key,
    #[error("duplicate object key {0:?}")]
    DuplicateKey(String),
    #[error("nested deeper than {MAX_DEPTH}")]
    Depth,
    /// Says line and column.
    #[error("not strict JSON: {0}")]
    Malformed(String),
    #[error("not in canonical form; first difference at byte {0}")]
    NotCanonical(usize),
    /// The value's own `Serialize` or `Deserialize` refused. May quote the value.
    #[error("{0}")]
    Value(String),
}

/// The canonical bytes of `value`.
pub fn canonical<T: Serialize + ?Sized>(value: &T) -> Result<Vec<u8>, JsonError> {
    let mut out = Vec::new();
    value.serialize(write::Writer::new(&mut out))?;
    Ok(out)
}

/// Reads one JSON value and nothing after it. Refuses duplicate keys, floats (also `1.0`, `1e3`, `-0`), integers
/// out of range and deep nesting. White space, escapes and key order are free: see [`require_canonical`].
pub fn parse_strict(bytes: &[u8]) -> Result<Value, JsonError> {
    parse::parse(bytes)
}

/// Reads bytes that must be the canonical form of their value.
pub fn require_canonical(bytes: &[u8]) -> Result<Value, JsonError> {
    let value = parse_strict(bytes)?;
    let written = canonical(&value)?;
    if written == bytes {
        return Ok(value);
    }
    let same = written.iter().zip(bytes).take_while(|(a, b)| a == b).count();
    Err(JsonError::NotCanonical(same))
}

/// Reads a `T` from canonical bytes.
pub fn from_canonical<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, JsonError> {
    serde_json::from_value(require_canonical(bytes)?).map_err(|error| JsonError::Value(error.to_string()))
}
