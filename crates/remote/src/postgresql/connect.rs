//! A connection that is signed in.

use std::io;

use countersign_runspace::Refusal;
use fallible_iterator::FallibleIterator as _;
use postgres_protocol::authentication::{md5_hash, sasl};
use postgres_protocol::message::backend::Message;
use postgres_protocol::message::frontend;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpStream, UnixStream};
use tokio_rustls::TlsConnector;

use super::target::PostgresqlTarget;
use super::wire::{Stream, Wire, WireError};
use crate::credential::Credential;
use crate::tls;

/// Connects and signs in.
pub(super) async fn connect(
    target: &PostgresqlTarget,
    password: Option<&Credential>,
) -> Result<Wire, Refusal> {
    let mut wire = Wire::new(open(target).await?);
    sign_in(&mut wire, target, password).await?;
    Ok(wire)
}

/// Asks the server to end what a connection does (CancelRequest). It does not answer.
pub(super) async fn cancel(target: &PostgresqlTarget, (process, secret): (i32, i32)) -> Result<(), Refusal> {
    let mut stream = open(target).await?;
    let mut bytes = bytes::BytesMut::new();
    frontend::cancel_request(process, secret, &mut bytes);
    stream.write_all(&bytes).await.map_err(|error| unreachable(&error))?;
    stream.flush().await.map_err(|error| unreachable(&error))?;
    // The server closes when it has sent the signal.
    let _ = stream.read(&mut [0; 16]).await;
    Ok(())
}

async fn open(target: &PostgresqlTarget) -> Result<Box<dyn Stream>, Refusal> {
    if let Some(path) = target.socket() {
        let stream = UnixStream::connect(path).await.map_err(|error| unreachable(&error))?;
        return Ok(Box::new(stream));
    }
    let stream = TcpStream::connect((target.host.as_str(), target.port)).await;
    let mut stream = stream.map_err(|error| unreachable(&error))?;
    // Small messages in both directions: waiting to join them costs milliseconds each.
    let _ = stream.set_nodelay(true);
    if !target.encrypts() {
        let peer = stream.peer_addr().map_err(|error| unreachable(&error))?;
        if target.must_be_local() && !peer.ip().is_loopback() {
            let message = format!("{} leads to {}, which is not this host", target.host, peer.ip());
            return Err(Refusal::new("target_not_local", message));
        }
        return Ok(Box::new(stream));
    }
    let config = tls::config(target.ca.as_deref())?;
    let name = tls::server_name(&target.host)?;
    let mut bytes = bytes::BytesMut::new();
    frontend::ssl_request(&mut bytes);
    stream.write_all(&bytes).await.map_err(|error| unreachable(&error))?;
    // Exactly one byte: what follows must come encrypted.
    match stream.read_u8().await.map_err(|error| unreachable(&error))? {
        b'S' => {}
        _ => return Err(Refusal::new("target_without_tls", "the server does not offer TLS")),
    }
    match TlsConnector::from(config).connect(name, stream).await {
        Ok(stream) => Ok(Box::new(stream)),
        Err(error) => Err(Refusal::new("target_not_verified", format!("TLS: {error}"))),
    }
}

async fn sign_in(
    wire: &mut Wire,
    target: &PostgresqlTarget,
    password: Option<&Credential>,
) -> Result<(), Refusal> {
    let parameters = [
        ("user", target.user.as_str()),
        ("database", &target.database),
        ("application_name", "countersign"),
        ("client_encoding", "UTF8"),
        ("DateStyle", "ISO, YMD"),
        ("TimeZone", "UTC"),
    ];
    frontend::startup_message(parameters, &mut wire.output).map_err(|error| unreachable(&error))?;
    wire.flush().await.map_err(refused)?;
    loop {
        match wire.next().await.map_err(refused)? {
            Message::AuthenticationOk => break,
            Message::AuthenticationCleartextPassword => {
                exposed(target, "the password itself")?;
                let password = needed(password)?;
                frontend::password_message(password, &mut wire.output)
                    .map_err(|error| unreachable(&error))?;
                wire.flush().await.map_err(refused)?;
            }
            Message::AuthenticationMd5Password(body) => {
                exposed(target, "an MD5 digest of the password")?;
                let hash = md5_hash(target.user.as_bytes(), needed(password)?, body.salt());
                frontend::password_message(hash.as_bytes(), &mut wire.output)
                    .map_err(|error| unreachable(&error))?;
                wire.flush().await.map_err(refused)?;
            }
            Message::AuthenticationSasl(body) => {
                let scram = body.mechanisms().any(|mechanism| Ok(mechanism == sasl::SCRAM_SHA_256));
                if !scram.map_err(|error| unreachable(&error))? {
                    return Err(Refusal::new("target_sign_in", "the server offers no SCRAM-SHA-256"));
                }
                prove(wire, needed(password)?).await?;
            }
            _ => {
                return Err(Refusal::new(
                    "target_sign_in",
                    "the server wants a sign-in that is not supported",
                ));
            }
        }
    }
    loop {
        match wire.next().await.map_err(refused)? {
            Message::BackendKeyData(body) => wire.key = Some((body.process_id(), body.secret_key())),
            Message::ReadyForQuery(_) => return Ok(()),
            _ => {}
        }
    }
}

/// SCRAM-SHA-256 (RFC 5802, RFC 7677): the password itself is not sent, and the server proves that it knows it too.
async fn prove(wire: &mut Wire, password: &Credential) -> Result<(), Refusal> {
    let lied = |error: io::Error| Refusal::new("target_sign_in", format!("SCRAM: {error}"));
    let mut scram = sasl::ScramSha256::new(password, sasl::ChannelBinding::unsupported());
    frontend::sasl_initial_response(sasl::SCRAM_SHA_256, scram.message(), &mut wire.output).map_err(lied)?;
    wire.flush().await.map_err(refused)?;
    let Message::AuthenticationSaslContinue(body) = wire.next().await.map_err(refused)? else {
        return Err(refused(WireError::Unexpected("something else than SCRAM's challenge")));
    };
    scram.update(body.data()).map_err(lied)?;
    frontend::sasl_response(scram.message(), &mut wire.output).map_err(lied)?;
    wire.flush().await.map_err(refused)?;
    let Message::AuthenticationSaslFinal(body) = wire.next().await.map_err(refused)? else {
        return Err(refused(WireError::Unexpected("something else than SCRAM's end")));
    };
    scram.finish(body.data()).map_err(lied)
}

/// Refuses to show a password to whoever listens.
fn exposed(target: &PostgresqlTarget, what: &str) -> Result<(), Refusal> {
    if target.encrypts() || target.must_be_local() {
        return Ok(());
    }
    let message = format!("the server asks for {what} over a connection that is not encrypted");
    Err(Refusal::new("target_sign_in", message))
}

fn needed(password: Option<&Credential>) -> Result<&Credential, Refusal> {
    password.ok_or_else(|| {
        Refusal::new("credential_missing", "the server wants a password and the host file names none")
    })
}

fn unreachable(error: &io::Error) -> Refusal {
    Refusal::new("target_unreachable", error.to_string())
}

/// A server that refuses a session, or that is none.
fn refused(error: WireError) -> Refusal {
    match error {
        WireError::Server(said) if said.sqlstate.starts_with("28") => {
            Refusal::new("target_sign_in", format!("{}: {}", said.sqlstate, said.message))
        }
        WireError::Server(said) => {
            Refusal::new("target_refused", format!("{}: {}", said.sqlstate, said.message))
        }
        other => Refusal::new("target_unreachable", other.to_string()),
    }
}
