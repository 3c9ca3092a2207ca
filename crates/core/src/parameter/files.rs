//! Files among values and limits, by their form.

use countersign_ledger::hash::Digest;
use serde_json::Value as Json;

/// The files that JSON of values or limits cites, wherever they stand in it: objects of exactly `sha256`, `size` and
/// `media_type`. Each with its digest and its size in bytes.
#[must_use]
pub fn cited(json: &Json) -> Vec<(Digest, u64)> {
    let mut found = Vec::new();
    collect(json, &mut found);
    found
}

fn collect(json: &Json, found: &mut Vec<(Digest, u64)>) {
    match json {
        Json::Array(items) => items.iter().for_each(|item| collect(item, found)),
        Json::Object(object) => {
            let digest = object.get("sha256").and_then(Json::as_str).and_then(|text| text.parse().ok());
            match (digest, object.get("size").and_then(Json::as_u64)) {
                (Some(digest), Some(size)) if object.len() == 3 && object.contains_key("media_type") => {
                    found.push((digest, size));
                }
                _ => object.values().for_each(|value| collect(value, found)),
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn files_are_found_wherever_they_stand() {
        let digest = countersign_ledger::hash::sha256(b"x");
        let file = json!({"sha256": digest.to_string(), "size": 1, "media_type": "text/plain"});
        let found = cited(&json!({"a": [{"equals": file}], "b": file, "c": {"sha256": digest.to_string()}}));
        assert_eq!(found, [(digest, 1), (digest, 1)]);
    }
}
