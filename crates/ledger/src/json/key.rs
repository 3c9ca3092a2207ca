use serde::Serialize;
use serde_json::Value;

use super::JsonError;

/// An object key from a map's key: strings, unit variants, and integers in decimal.
pub(super) fn key<T: Serialize + ?Sized>(key: &T) -> Result<String, JsonError> {
    match serde_json::to_value(key) {
        Ok(Value::String(text)) => Ok(text),
        Ok(Value::Number(number)) if number.is_i64() || number.is_u64() => Ok(number.to_string()),
        _ => Err(JsonError::Key),
    }
}
