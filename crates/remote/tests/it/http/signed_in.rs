//! Credentials: each reaches the service as it should, and nobody else.

use serde_json::{Value, json};

use super::plain;
use super::server::{Secrets, Server, runspace};
use crate::support::{run, start};

const PASSWORD: &str = "pass\"wörd/+=";

#[test]
fn s1_a_credential_reaches_the_service_and_is_never_said() {
    let server = Server::start();
    for (auth, value, header, expected) in [
        (json!({"bearer": "key"}), "bearer-token-1", "authorization", "Bearer bearer-token-1"),
        (json!({"header": {"name": "X-Api-Key", "value": "key"}}), "a+b/c= d", "x-api-key", "a+b/c= d"),
        (
            json!({"basic": {"user": "anna", "password": "key"}}),
            PASSWORD,
            "authorization",
            "Basic YW5uYTpwYXNzInfDtnJkLys9",
        ),
    ] {
        let secrets = Secrets::new().with("key", value);
        let host = runspace(server.target(json!({"auth": auth})), &secrets);
        // The service says everything that it heard, and the secret as it would stand in JSON and in a URL.
        let told = run(host.as_ref(), plain("GET", "/echo")).succeeds();
        assert_eq!(server.take().pop().unwrap()["headers"][header], expected);
        let last = expected.trim_start_matches("Bearer ").trim_start_matches("Basic ");
        assert!(told.out().contains("(secret)") && !told.out().contains(last), "{}", told.out());
        let order =
            super::request("GET", "/echo", json!({"headers": [{"name": header, "literal": "x"}]}), json!({}));
        let refused = run(host.as_ref(), order);
        assert!(["header_not_allowed"].contains(&refused.refusal()));
    }
    let secrets = Secrets::new().with("key", "two\nlines");
    let host = runspace(server.target(json!({"auth": {"bearer": "key"}})), &secrets);
    let told = run(host.as_ref(), plain("GET", "/echo"));
    assert_eq!(told.refusal(), "credential_unavailable");
    assert!(!told.end.unwrap_err().message.contains("lines"));
}

#[test]
fn s1_a_secret_parameter_is_taken_out_in_every_form() {
    let server = Server::start();
    let more = json!({"body": {"json": {"pass": {"$parameter": "S"}}}});
    let order = super::request("POST", "/echo", more, json!({"S": {"secret": PASSWORD}}));
    let told = run(server.runspace().as_ref(), order).succeeds();
    assert_eq!(server.take().pop().unwrap()["body"]["pass"], PASSWORD);
    assert!(!told.out().contains("wörd") && told.out().contains("(secret)"), "{}", told.out());
}

#[test]
fn s1_a_client_shows_its_certificate() {
    let server = Server::start_for(Some("client-ca.pem"));
    let pem = std::fs::read_to_string(crate::support::fixture("client.pem")).unwrap();
    let secrets = Secrets::new().with("pem", &pem).with("torn", &pem[..pem.len() / 2]);
    let with = |name: &str| runspace(server.target(json!({"client_certificate": name})), &secrets);
    run(with("pem").as_ref(), plain("GET", "/echo")).succeeds();
    assert_eq!(server.take().pop().unwrap()["client"], "countersign");
    assert_eq!(run(with("torn").as_ref(), plain("GET", "/echo")).refusal(), "credential_unavailable");
    assert_eq!(run(with("none").as_ref(), plain("GET", "/echo")).refusal(), "credential_unavailable");
    // Without one the server ends the connection when it has read the request, or before.
    let told = run(server.runspace().as_ref(), plain("GET", "/echo"));
    assert!(told.end.is_err() || told.outcome()["failure"]["target"] == "connection_lost", "{:?}", told.end);
    assert!(server.take().is_empty());
}

fn oauth(tokens: &Server, more: Value) -> Value {
    let mut oauth = json!({"token_url": format!("{}/token", tokens.url()), "client_id": "the client",
        "client_secret": "key", "scope": "https://api.example/.default"});
    oauth.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    json!({"auth": {"oauth": oauth}})
}

#[test]
fn s1_a_token_is_asked_for_once_and_forgotten_when_it_is_not_taken() {
    let (server, tokens) = (Server::start(), Server::start());
    let secrets = Secrets::new().with("key", "s3cret/value:");
    for place in ["header", "body"] {
        let host = runspace(server.target(oauth(&tokens, json!({"secret_in": place}))), &secrets);
        let host = host.as_ref();
        let told = run(host, plain("GET", "/echo")).succeeds();
        assert!(!told.out().contains("token-number"), "{}", told.out());
        run(host, plain("POST", "/echo")).succeeds();
        let asked = tokens.take();
        assert_eq!(asked.len(), 1, "one token for both");
        assert!(asked[0]["raw"].as_str().unwrap().contains("scope=https%3A%2F%2Fapi.example%2F.default"));
        let shown: Vec<_> =
            server.take().iter().map(|seen| seen["headers"]["authorization"].clone()).collect();
        assert_eq!(shown[0], shown[1]);
        run(host, plain("GET", "/status/401")).fails("status_401");
        run(host, plain("GET", "/echo")).succeeds();
        assert_eq!(tokens.take().len(), 1, "a new one");
        server.take();
    }
    let wrong = Secrets::new().with("key", "another/value");
    let host = runspace(server.target(oauth(&tokens, json!({}))), &wrong);
    let told = run(host.as_ref(), plain("GET", "/echo"));
    assert_eq!(told.refusal(), "target_sign_in");
    let message = told.end.unwrap_err().message;
    assert!(message.contains("invalid_client") && !message.contains("another"), "{message}");
    // A token endpoint that the address rules close.
    let closed =
        oauth(&tokens, json!({"token_url": format!("https://[::ffff:10.0.0.1]:{}/token", tokens.port)}));
    let told = run(runspace(server.target(closed), &secrets).as_ref(), plain("GET", "/echo"));
    assert_eq!(told.refusal(), "address_not_allowed");
    assert!(server.take().is_empty());
}

#[test]
fn s1_an_exchanged_secret_is_used_at_the_very_next_start() {
    let (server, tokens) = (Server::start(), Server::start());
    let secrets = Secrets::new().with("key", "s3cret/value:");
    let host = runspace(server.target(oauth(&tokens, json!({}))), &secrets);
    run(host.as_ref(), plain("GET", "/echo")).succeeds();
    std::fs::write(secrets.place.path().join("key"), "withdrawn").unwrap();
    assert_eq!(run(host.as_ref(), plain("GET", "/echo")).refusal(), "target_sign_in");
    std::fs::remove_file(secrets.place.path().join("key")).unwrap();
    let refused = start(host.as_ref(), plain("GET", "/echo")).unwrap().end();
    assert_eq!(refused.refusal(), "credential_unavailable");
}
