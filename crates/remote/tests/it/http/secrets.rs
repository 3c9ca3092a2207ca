//! Credentials in a key-value store (a simulator of Vault's and OpenBao's), and in the runner's own vault.

use countersign_remote::vault::KeySource;
use countersign_remote::{KvStore, Targets, VaultFile};
use countersign_runspace::{Runspace, TargetName};
use serde_json::{Value, json};

use super::plain;
use super::server::{Secrets, Server};
use crate::support::{executor, fixture, run};

fn named<T>(name: &str, value: T) -> std::collections::BTreeMap<TargetName, T> {
    [(name.parse().unwrap(), value)].into()
}

fn with_store(
    server: &Server,
    simulator: &Server,
    secrets: &Secrets,
    auth: Value,
    networks: Value,
) -> Box<dyn Runspace> {
    let store = json!({"url": simulator.url(), "ca": fixture("ca.pem"), "addresses": networks, "auth": auth});
    let store: KvStore = serde_json::from_value(store).unwrap();
    let targets = secrets.targets(server.target(json!({"auth": {"bearer": "key"}})));
    executor("http", Targets { kv: named("main", store), ..targets })
}

#[test]
fn s1_a_credential_can_lie_in_a_store() {
    let (server, simulator) = (Server::start(), Server::start());
    let lies = |path: &str, field: &str| json!({"kv": {"store": "main", "path": path, "field": field}});
    let secrets = |at| Secrets::new().with("own", "hvs.root").with("id", "the-secret-id").at("key", at);
    let open = json!(["127.0.0.1", "::1"]);
    let role = json!({"app_role": {"role_id": "the-role", "secret_id": "id"}});
    for auth in [json!({"token": "own"}), role.clone()] {
        let kept = secrets(lies("erp/db", "password"));
        let host = with_store(&server, &simulator, &kept, auth.clone(), open.clone());
        for _ in 0..2 {
            let told = run(host.as_ref(), plain("GET", "/echo")).succeeds();
            assert_eq!(server.take().pop().unwrap()["headers"]["authorization"], "Bearer from-the-store");
            assert!(!told.out().contains("from-the-store"), "{}", told.out());
        }
        let paths: Vec<String> =
            simulator.take().iter().map(|seen| format!("{} {}", seen["method"], seen["url"])).collect();
        let read = "\"GET\" \"/v1/secret/data/erp/db\"";
        let logins = paths.iter().filter(|path| path.contains("login")).count();
        assert_eq!(paths.iter().filter(|path| path.as_str() == read).count(), 2, "{paths:?}");
        assert_eq!(logins, usize::from(auth == role), "one sign-in for both");
    }
    let refusal = |at, auth, networks| {
        let kept = secrets(at);
        let host = with_store(&server, &simulator, &kept, auth, networks);
        let told = run(host.as_ref(), plain("GET", "/echo"));
        assert_eq!(told.refusal(), "credential_unavailable");
        told.end.unwrap_err().message
    };
    let good = || lies("erp/db", "password");
    for (at, auth, networks, why) in [
        (lies("none", "password"), json!({"token": "own"}), open.clone(), "no secret"),
        (lies("erp/../../../auth", "password"), json!({"token": "own"}), open.clone(), "no secret"),
        (lies("erp/db", "none"), json!({"token": "own"}), open.clone(), "no text field"),
        (lies("erp/db", "port"), json!({"token": "own"}), open.clone(), "no text field"),
        (good(), json!({"token": "id"}), open.clone(), "does not let us read"),
        (good(), json!({"app_role": {"role_id": "the-role", "secret_id": "own"}}), open.clone(), "sign in"),
        (good(), json!({"token": "own"}), json!([]), "does not allow"),
        (good(), json!({"token": "key"}), open, "what opens it"),
    ] {
        let message = refusal(at, auth, networks);
        assert!(
            message.contains(why) && !message.contains("hvs.") && !message.contains("secret-id"),
            "{message}"
        );
    }
    assert!(server.take().is_empty());
}

#[test]
fn s1_a_credential_can_lie_in_the_runners_own_vault() {
    let server = Server::start();
    let secrets = Secrets::new().at("key", json!({"vault": "erp"}));
    let path = |name: &str| secrets.place.path().join(name);
    KeySource::make(&path("vault.key")).unwrap();
    let vault = VaultFile { file: path("vault"), key: KeySource::File(path("vault.key")) };
    vault.create().unwrap();
    let targets = secrets.targets(server.target(json!({"auth": {"bearer": "key"}})));
    let host = executor("http", Targets { vault: Some(vault.clone()), ..targets });
    assert_eq!(run(host.as_ref(), plain("GET", "/echo")).refusal(), "credential_unavailable");
    vault.put("erp", b"from-the-vault").unwrap();
    let told = run(host.as_ref(), plain("GET", "/echo")).succeeds();
    assert_eq!(server.take().pop().unwrap()["headers"]["authorization"], "Bearer from-the-vault");
    assert!(!told.out().contains("from-the-vault"));
    // The key is exchanged under a running runner: the file that the host file names gets the new key.
    KeySource::make(&path("new.key")).unwrap();
    vault.rotate(&KeySource::File(path("new.key"))).unwrap();
    run(host.as_ref(), plain("GET", "/echo")).succeeds();
    std::fs::rename(path("new.key"), path("vault.key")).unwrap();
    run(host.as_ref(), plain("GET", "/echo")).succeeds();
    vault.finish().unwrap();
    run(host.as_ref(), plain("GET", "/echo")).succeeds();
}
