//! Over real sockets: binding, TLS, protocol abuse, an orderly end.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use countersign_server::config::Config;
use countersign_server::{ServeError, serve};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::world::World;

struct Served {
    world: World,
    address: SocketAddr,
    stop: oneshot::Sender<()>,
    server: JoinHandle<Result<(), ServeError>>,
}

async fn served(config: &str) -> Served {
    let world = World::set_up().await;
    let text = format!("listen = \"127.0.0.1:0\"\n{config}");
    let config = Config::parse("test", &text, |_| None).unwrap();
    let (stop, stopped) = oneshot::channel::<()>();
    let (bound, address) = oneshot::channel();
    let engine = world.engine.clone();
    let server = tokio::spawn(async move {
        let bound = |address| bound.send(address).unwrap();
        serve(&config, engine, Vec::new(), bound, async move { drop(stopped.await) }).await
    });
    let address = address.await.unwrap();
    Served { world, address, stop, server }
}

async fn say(address: SocketAddr, text: &str) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(text.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    let _ = tokio::time::timeout(Duration::from_secs(5), stream.read_to_end(&mut answer)).await;
    String::from_utf8_lossy(&answer).into_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_and_ends_in_order() {
    let served = served("").await;
    let answer = say(served.address, "GET /healthz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").await;
    assert!(answer.starts_with("HTTP/1.1 200 OK") && answer.ends_with("ok\n"), "{answer}");
    let metrics = say(served.address, "GET /metrics HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").await;
    assert!(metrics.contains("countersign_ledger_entries"), "{metrics}");
    assert!(metrics.contains("route=\"/healthz\",status=\"200\"} 1"), "{metrics}");
    // A stream that would never end does not hold up the stop for ever; an idle connection not at all.
    let idle = TcpStream::connect(served.address).await.unwrap();
    served.stop.send(()).unwrap();
    tokio::time::timeout(Duration::from_secs(12), served.server).await.unwrap().unwrap().unwrap();
    drop(idle);
    assert!(TcpStream::connect(served.address).await.is_err());
    served.world.engine.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn w12_protocol_abuse_is_refused_and_others_are_served() {
    let served = served("").await;
    let smuggled = "POST /api/v1/sessions HTTP/1.1\r\nhost: x\r\ncontent-length: 4\r\ntransfer-encoding: chunked\r\n\
                    connection: close\r\n\r\n0\r\n\r\nGET /metrics HTTP/1.1\r\nhost: x\r\n\r\n";
    let answer = say(served.address, smuggled).await;
    assert_eq!(answer.matches("HTTP/1.1").count(), 1, "one request, one answer: {answer}");
    assert!(!answer.contains("countersign_ledger_entries"), "{answer}");
    for abuse in ["GET / HTTP/9.9\r\n\r\n", "\0\0\0\0\r\n\r\n", "GET /\u{1} HTTP/1.1\r\nhost: x\r\n\r\n"] {
        let answer = say(served.address, abuse).await;
        assert!(!answer.contains("200 OK"), "{abuse:?}: {answer}");
    }
    let long =
        format!("GET / HTTP/1.1\r\nhost: x\r\nx: {}\r\nconnection: close\r\n\r\n", "y".repeat(200_000));
    assert!(!say(served.address, &long).await.contains("200 OK"));
    let slow: Vec<TcpStream> = {
        let mut slow = Vec::new();
        for _ in 0..100 {
            let mut stream = TcpStream::connect(served.address).await.unwrap();
            stream.write_all(b"GET /healthz HTTP/1.1\r\nx: ").await.unwrap();
            slow.push(stream);
        }
        slow
    };
    let answer = say(served.address, "GET /healthz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").await;
    assert!(answer.starts_with("HTTP/1.1 200 OK"), "{answer}");
    drop(slow);
}

fn file(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/it/tls").join(name)
}

#[tokio::test(flavor = "multi_thread")]
async fn tls_is_spoken_and_plain_text_is_not() {
    use rustls::pki_types::pem::PemObject as _;
    let certificate = file("localhost.crt");
    let config = format!("tls = {{ cert = {:?}, key = {:?} }}", certificate, file("localhost.key"));
    let served = served(&config).await;
    let plain = say(served.address, "GET /healthz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").await;
    assert!(!plain.contains("200 OK"), "{plain}");
    let mut roots = rustls::RootCertStore::empty();
    roots.add(rustls::pki_types::CertificateDer::from_pem_file(&certificate).unwrap()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let client = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let stream = TcpStream::connect(served.address).await.unwrap();
    let name = rustls::pki_types::ServerName::try_from("localhost").unwrap();
    let mut stream = tokio_rustls::TlsConnector::from(Arc::new(client)).connect(name, stream).await.unwrap();
    stream.write_all(b"GET /healthz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").await.unwrap();
    let mut answer = String::new();
    let _ = stream.read_to_string(&mut answer).await;
    assert!(answer.starts_with("HTTP/1.1 200 OK"), "{answer}");
    assert!(answer.contains("strict-transport-security: max-age"), "{answer}");
}

#[tokio::test(flavor = "multi_thread")]
async fn plain_text_beyond_loopback_is_refused() {
    let world = World::set_up().await;
    let attempt = |text: &'static str| {
        let (config, engine) = (Config::parse("test", text, |_| None).unwrap(), world.engine.clone());
        async move { serve(&config, engine, Vec::new(), |_| {}, async {}).await }
    };
    let refused = attempt("listen = \"0.0.0.0:0\"\npublic_url = \"http://pam.example\"").await;
    assert!(matches!(refused, Err(ServeError::PlainBeyondLoopback(_))));
    let nameless = attempt("listen = \"0.0.0.0:0\"\ntrusted_proxies = [\"10.0.0.1\"]").await;
    assert!(matches!(nameless, Err(ServeError::NoPublicUrl(_))));
    let proxied =
        "listen = \"0.0.0.0:0\"\ntrusted_proxies = [\"10.0.0.1\"]\npublic_url = \"https://pam.example\"";
    attempt(proxied).await.unwrap();
    let missing =
        attempt("listen = \"127.0.0.1:0\"\ntls = { cert = \"/nowhere\", key = \"/nowhere\" }").await;
    assert!(matches!(missing, Err(ServeError::Tls(_))));
}
