//! The kit's values, with the server's own parsers as the oracle.

use serde_json::{Value, json};

use super::request;
use super::server::Server;
use crate::support::{hostile, run};

/// A request that has a value in each kind of place but the path.
fn everywhere(value: &str) -> countersign_runspace::WorkOrder {
    let more = json!({"query": [{"name": "q", "parameter": "V"}, {"name": "last", "literal": "here"}],
        "body": {"json": {"v": {"$parameter": "V"}, "list": [{"$parameter": "V"}, 1]}}});
    request("POST", "/echo", more, json!({"V": {"string": value}}))
}

#[test]
fn i1_what_was_typed_is_one_value_and_nothing_else() {
    let server = Server::start();
    let host = server.runspace();
    for value in hostile::values().iter().filter(|value| value.len() < 5_000) {
        run(host.as_ref(), everywhere(value)).succeeds();
        let seen = server.take().pop().unwrap();
        assert_eq!(seen["query"], json!([["q", value], ["last", "here"]]), "{value:?}");
        assert_eq!(seen["body"], json!({"v": value, "list": [value, 1]}), "{value:?}");
        assert_eq!(seen["segments"], json!(["echo"]), "{value:?}");
        assert_eq!(seen["headers"]["host"], format!("localhost:{}", server.port));
    }
    let long = "'\"\\".repeat(30_000);
    assert_eq!(run(host.as_ref(), everywhere(&long)).refusal(), "argument_too_long");
    for value in [long, hostile::large()] {
        let more = json!({"body": {"json": {"$parameter": "V"}}});
        run(host.as_ref(), request("PUT", "/status/204", more, json!({"V": {"string": value}}))).succeeds();
        assert_eq!(server.take().pop().unwrap()["body"], value);
    }
}

#[test]
fn i1_what_was_typed_is_one_segment_or_refused() {
    let server = Server::start();
    let host = server.runspace();
    let mut refused = 0;
    for value in hostile::values().iter().filter(|value| value.len() < 5_000) {
        let order = request("DELETE", "/echo/{V}/end", json!({}), json!({"V": {"string": value}}));
        let told = run(host.as_ref(), order);
        let bad = value.is_empty() || value.contains(['/', '\\']) || value.chars().any(char::is_control);
        if bad {
            assert_eq!(told.refusal(), "value_not_a_segment", "{value:?}");
            refused += 1;
            continue;
        }
        told.succeeds();
        let seen = server.take().pop().unwrap();
        assert_eq!(seen["segments"], json!(["echo", value, "end"]), "{value:?}");
        assert_eq!((&seen["query"], &seen["body"]), (&json!([]), &Value::Null), "{value:?}");
    }
    assert!(refused > 5 && server.take().is_empty());
}

#[test]
fn i1_what_was_typed_is_one_header_or_refused() {
    let server = Server::start();
    let host = server.runspace();
    for value in hostile::values().iter().filter(|value| value.len() < 5_000) {
        let more = json!({"headers": [{"name": "X-Note", "parameter": "V"}]});
        let told = run(host.as_ref(), request("GET", "/echo", more, json!({"V": {"string": value}})));
        let visible = value.bytes().all(|byte| (b' '..=b'~').contains(&byte));
        if !visible || value.trim() != value.as_str() {
            assert_eq!(told.refusal(), "value_not_for_header", "{value:?}");
            continue;
        }
        told.succeeds();
        let seen = server.take().pop().unwrap();
        assert_eq!(seen["headers"]["x-note"], *value, "{value:?}");
    }
}
