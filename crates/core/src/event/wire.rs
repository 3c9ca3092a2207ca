//! The stored form: canonical JSON. Stored bytes are never rewritten; older versions of a kind are raised on reading.

use countersign_ledger::json;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Cause, Event};
use crate::actor::Actor;
use crate::id::RequestNumber;
use crate::time::Instant;

/// The newest version of every kind of body this code writes.
pub const VERSION: u16 = 1;

/// Stored bytes that are not an event this code knows. A node that meets one stops.
#[derive(Debug, thiserror::Error)]
pub enum WireError {
    /// Not canonical JSON.
    #[error("the stored event is not canonical JSON")]
    Json(#[from] json::JsonError),
    /// Canonical JSON, but not an event of a kind and version that is known.
    #[error("the stored event cannot be read: {0}")]
    Form(#[from] serde_json::Error),
    /// A version newer than this code.
    #[error("event `{kind}` has version {version}, and this program knows up to {VERSION}: upgrade it")]
    Version {
        /// The kind of event.
        kind: String,
        /// The version found.
        version: u16,
    },
    /// Larger than an entry may be (G22).
    #[error("the event is {size} bytes long; an entry holds at most {max}")]
    TooLarge {
        /// Its size in bytes.
        size: usize,
        /// The most there may be.
        max: usize,
    },
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Wire {
    seq: u64,
    #[serde(rename = "type")]
    kind: String,
    v: u16,
    rules: u16,
    time: Instant,
    actor: Actor,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    request: Option<RequestNumber>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    cause: Option<Cause>,
    data: Value,
}

/// The bytes that are stored, hashed and shown to auditors.
///
/// # Errors
/// When the event is larger than an entry may be.
pub fn to_bytes(event: &Event) -> Result<Vec<u8>, WireError> {
    let body = serde_json::to_value(&event.body)?;
    let data = body.get("data").cloned().unwrap_or(Value::Object(serde_json::Map::new()));
    let wire = Wire {
        seq: event.seq,
        kind: event.body.kind().to_owned(),
        v: VERSION,
        rules: event.rules,
        time: event.time,
        actor: event.actor,
        request: event.request,
        cause: event.cause,
        data,
    };
    let bytes = json::canonical(&wire)?;
    let max = countersign_ledger::MAX_ENTRY;
    if bytes.len() > max {
        return Err(WireError::TooLarge { size: bytes.len(), max });
    }
    Ok(bytes)
}

/// Reads stored bytes.
///
/// # Errors
/// When they are not an event of a kind and version that this code knows.
pub fn from_bytes(bytes: &[u8]) -> Result<Event, WireError> {
    let wire: Wire = serde_json::from_slice(bytes)?;
    if wire.v != VERSION {
        return Err(WireError::Version { kind: wire.kind, version: wire.v });
    }
    let mut body = serde_json::Map::new();
    body.insert("type".to_owned(), Value::String(wire.kind));
    body.insert("data".to_owned(), wire.data);
    Ok(Event {
        seq: wire.seq,
        time: wire.time,
        rules: wire.rules,
        actor: wire.actor,
        request: wire.request,
        cause: wire.cause,
        body: serde_json::from_value(Value::Object(body))?,
    })
}
