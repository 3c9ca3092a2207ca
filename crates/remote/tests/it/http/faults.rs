//! The kit's faults: refused, hang, trickle, cut, endless, bad certificate.

use std::net::TcpListener;

use countersign_runspace::clock;
use serde_json::json;

use super::server::{Secrets, Server, runspace};
use super::{plain, request};
use crate::support::proxy::{Fault, before};
use crate::support::{SECOND, fixture, run, start};

#[test]
fn f1_what_cannot_be_known_is_unknown_and_nothing_else_is() {
    let server = Server::start();
    let at = |port| runspace(Server::target_at(port, json!({})), &Secrets::new());
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let nobody = at(free);
    assert_eq!(run(nobody.as_ref(), plain("POST", "/echo")).refusal(), "target_unreachable");
    assert!(nobody.health().notes.iter().any(|note| note.starts_with("service api: ")));

    let silent = at(before(server.port, Fault::Silent));
    let mut soon = plain("POST", "/echo");
    soon.start_by = clock::boot_now() + SECOND;
    assert_eq!(run(silent.as_ref(), soon).refusal(), "target_unreachable");
    let hung = start(silent.as_ref(), plain("POST", "/echo")).unwrap();
    hung.running.kill();
    assert_eq!(hung.end().refusal(), "stopped_before_start");

    run(at(before(server.port, Fault::Trickle)).as_ref(), plain("POST", "/echo")).succeeds();
    // Cut in the middle of who is who: nothing was sent.
    let cut = at(before(server.port, Fault::CutBefore(b"\x16\x03")));
    assert_eq!(run(cut.as_ref(), plain("POST", "/echo")).refusal(), "target_unreachable");

    // Sent, and no answer: a task that only reads has failed, of any other nobody knows.
    let host = server.runspace();
    let host = host.as_ref();
    let unknown = |reason: &str| json!({"outcome": "unknown", "reason": reason});
    for method in ["POST", "PUT", "PATCH", "DELETE"] {
        assert_eq!(run(host, plain(method, "/gone")).outcome(), unknown("connection_lost"), "{method}");
        let late = request(method, "/hang", json!({"answer_within_ms": 300}), json!({}));
        assert_eq!(run(host, late).outcome(), unknown("no_answer"), "{method}");
    }
    run(host, plain("GET", "/gone")).fails("connection_lost");
    run(host, request("GET", "/hang", json!({"answer_within_ms": 300}), json!({}))).fails("no_answer");
    run(host, plain("GET", "/bighead")).fails("connection_lost");

    // Cut in the answer: its status said what was done.
    run(host, plain("GET", "/cut")).fails("answer_broke_off");
    assert!(run(host, plain("POST", "/cut")).succeeds().err().contains("broke off"));
    let test = json!({"success": {"json": [{"pointer": "/ok", "equals": true}]}});
    assert_eq!(run(host, request("POST", "/cut", test, json!({}))).outcome(), unknown("answer_broke_off"));
}

#[test]
fn f12_what_a_service_says_without_end_is_bounded() {
    let server = Server::start();
    let host = server.runspace();
    let more = json!({"max_response_bytes": 100_000});
    let told = run(host.as_ref(), request("GET", "/endless", more.clone(), json!({}))).succeeds();
    assert_eq!(told.stdout.len(), 100_000);
    assert!(told.err().contains("the rest is left out"), "{}", told.err());
    let mut short = request("GET", "/endless", more, json!({}));
    short.limits.output_bytes = 1_000;
    let told = run(host.as_ref(), short).succeeds();
    assert_eq!(told.stdout.len() as u64, told.end.unwrap().stdout.kept);
    let test =
        json!({"max_response_bytes": 1_000, "success": {"json": [{"pointer": "/ok", "equals": true}]}});
    run(host.as_ref(), request("GET", "/endless", test, json!({}))).fails("answer_too_large");
}

#[test]
fn s1_only_who_has_the_right_certificate_hears_anything() {
    let server = Server::start();
    let with = |more| runspace(server.target(more), &Secrets::new());
    for more in [
        json!({"ca": fixture("other-ca.pem")}),
        json!({"ca": fixture("client-ca.pem")}),
        // The certificate is for localhost, not for its address.
        json!({"url": format!("https://127.0.0.1:{}", server.port)}),
        json!({"ca": null}),
    ] {
        let told = run(with(more.clone()).as_ref(), plain("POST", "/echo"));
        assert_eq!(told.refusal(), "target_not_verified", "{more}");
    }
    assert_eq!(
        run(with(json!({"ca": "/none.pem"})).as_ref(), plain("GET", "/echo")).refusal(),
        "authority_unreadable"
    );
    assert!(server.take().is_empty());
    run(with(json!({})).as_ref(), plain("POST", "/echo")).succeeds();
}

#[test]
fn i1_a_name_that_leads_to_a_private_address_is_refused_unless_listed() {
    let server = Server::start();
    let with = |more| runspace(server.target(more), &Secrets::new());
    for networks in [json!([]), json!(["10.0.0.0/8"]), json!(["127.0.0.2/32", "fe80::/10"])] {
        let told = run(with(json!({"addresses": networks})).as_ref(), plain("GET", "/echo"));
        assert_eq!(told.refusal(), "address_not_allowed");
    }
    for host in ["127.0.0.1", "[::ffff:127.0.0.1]", "0x7f.1", "2130706433", "[::1]", "0.0.0.0"] {
        let url = format!("https://{host}:{}", server.port);
        let told = run(with(json!({"url": url, "addresses": []})).as_ref(), plain("GET", "/echo"));
        assert_eq!(told.refusal(), "address_not_allowed", "{host}");
    }
    assert!(server.take().is_empty());
}
