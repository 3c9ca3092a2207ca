//! STARTTLS and TLS for real: a TLS end in front of the receiver. The authority and the key beside
//! this file are for these tests only; nothing trusts them.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use countersign_notify::{
    Fault, Mailer as _, Notice, Receipt,
    sink::Sink,
    smtp::{Security, SmtpConfig, SmtpConfigFault, SmtpMailer},
};
use rustls::{
    ServerConfig,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject as _},
};
use tokio::{
    io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader, copy_bidirectional},
    net::{TcpListener, TcpStream},
};
use tokio_rustls::TlsAcceptor;

use crate::fixture::{mail, request};

const CA: &[u8] = include_bytes!("tls/ca.pem");

fn acceptor() -> TlsAcceptor {
    let chain = vec![CertificateDer::from_pem_slice(include_bytes!("tls/server.pem")).unwrap()];
    let key = PrivateKeyDer::from_pem_slice(include_bytes!("tls/server.key")).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    TlsAcceptor::from(Arc::new(config.with_no_client_auth().with_single_cert(chain, key).unwrap()))
}

/// A TLS end for one kind of connection, in front of the receiver.
async fn front(security: Security, behind: SocketAddr) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((client, _)) = listener.accept().await {
            tokio::spawn(pass(security, client, behind));
        }
    });
    port
}

async fn pass(security: Security, mut client: TcpStream, behind: SocketAddr) -> std::io::Result<()> {
    let mut sink = BufReader::new(TcpStream::connect(behind).await?);
    if security == Security::StartTls {
        client = offer(client).await?;
        // The client has been greeted already.
        sink.read_line(&mut String::new()).await?;
    }
    let mut client = acceptor().accept(client).await?;
    copy_bidirectional(&mut client, &mut sink).await.map(|_| ())
}

/// The plain beginning of a conversation, up to STARTTLS.
async fn offer(client: TcpStream) -> std::io::Result<TcpStream> {
    let mut client = BufReader::new(client);
    client.write_all(b"220 front.invalid ESMTP\r\n").await?;
    loop {
        let mut line = String::new();
        if client.read_line(&mut line).await? == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        if line.starts_with("STARTTLS") {
            client.write_all(b"220 2.0.0 go on\r\n").await?;
            return Ok(client.into_inner());
        }
        assert!(line.starts_with("EHLO"), "sent before encryption: {line}");
        client.write_all(b"250-front.invalid\r\n250 STARTTLS\r\n").await?;
    }
}

fn config(security: Security, host: &str, port: u16, ca_pem: Option<&[u8]>) -> SmtpConfig {
    SmtpConfig {
        host: host.into(),
        port: Some(port),
        security,
        login: None,
        ca_pem: ca_pem.map(<[u8]>::to_vec),
        timeout: Duration::from_secs(5),
        hello_name: None,
    }
}

#[tokio::test]
async fn with_the_authority_given_and_the_right_name_only() {
    for security in [Security::StartTls, Security::Tls] {
        let sink = Sink::start().await.unwrap();
        let port = front(security, sink.address()).await;
        let mail = mail(&Notice::Expired(request()));
        for (host, ca) in [("localhost", None), ("127.0.0.1", Some(CA))] {
            let mailer = SmtpMailer::new(&config(security, host, port, ca)).unwrap();
            let error = mailer.send(&mail).await.unwrap_err();
            assert_eq!(error.fault, Fault::Relay, "{security:?} {host}: {error}");
            assert!(error.detail.contains("certificate"), "{error}");
        }
        assert!(sink.messages().is_empty());
        let mailer = SmtpMailer::new(&config(security, "localhost", port, Some(CA))).unwrap();
        let result = mailer.send(&mail).await;
        assert!(matches!(result, Ok(Receipt::Accepted(_))), "{security:?}: {result:?}");
        assert_eq!(sink.messages().len(), 1);
    }
}

#[tokio::test]
async fn a_file_without_certificates_is_refused() {
    for bad in
        [b"".as_slice(), b"junk", include_bytes!("tls/server.key"), b"-----BEGIN CERTIFICATE-----\n!\n"]
    {
        let made = SmtpMailer::new(&config(Security::Tls, "localhost", 465, Some(bad)));
        assert_eq!(made.unwrap_err(), SmtpConfigFault::Certificates);
    }
}
