//! TLS and passwords.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;

use countersign_remote::postgresql::Tls;
use serde_json::json;

use super::cluster::{Cluster, PASSWORD};
use super::sql;
use crate::support::{fixture, run};

#[test]
fn s1_a_server_is_verified_and_a_password_is_never_said() {
    let cluster = Cluster::start();
    let encrypted = |host: &str, ca: &str| {
        let mut target = cluster.target();
        target.host = host.to_owned();
        target.tls = Tls::Always;
        target.ca = Some(fixture(ca));
        target
    };
    let asks = || {
        let ssl = "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()";
        sql(&[(ssl, &[])], json!({}))
    };
    let told = run(cluster.runspace_of(encrypted("localhost", "ca.pem")).as_ref(), asks());
    assert_eq!(told.succeeds().out(), "{\"ssl\":true}\n");
    let told = run(cluster.runspace().as_ref(), asks());
    assert_eq!(told.succeeds().out(), "{\"ssl\":false}\n", "loopback needs none");

    // Another authority, another name, no authority at all.
    for (host, ca, code) in [
        ("localhost", "other-ca.pem", "target_not_verified"),
        ("127.0.0.1", "ca.pem", "target_not_verified"),
        ("localhost", "server.key", "authority_unreadable"),
        ("localhost", "none.pem", "authority_unreadable"),
    ] {
        let told = run(cluster.runspace_of(encrypted(host, ca)).as_ref(), asks());
        assert_eq!(told.refusal(), code, "{host} {ca}");
    }

    // A server that offers no TLS gets nothing.
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let mut without = encrypted("localhost", "ca.pem");
    without.port = listener.local_addr().unwrap().port();
    let server = std::thread::spawn(move || {
        let (mut client, _) = listener.accept().unwrap();
        client.read_exact(&mut [0; 8]).unwrap();
        client.write_all(b"N").unwrap();
        client.read(&mut [0; 100]).unwrap_or(0)
    });
    assert_eq!(run(cluster.runspace_of(without).as_ref(), asks()).refusal(), "target_without_tls");
    assert_eq!(server.join().unwrap(), 0, "something was said without encryption");

    // A wrong password; a password that the server wants to see itself, over a network that is only called trusted.
    let told = run(cluster.runspace_with(cluster.target(), "wrong-but-secret").as_ref(), asks());
    assert_eq!(told.refusal(), "target_sign_in");
    assert!(!told.end.unwrap_err().message.contains("wrong-but-secret"));
    let mut plain = cluster.target();
    plain.user = "telling".to_owned();
    run(cluster.runspace_of(plain.clone()).as_ref(), asks()).succeeds();
    plain.tls = Tls::Off;
    assert_eq!(run(cluster.runspace_of(plain).as_ref(), asks()).refusal(), "target_sign_in");

    // Whatever the target says, the password is not in it.
    let echo = format!("SELECT '{PASSWORD}' AS a, E'\\n{PASSWORD}' AS b");
    let told = run(cluster.runspace().as_ref(), sql(&[(&echo, &[])], json!({}))).succeeds();
    assert_eq!(told.out(), "{\"a\":\"(secret)\",\"b\":\"\\n(secret)\"}\n");
    let error = format!("SELECT '{PASSWORD}'::int");
    let told = run(cluster.runspace().as_ref(), sql(&[(&error, &[])], json!({})));
    assert!(!told.end.unwrap_err().message.contains(PASSWORD));

    // A host that is not this one needs TLS, and a missing password is said.
    let mut without = cluster.target();
    without.password = None;
    assert_eq!(run(cluster.runspace_of(without).as_ref(), asks()).refusal(), "credential_missing");
    // The server's Unix socket.
    let mut socket = cluster.target();
    socket.host = cluster.socket_directory();
    run(cluster.runspace_of(socket).as_ref(), asks()).succeeds();
}
