//! Sizes and lengths of time as people write them.

use countersign_core::parameter::{ParameterKind, ParameterSpec, Size, Value};
use countersign_core::time::Span;
use serde_json::Value as Json;

use crate::table::Table;

/// A number of bytes: `10485760` or `"10 MB"`.
pub(crate) fn bytes(table: &Table<'_, '_>, key: &'static str) -> Option<u64> {
    match size(table, key)? {
        Size::Bytes(bytes) => Some(bytes),
        Size::Unlimited => {
            table.value_fault(key, format!("`{key}` is a number of bytes, such as \"10 MB\""));
            None
        }
    }
}

/// A size: a number of bytes, `"10 MB"` or `"Unlimited"`.
pub(crate) fn size(table: &Table<'_, '_>, key: &'static str) -> Option<Size> {
    let json = table.json(key)?;
    let read = serde_json::from_value(json).ok();
    if read.is_none() {
        table.value_fault(key, format!("`{key}` is a size, such as \"10 MB\""));
    }
    read
}

/// A length of time: `"90s"`, `"1h 30m"`, `"PT1H30M"`.
pub(crate) fn span(table: &Table<'_, '_>, key: &'static str) -> Option<Span> {
    let text = table.string(key)?;
    let read = duration(&text);
    if read.is_none() {
        table.value_fault(key, format!("`{key}` is a length of time, such as \"90s\" or \"1h 30m\""));
    }
    read
}

/// Core knows one form of durations, that of the parameters; packs use the same.
fn duration(text: &str) -> Option<Span> {
    let kind: ParameterKind = serde_json::from_value(serde_json::json!({"type": "duration"})).ok()?;
    let spec = ParameterSpec::new("Duration".parse().ok()?, kind);
    match spec.read(&Json::from(text)) {
        Ok(Value::Duration(span)) => Some(span),
        _ => None,
    }
}
