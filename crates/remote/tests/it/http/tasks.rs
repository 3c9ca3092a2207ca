//! What a task can do, and what it can't.

use countersign_runspace::{PreviewForm, Purpose};
use serde_json::json;

use super::server::{Secrets, Server, runspace};
use super::{plain, request};
use crate::support::run;

#[test]
fn an_answer_is_judged_by_its_status_and_its_json() {
    let server = Server::start();
    let host = server.runspace();
    let host = host.as_ref();
    let told = run(host, plain("GET", "/echo")).succeeds();
    let answer: serde_json::Value = serde_json::from_str(&told.out()).unwrap();
    assert_eq!(answer["ok"], true);
    assert!(
        told.err().contains("status: 200 OK\n") && told.err().contains("x-request-id: r-17\n"),
        "{}",
        told.err()
    );

    // What a service says of a failure is for people, not data.
    let told = run(host, plain("POST", "/status/503")).fails("status_503");
    assert!(told.out().is_empty() && told.err().contains("\"code\":\"said\""), "{}", told.err());
    run(host, plain("GET", "/status/302")).fails("status_302");
    let found = json!({"success": {"status": [200, 404]}});
    run(host, request("GET", "/status/404", found.clone(), json!({}))).succeeds();
    run(host, request("GET", "/status/204", found, json!({}))).fails("status_204");

    let test = |tests| json!({"success": {"json": tests}});
    let judge = |tests| run(host, request("GET", "/echo", test(tests), json!({})));
    judge(json!([{"pointer": "/ok", "equals": true}, {"pointer": "/errors"}])).succeeds();
    judge(json!([{"pointer": "/ok", "equals": false}])).fails("answer_differs");
    judge(json!([{"pointer": "/ok"}])).fails("answer_differs");
    run(host, plain("HEAD", "/echo")).succeeds();
    assert_eq!(server.take().pop().unwrap()["method"], "HEAD");
}

#[test]
fn the_service_hears_who_asked() {
    let server = Server::start();
    let order = plain("GET", "/echo");
    let execution = order.execution.to_string();
    run(server.runspace().as_ref(), order).succeeds();
    let headers = server.take().pop().unwrap()["headers"].clone();
    assert_eq!(headers["countersign-on-behalf-of"], "p-1 Ada Lovelace <ada@x>");
    assert_eq!(headers["countersign-execution"], execution);
    assert!(headers["user-agent"].as_str().unwrap().contains(&execution));

    let named = server.target(json!({"on_behalf_of": "X-Actor"}));
    let mut order = plain("GET", "/echo");
    order.on_behalf_of.display = "Zoë\r\nX-Evil: 1 100%".to_owned();
    run(runspace(named, &Secrets::new()).as_ref(), order).succeeds();
    let headers = server.take().pop().unwrap()["headers"].clone();
    assert_eq!(headers["x-actor"], "p-1 Zo%C3%ABX-Evil: 1 100%25");
    assert!(headers.get("countersign-on-behalf-of").is_none() && headers.get("x-evil").is_none());
}

#[test]
fn only_what_the_host_file_allows_is_asked_for() {
    let server = Server::start();
    let with = |more| runspace(server.target(more), &Secrets::new());
    let told = run(with(json!({"methods": ["GET"]})).as_ref(), plain("POST", "/echo"));
    assert_eq!(told.refusal(), "method_not_allowed");
    let some = with(json!({"paths": ["/echo/a"]}));
    run(some.as_ref(), plain("GET", "/echo/a/b")).succeeds();
    assert_eq!(run(some.as_ref(), plain("GET", "/echo/ab")).refusal(), "path_not_allowed");
    let place = request("GET", "/echo/{A}", json!({}), json!({"A": {"string": "b"}}));
    assert_eq!(run(some.as_ref(), place).refusal(), "path_not_allowed");
    let below = with(json!({"url": format!("{}/echo/v2/", server.url())}));
    server.take();
    run(below.as_ref(), plain("GET", "/users")).succeeds();
    assert_eq!(server.take().pop().unwrap()["segments"], json!(["echo", "v2", "users"]));
    for name in ["Countersign-Execution", "Countersign-On-Behalf-Of"] {
        let more = json!({"headers": [{"name": name, "literal": "x-1"}]});
        assert_eq!(
            run(below.as_ref(), request("GET", "/a", more, json!({}))).refusal(),
            "header_not_allowed"
        );
    }
    let mut other = plain("GET", "/a");
    other.definition =
        serde_json::from_value(json!({"executor": "http", "target": "other", "method": "GET", "path": "/"}))
            .unwrap();
    assert_eq!(run(below.as_ref(), other).refusal(), "target_unknown");

    // HTTP without TLS ends on this host.
    let clear = |url: &str| with(json!({"url": url, "addresses": ["0.0.0.0/0"]}));
    let told = run(clear("http://192.0.2.1").as_ref(), plain("GET", "/a"));
    assert_eq!(told.refusal(), "target_without_tls");
}

#[test]
fn a_preview_is_a_request_that_changes_nothing() {
    let mut look = plain("GET", "/echo");
    look.purpose = Purpose::Preview(PreviewForm::Declared);
    look.judge_purpose().unwrap();
    for method in ["POST", "PUT", "PATCH", "DELETE"] {
        let mut act = plain(method, "/echo");
        act.purpose = Purpose::Preview(PreviewForm::Declared);
        assert_eq!(act.judge_purpose().unwrap_err().code, "preview_not_possible", "{method}");
        act.purpose = Purpose::Preview(PreviewForm::Plan);
        assert!(act.judge_purpose().is_err(), "{method}");
    }
}
