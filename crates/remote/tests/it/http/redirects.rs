//! Where answers may send us, and what goes along.

use serde_json::{Value, json};

use super::request;
use super::server::{Secrets, Server, runspace};
use crate::support::run;

fn to(method: &str, place: &str, status: u16) -> countersign_runspace::WorkOrder {
    let query = json!([{"name": "to", "literal": place}, {"name": "status", "literal": status.to_string()}]);
    let headers =
        json!([{"name": "X-Note", "literal": "for the service"}, {"name": "X-Secret", "parameter": "S"}]);
    let more = json!({"query": query, "headers": headers});
    request(method, "/redirect", more, json!({"S": {"secret": "hush-hush"}}))
}

#[test]
fn s1_a_credential_goes_to_the_service_and_to_no_other_origin() {
    let (server, other) = (Server::start(), Server::start());
    let secrets = Secrets::new().with("key", "bearer-token-1");
    let listed = json!({"auth": {"bearer": "key"}, "redirects": [server.url(), other.url()]});
    let host = runspace(server.target(listed), &secrets);
    for status in [301, 302, 303, 307, 308] {
        run(host.as_ref(), to("GET", "/echo/second?a=b", status)).succeeds();
        let seen = server.take();
        assert_eq!(seen[1]["segments"], json!(["echo", "second"]));
        assert_eq!(seen[1]["headers"]["authorization"], "Bearer bearer-token-1");
        assert_eq!(seen[1]["headers"]["x-note"], "for the service");

        run(host.as_ref(), to("GET", &format!("{}/echo/away", other.url()), status)).succeeds();
        let seen = other.take().pop().unwrap();
        let headers = seen["headers"].as_object().unwrap();
        let names: Vec<&str> = headers.keys().map(String::as_str).collect();
        let only = |name: &&str| !["host", "user-agent", "accept", "connection"].contains(name);
        assert!(!names.iter().any(|name| only(&name)), "{names:?}");
        assert_eq!((&seen["method"], &seen["raw"]), (&json!("GET"), &json!("")));
        server.take();
    }
    // A request that changes something is never sent on.
    for method in ["POST", "PUT", "PATCH", "DELETE"] {
        run(host.as_ref(), to(method, "/echo/second", 307)).fails("status_307");
        assert_eq!(server.take().len(), 1);
    }
}

#[test]
fn i1_an_answer_leads_nowhere_that_the_host_file_does_not_list() {
    let (server, other) = (Server::start(), Server::start());
    let with = |more: Value| runspace(server.target(more), &Secrets::new());
    let nowhere = with(json!({}));
    run(nowhere.as_ref(), to("GET", "/echo", 302)).fails("status_302");
    let itself = with(json!({"redirects": [server.url()]}));
    for place in [
        other.url(),
        "https://169.254.169.254/latest/meta-data/".to_owned(),
        format!("http://localhost:{}/echo", server.port),
        format!("https://127.0.0.1:{}/echo", server.port),
        format!("https://localhost:{}@127.0.0.1:{}/echo", server.port, other.port),
        "file:///etc/passwd".to_owned(),
    ] {
        run(itself.as_ref(), to("GET", &place, 302)).fails("redirect_not_allowed");
    }
    run(itself.as_ref(), to("GET", "/redirect?to=/redirect", 302)).fails("status_302");
    // Listed, and its address is not open.
    let private =
        json!({"redirects": ["https://169.254.169.254", "https://[::1]"], "addresses": ["127.0.0.1"]});
    let private = with(private);
    for place in ["https://169.254.169.254/latest/", "https://[::1]/"] {
        run(private.as_ref(), to("GET", place, 302)).fails("address_not_allowed");
    }
    server.take();
    let loops = format!("/redirect?status=302&to={}", "%2Fredirect%3Fto%3D%252Fecho");
    run(itself.as_ref(), to("GET", &loops, 302)).succeeds();
    assert!(other.take().is_empty());
}
