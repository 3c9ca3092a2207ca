//! One connection to one origin: its name resolved once, its address judged, its certificate verified.

use std::net::{IpAddr, SocketAddr};
use std::path::Path;
use std::time::Duration;

use bytes::Bytes;
use countersign_runspace::Refusal;
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::body::Incoming;
use hyper::client::conn::http1::{self, SendRequest};
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::task::AbortHandle;
use tokio_rustls::TlsConnector;
use url::{Host, Url};
use zeroize::Zeroizing;

use super::address::{Network, allowed};
use crate::credential::Credential;
use crate::tls;

/// One of several addresses may take this long to answer.
const EACH: Duration = Duration::from_secs(2);
/// The head of an answer has at most this many bytes.
const MAX_HEAD: usize = 64 * 1024;

/// Scheme, host and port (RFC 6454).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Origin {
    is_encrypted: bool,
    host: Host<String>,
    port: u16,
}

impl Origin {
    /// `None` for URLs that are not of HTTP.
    pub(crate) fn of(url: &Url) -> Option<Self> {
        let is_encrypted = match url.scheme() {
            "https" => true,
            "http" => false,
            _ => return None,
        };
        Some(Self { is_encrypted, host: url.host()?.to_owned(), port: url.port_or_known_default()? })
    }

    /// As it stands in the header `Host`.
    pub(crate) fn authority(&self) -> String {
        match (self.is_encrypted, self.port) {
            (true, 443) | (false, 80) => self.host.to_string(),
            (_, port) => format!("{}:{port}", self.host),
        }
    }

    /// As a certificate names it.
    fn name(&self) -> String {
        match &self.host {
            Host::Domain(name) => name.clone(),
            Host::Ipv4(address) => address.to_string(),
            Host::Ipv6(address) => address.to_string(),
        }
    }
}

/// How connections are made.
#[derive(Clone, Copy)]
pub(crate) struct Dial<'a> {
    pub(crate) networks: &'a [Network],
    pub(crate) ca: Option<&'a Path>,
    pub(crate) certificate: Option<&'a Credential>,
}

/// A connection that is ready for one request. Dropped, it is closed.
pub(crate) struct Connection {
    sender: SendRequest<Full<Bytes>>,
    driver: AbortHandle,
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.driver.abort();
    }
}

/// Connects. Nothing of a request is sent.
///
/// # Errors
/// `target_unreachable`, `address_not_allowed`, `target_without_tls`, `target_not_verified`, and those of TLS's files.
pub(crate) async fn open(origin: &Origin, dial: Dial<'_>) -> Result<Connection, Refusal> {
    let stream = connect(origin, dial.networks).await?;
    if !origin.is_encrypted {
        return handshake(stream).await;
    }
    let config = tls::config_for(dial.ca, dial.certificate)?;
    let name = tls::server_name(&origin.name())?;
    match TlsConnector::from(config).connect(name, stream).await {
        Ok(stream) => handshake(stream).await,
        Err(error) => Err(Refusal::new("target_not_verified", format!("TLS: {error}"))),
    }
}

/// To an address that was judged, and to no other: the name is not looked up again.
async fn connect(origin: &Origin, networks: &[Network]) -> Result<TcpStream, Refusal> {
    let found: Vec<SocketAddr> = match &origin.host {
        Host::Domain(name) => {
            let found = tokio::net::lookup_host((name.as_str(), origin.port)).await;
            found.map_err(|error| unreachable(&error))?.collect()
        }
        Host::Ipv4(address) => vec![SocketAddr::new(IpAddr::V4(*address), origin.port)],
        Host::Ipv6(address) => vec![SocketAddr::new(IpAddr::V6(*address), origin.port)],
    };
    let open: Vec<SocketAddr> = found.iter().copied().filter(|at| allowed(at.ip(), networks)).collect();
    if let (true, Some(at)) = (open.is_empty(), found.first()) {
        let message = format!("{} leads to {}, which the host file does not allow", origin.host, at.ip());
        return Err(Refusal::new("address_not_allowed", message));
    }
    if !origin.is_encrypted && !open.iter().all(|at| at.ip().is_loopback()) {
        let message = format!("{} is not this host, and HTTP without TLS ends here", origin.host);
        return Err(Refusal::new("target_without_tls", message));
    }
    let mut last = Refusal::new("target_unreachable", format!("{} has no address", origin.host));
    for at in open {
        match tokio::time::timeout(EACH, TcpStream::connect(at)).await {
            Ok(Ok(stream)) => {
                let _ = stream.set_nodelay(true);
                return Ok(stream);
            }
            Ok(Err(error)) => last = unreachable(&error),
            Err(_) => last = Refusal::new("target_unreachable", format!("{at} does not answer")),
        }
    }
    Err(last)
}

async fn handshake<S>(stream: S) -> Result<Connection, Refusal>
where
    S: AsyncRead + AsyncWrite + Send + Unpin + 'static,
{
    let made = http1::Builder::new().max_buf_size(MAX_HEAD).handshake(TokioIo::new(stream)).await;
    let (sender, connection) = made.map_err(|error| unreachable(&error))?;
    let driver = tokio::spawn(async move { _ = connection.await }).abort_handle();
    Ok(Connection { sender, driver })
}

fn unreachable(error: &dyn std::error::Error) -> Refusal {
    Refusal::new("target_unreachable", error.to_string())
}

impl Connection {
    /// Sends a request and hears the head of its answer. After an error nobody knows whether it was read.
    pub(crate) async fn send(
        &mut self,
        request: Request<Full<Bytes>>,
    ) -> Result<Response<Incoming>, hyper::Error> {
        self.sender.send_request(request).await
    }

    /// Sends a request whose whole answer is small: a token, a secret.
    pub(crate) async fn ask(
        &mut self,
        request: Request<Full<Bytes>>,
        most: usize,
    ) -> Result<(u16, Zeroizing<Vec<u8>>), String> {
        let answer = self.send(request).await.map_err(|error| error.to_string())?;
        let status = answer.status().as_u16();
        let body =
            Limited::new(answer.into_body(), most).collect().await.map_err(|error| error.to_string())?;
        Ok((status, Zeroizing::new(body.to_bytes().to_vec())))
    }
}

/// A body whose bytes are wiped when they were sent.
pub(crate) fn body(bytes: Zeroizing<Vec<u8>>) -> Full<Bytes> {
    Full::new(Bytes::from_owner(bytes))
}
