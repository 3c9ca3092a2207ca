//! Requests that can't be sent, or whose service would read a value as an expression.

use std::collections::BTreeSet;

use serde_json::Value as Json;

use super::{LintFault, broken, code};
use crate::ParameterName;
use crate::definition::{Field, HttpDefinition, Method};
use crate::request::{check_header, hole, is_null, may_set};

/// The most of an answer that is read.
const MAX_RESPONSE: u64 = 16 * 1024 * 1024;
/// Names in a query or a body under which services take an expression or a program.
const EXPRESSIONS: &[&str] = &[
    "$apply",
    "$compute",
    "$expand",
    "$filter",
    "code",
    "command",
    "commands",
    "cql",
    "expression",
    "jql",
    "kql",
    "mutation",
    "query",
    "script",
    "scriptcontent",
    "sql",
];

pub(super) fn lint(definition: &HttpDefinition, free: &BTreeSet<ParameterName>) -> Vec<LintFault> {
    let mut faults = Vec::new();
    let mut fault = |code, message: String| faults.push(broken(code, message, None));
    for name in &definition.slashes {
        if !definition.path.parameters().any(|place| place == name) {
            fault("path_invalid", format!("`slashes` names {name}, which is not in the path"));
        }
    }
    for field in &definition.query {
        either(field, &mut fault);
    }
    for field in &definition.headers {
        either(field, &mut fault);
        let name = &field.name;
        if !may_set(name) {
            fault("header_not_allowed", format!("the header `{name}` is not a task's to set"));
        }
        let literal = field.literal.as_deref().unwrap_or_default();
        if check_header(name, literal).is_err() {
            fault("header_not_allowed", format!("the header `{name}` holds what a header can't have"));
        }
    }
    if let Some(body) = &definition.body {
        if definition.method.is_safe() {
            fault("body_not_allowed", format!("{} has no body", definition.method.as_str()));
        }
        if body.content_type.as_deref().is_some_and(|kind| check_header("content-type", kind).is_err()) {
            fault("header_not_allowed", "content_type holds what a header can't have".to_owned());
        }
        holes(&body.json, &mut fault);
    }
    if definition.success.status.iter().any(|status| !(200..600).contains(status)) {
        fault("success_invalid", "a status of success is 200 to 599".to_owned());
    }
    for test in &definition.success.json {
        if definition.method == Method::Head || !(test.pointer.is_empty() || test.pointer.starts_with('/')) {
            let message = format!("`{}` is no JSON pointer into an answer", test.pointer);
            fault("success_invalid", message);
        }
    }
    if !(1..=MAX_RESPONSE).contains(&definition.max_response_bytes) || definition.answer_within_ms == 0 {
        let message = "max_response_bytes is 1 to 16777216, and answer_within_ms at least 1".to_owned();
        fault("limit_invalid", message);
    }
    let mut into = |name: &ParameterName, key: &str| {
        if free.contains(name) && EXPRESSIONS.contains(&key.to_ascii_lowercase().as_str()) {
            let message =
                format!("the free text {name} stands under `{key}`, which services read as an expression");
            faults.push(code("free_text_to_interpreter", message, None));
        }
    };
    for field in &definition.query {
        field.parameter.iter().for_each(|name| into(name, &field.name));
    }
    if let Some(body) = &definition.body {
        under("", &body.json, &mut into);
    }
    faults
}

fn either(field: &Field, fault: &mut impl FnMut(&'static str, String)) {
    if field.literal.is_some() == field.parameter.is_some() || field.name.is_empty() {
        let message = format!("`{}` has a name and either `literal` or `parameter`", field.name);
        fault("field_invalid", message);
    }
}

fn holes(json: &Json, fault: &mut impl FnMut(&'static str, String)) {
    match json {
        Json::Array(items) => items.iter().for_each(|item| holes(item, fault)),
        Json::Object(object) if is_null(object) => {}
        Json::Object(object) => match hole(object) {
            Some(Ok(_)) => {}
            Some(Err(message)) => fault("body_invalid", message),
            None => object.values().for_each(|value| holes(value, fault)),
        },
        _ => {}
    }
}

/// Calls `found` with each parameter of a body and the nearest key above it.
fn under(key: &str, json: &Json, found: &mut impl FnMut(&ParameterName, &str)) {
    match json {
        Json::Array(items) => items.iter().for_each(|item| under(key, item, found)),
        Json::Object(object) => match hole(object) {
            Some(Ok(hole)) => found(&hole.name, key),
            Some(Err(_)) => {}
            None => object.iter().for_each(|(key, value)| under(key, value, found)),
        },
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::Definition;

    fn faults(method: &str, more: Json) -> Vec<&'static str> {
        let mut whole = json!({"executor": "http", "target": "api", "method": method, "path": "/{A}"});
        whole.as_object_mut().expect("object").extend(more.as_object().expect("object").clone());
        let definition: Definition = serde_json::from_value(whole).expect("definition");
        let free = ["A".parse().expect("name")].into();
        crate::lint::lint(&definition, &free).into_iter().map(|fault| fault.code).collect()
    }

    #[test]
    fn what_cannot_be_sent_is_found() {
        for (method, more, expected) in [
            ("GET", json!({}), &[][..]),
            ("GET", json!({"slashes": ["B"]}), &["path_invalid"]),
            ("GET", json!({"query": [{"name": "a"}]}), &["field_invalid"]),
            ("GET", json!({"query": [{"name": "a", "literal": "", "parameter": "A"}]}), &["field_invalid"]),
            ("GET", json!({"headers": [{"name": "Host", "literal": "x"}]}), &["header_not_allowed"]),
            ("GET", json!({"headers": [{"name": "A", "literal": "x\r\nB: c"}]}), &["header_not_allowed"]),
            ("GET", json!({"body": {"json": {}}}), &["body_not_allowed"]),
            ("POST", json!({"body": {"json": {"a": [{"$x": 1}]}}}), &["body_invalid"]),
            ("POST", json!({"body": {"json": 1, "content_type": "a\nb"}}), &["header_not_allowed"]),
            ("GET", json!({"success": {"status": [99]}}), &["success_invalid"]),
            ("GET", json!({"success": {"json": [{"pointer": "ok"}]}}), &["success_invalid"]),
            ("HEAD", json!({"success": {"json": [{"pointer": "/ok"}]}}), &["success_invalid"]),
            ("GET", json!({"max_response_bytes": 0}), &["limit_invalid"]),
        ] {
            assert_eq!(faults(method, more.clone()), expected, "{more}");
        }
    }

    #[test]
    fn i1_free_text_is_no_expression_unmarked() {
        let place = json!({"$parameter": "A"});
        for more in [
            json!({"body": {"json": {"query": place}}}),
            json!({"body": {"json": {"script": [place]}}}),
            json!({"query": [{"name": "$filter", "parameter": "A"}]}),
        ] {
            assert_eq!(faults("POST", more.clone()), ["free_text_to_interpreter"], "{more}");
        }
        assert!(faults("POST", json!({"body": {"json": {"reason": place}}})).is_empty());
    }
}
