//! JSON Schema of what the API takes, in the few forms that it uses.

use serde_json::{Map, Value as Json, json};

/// A schema.
#[derive(Debug, Clone, PartialEq)]
pub struct Schema(pub Json);

/// An object without further fields; a name that ends in `?` may be left out.
pub(crate) fn object(fields: &[(&str, Json)]) -> Schema {
    let (mut properties, mut required) = (Map::new(), Vec::new());
    for (name, schema) in fields {
        let plain = name.trim_end_matches('?');
        if plain == *name {
            required.push(plain);
        }
        properties.insert(plain.to_owned(), schema.clone());
    }
    Schema(json!({
        "type": "object", "properties": properties, "required": required, "additionalProperties": false,
    }))
}

pub(crate) fn text() -> Json {
    json!({ "type": "string" })
}

pub(crate) fn integer() -> Json {
    json!({ "type": "integer", "minimum": 0 })
}

pub(crate) fn flag() -> Json {
    json!({ "type": "boolean" })
}

pub(crate) fn digest() -> Json {
    json!({ "type": "string", "pattern": "^[0-9a-f]{64}$" })
}

pub(crate) fn instant() -> Json {
    json!({ "type": "string", "format": "date-time" })
}

pub(crate) fn words(words: &[&str]) -> Json {
    json!({ "type": "array", "items": { "enum": words }, "minItems": 1, "uniqueItems": true })
}

/// Limits of a request: one constraint per parameter.
pub(crate) fn constraints() -> Json {
    json!({
        "type": "object",
        "additionalProperties": { "oneOf": [
            { "enum": ["any", "absent"] },
            { "type": "object", "properties": { "equals": {} }, "required": ["equals"] },
            { "type": "object", "properties": { "one_of": { "type": "array" } }, "required": ["one_of"] },
            { "type": "object", "properties": { "range": { "type": "object" } }, "required": ["range"] },
            { "type": "object", "properties": { "prefix": { "type": "string" } }, "required": ["prefix"] },
        ] },
    })
}

/// Parameters of an execution, by name.
pub(crate) fn values() -> Json {
    json!({ "type": "object", "additionalProperties": true })
}
