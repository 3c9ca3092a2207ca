//! Whether JSON has the shape that the API's description gives it. Strict: what the description does not name is a
//! fault, and so is a word of JSON Schema that is not known here.

use std::sync::LazyLock;

use regex_lite::Regex;
use serde_json::{Value as Json, json};

pub(crate) static DOCUMENT: LazyLock<Json> = LazyLock::new(countersign_server::document);

/// An operation of the description, by its method and the path in the table of routes.
pub(crate) fn operation(method: &str, path: &str) -> &'static Json {
    &DOCUMENT["paths"][path.replace("{*", "{").as_str()][method.to_lowercase()]
}

/// Panics, saying where, unless a value has a shape.
pub(crate) fn must(schema: &Json, value: &Json, what: &str) {
    let faults = faults(schema, value);
    assert!(faults.is_empty(), "{what} is not as described: {faults:?}\n{value:#}");
}

pub(crate) fn faults(schema: &Json, value: &Json) -> Vec<String> {
    let mut faults = Vec::new();
    judge(schema, value, "", &mut faults);
    faults
}

fn judge(schema: &Json, value: &Json, at: &str, faults: &mut Vec<String>) {
    let rules = match schema {
        Json::Bool(true) => return,
        Json::Object(rules) => rules,
        other => panic!("{at}: {other} is no schema"),
    };
    let fits = |one: &Json| {
        let mut faults = Vec::new();
        judge(one, value, at, &mut faults);
        faults.is_empty()
    };
    let count = |choices: &Json| choices.as_array().unwrap().iter().filter(|one| fits(one)).count();
    for (word, rule) in rules {
        let holds = match word.as_str() {
            "description" | "title" | "default" | "examples" => true,
            "format" => match rule.as_str().unwrap() {
                "date-time" => value.as_str().is_none_or(|text| text.parse::<jiff::Timestamp>().is_ok()),
                "uint" | "uint8" | "uint16" | "uint32" | "uint64" | "int32" | "int64" => true,
                other => panic!("{at}: the format {other} is not known"),
            },
            "$ref" => {
                let name = rule.as_str().unwrap().strip_prefix("#/components/schemas/").unwrap();
                let component = &DOCUMENT["components"]["schemas"][name];
                judge(component, value, at, faults);
                true
            }
            "type" => match rule {
                Json::Array(kinds) => kinds.iter().any(|kind| is(value, kind.as_str().unwrap())),
                kind => is(value, kind.as_str().unwrap()),
            },
            "enum" => rule.as_array().unwrap().contains(value),
            "const" => rule == value,
            "pattern" => {
                let pattern = Regex::new(rule.as_str().unwrap()).unwrap();
                value.as_str().is_none_or(|text| pattern.is_match(text))
            }
            "minimum" => value.as_f64().is_none_or(|number| number >= rule.as_f64().unwrap()),
            "maximum" => value.as_f64().is_none_or(|number| number <= rule.as_f64().unwrap()),
            "minItems" => value.as_array().is_none_or(|items| items.len() as u64 >= rule.as_u64().unwrap()),
            "uniqueItems" => value.as_array().is_none_or(|items| {
                items.iter().enumerate().all(|(at, item)| !items.iter().take(at).any(|other| other == item))
            }),
            "items" => {
                for (index, item) in value.as_array().into_iter().flatten().enumerate() {
                    judge(rule, item, &format!("{at}/{index}"), faults);
                }
                true
            }
            "required" => {
                let names = rule.as_array().unwrap().iter().map(|name| name.as_str().unwrap());
                value.as_object().is_none_or(|fields| names.into_iter().all(|name| fields.contains_key(name)))
            }
            "properties" => {
                for (name, field) in value.as_object().into_iter().flatten() {
                    match rule.get(name) {
                        Some(rule) => judge(rule, field, &format!("{at}/{name}"), faults),
                        // What `additionalProperties` lets in is judged there.
                        None if rules.contains_key("additionalProperties") => {}
                        None => faults.push(format!("{at}/{name} is not described")),
                    }
                }
                true
            }
            "additionalProperties" => {
                let known = rules.get("properties").and_then(Json::as_object);
                for (name, field) in value.as_object().into_iter().flatten() {
                    if known.is_some_and(|known| known.contains_key(name)) {
                        continue;
                    }
                    match rule {
                        Json::Bool(false) => faults.push(format!("{at}/{name} is refused")),
                        rule => judge(rule, field, &format!("{at}/{name}"), faults),
                    }
                }
                true
            }
            "oneOf" => count(rule) == 1,
            "anyOf" => count(rule) >= 1,
            other => panic!("{at}: the word {other} is not known"),
        };
        if !holds {
            faults.push(format!("{at}: {word} {rule} does not hold for {value}"));
        }
    }
}

fn is(value: &Json, kind: &str) -> bool {
    match kind {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "string" => value.is_string(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        other => panic!("the type {other} is not known"),
    }
}

#[test]
fn what_is_not_as_described_is_found() {
    let schema = json!({
        "type": "object",
        "properties": {
            "name": { "type": ["string", "null"], "pattern": "^[a-z]+$" },
            "kind": { "oneOf": [{ "const": "a" }, { "type": "object", "properties": { "b": { "type": "integer", "minimum": 1 } }, "required": ["b"] }] },
            "at": { "type": "string", "format": "date-time" },
            "more": { "type": "array", "items": { "enum": ["x", "y"] } },
        },
        "required": ["name"],
    });
    let good = json!({"name": null, "kind": {"b": 1}, "at": "2026-01-31T08:00:00Z", "more": ["x"]});
    assert_eq!(faults(&schema, &good), Vec::<String>::new());
    for bad in [
        json!(1),
        json!({}),
        json!({"name": 1}),
        json!({"name": "A"}),
        json!({"name": "a", "kind": "b"}),
        json!({"name": "a", "kind": {"b": 0}}),
        json!({"name": "a", "kind": {"b": 1, "c": 2}}),
        json!({"name": "a", "at": "yesterday"}),
        json!({"name": "a", "more": ["z"]}),
        json!({"name": "a", "other": 1}),
    ] {
        assert!(!faults(&schema, &bad).is_empty(), "{bad}");
    }
}
