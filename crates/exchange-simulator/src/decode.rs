//! Reads the document that names a cmdlet and its values: every type of the wire form, and nothing else.

use serde_json::{Map, Value as Json};

/// A cmdlet and its parameters.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Input {
    pub(crate) cmdlet: String,
    pub(crate) parameters: Map<String, Json>,
}

/// # Errors
/// What is wrong with the document.
pub(crate) fn read(body: &[u8]) -> Result<Input, String> {
    let document: Json = serde_json::from_slice(body).map_err(|error| error.to_string())?;
    let input = only(&document, &["CmdletInput"], "the document")?;
    let input =
        only(input.get("CmdletInput").unwrap_or(&Json::Null), &["CmdletName", "Parameters"], "CmdletInput")?;
    let cmdlet = input.get("CmdletName").and_then(Json::as_str).ok_or("CmdletName is no text")?;
    let parameters = match input.get("Parameters") {
        None => Map::new(),
        Some(Json::Object(parameters)) => parameters.clone(),
        Some(_) => return Err("Parameters is no object".to_owned()),
    };
    for (name, value) in &parameters {
        judge(value).map_err(|why| format!("{name}: {why}"))?;
    }
    Ok(Input { cmdlet: cmdlet.to_owned(), parameters })
}

fn only<'a>(json: &'a Json, keys: &[&str], what: &str) -> Result<&'a Map<String, Json>, String> {
    let object = json.as_object().ok_or_else(|| format!("{what} is no object"))?;
    match object.keys().find(|key| !keys.contains(&key.as_str())) {
        Some(unknown) => Err(format!("{what} has the unknown member {unknown}")),
        None => Ok(object),
    }
}

fn judge(value: &Json) -> Result<(), String> {
    match value {
        Json::Bool(_) | Json::Number(_) | Json::String(_) => Ok(()),
        Json::Null => Err("null is no value".to_owned()),
        Json::Array(items) => {
            let plain = items.iter().all(|item| matches!(item, Json::String(_) | Json::Number(_)));
            if plain { Ok(()) } else { Err("an array of something else than texts and numbers".to_owned()) }
        }
        Json::Object(table) => match table.get("@odata.type").and_then(Json::as_str) {
            Some("#Exchange.GenericHashTable") => {
                table.iter().filter(|(key, _)| !key.contains('@')).try_for_each(|(_, value)| judge(value))
            }
            Some("#Exchange.ByteArrayType") => Err("bytes are not simulated".to_owned()),
            _ => Err("an object without a known @odata.type".to_owned()),
        },
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read_json(json: &Json) -> Result<Input, String> {
        read(json.to_string().as_bytes())
    }

    #[test]
    fn every_type_of_the_wire_form_is_read_and_nothing_else() {
        let table = json!({"@odata.type": "#Exchange.GenericHashTable", "Add": ["a"], "Remove": ["b"]});
        let good = json!({"CmdletInput": {"CmdletName": "Set-X", "Parameters":
            {"S": "x", "B": true, "N": 7, "A": ["a", "b"], "T": table}}});
        assert_eq!(read_json(&good).expect("read").parameters.len(), 5);
        for value in [
            json!(null),
            json!([["a"]]),
            json!([true]),
            json!({"Add": ["a"]}),
            json!({"@odata.type": "#Exchange.ByteArrayType", "Data": "eA=="}),
            json!({"@odata.type": "#Exchange.GenericHashTable", "Add": null}),
        ] {
            let bad = json!({"CmdletInput": {"CmdletName": "Set-X", "Parameters": {"P": value}}});
            assert!(read_json(&bad).is_err(), "{bad}");
        }
        assert!(read_json(&json!({"CmdletInput": {"CmdletName": "Set-X"}, "More": 1})).is_err());
        assert!(read(b"{\"CmdletInput\":").is_err());
    }
}
