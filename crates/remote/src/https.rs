//! One HTTP connection to a target: at an address that was judged before, verified, bounded; and what is known of a request
//! when the connection breaks.

use std::io::Read as _;
use std::net::SocketAddr;
use std::sync::Arc;

use bytes::Bytes;
use countersign_runspace::Refusal;
use http_body_util::{BodyExt as _, Full, LengthLimitError, Limited};
use hyper::body::Incoming;
use hyper::client::conn::http1::{self, SendRequest};
use hyper::header::{CONTENT_ENCODING, HeaderMap};
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use rustls::ClientConfig;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

use crate::tls;

/// What the headers of an answer may take.
const MAX_HEAD: usize = 64 * 1024;

/// How a connection is protected.
#[derive(Clone)]
pub(crate) enum Transport {
    Tls(Arc<ClientConfig>),
    /// Only for services of the own machine.
    Plain,
}

/// A connection that takes one request after another.
pub(crate) struct Connection {
    sender: SendRequest<Full<Bytes>>,
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Unanswered {
    /// Not a byte of the request left.
    #[error("the connection ended before anything was sent")]
    NotSent,
    /// All or some of it was sent: the other side may have acted on it.
    #[error("the connection ended without an answer: {0}")]
    Lost(String),
    /// The answer began and did not end.
    #[error("the answer was cut: {0}")]
    Cut(String),
    /// The answer is larger than is read.
    #[error("the answer is larger than {0} bytes")]
    TooLarge(usize),
}

/// A whole answer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }
}

/// The addresses of a host, to be judged before one is connected to.
///
/// # Errors
/// `target_unreachable`.
pub(crate) async fn resolve(host: &str, port: u16) -> Result<Vec<SocketAddr>, Refusal> {
    let unknown = |why: String| Refusal::new("target_unreachable", format!("{host}: {why}"));
    let found = tokio::net::lookup_host((host, port)).await.map_err(|error| unknown(error.to_string()))?;
    let found: Vec<SocketAddr> = found.collect();
    if found.is_empty() { Err(unknown("has no address".to_owned())) } else { Ok(found) }
}

/// Connects to the first of the addresses that answers; with TLS, its certificate must be for `host`.
///
/// # Errors
/// `target_unreachable`, `target_not_verified`, `host_invalid`.
pub(crate) async fn connect(
    host: &str,
    addresses: &[SocketAddr],
    transport: &Transport,
) -> Result<Connection, Refusal> {
    let unreachable = |why: String| Refusal::new("target_unreachable", format!("{host}: {why}"));
    let stream = TcpStream::connect(addresses).await.map_err(|error| unreachable(error.to_string()))?;
    let _ = stream.set_nodelay(true);
    let sender = match transport {
        Transport::Plain => handshake(stream).await,
        Transport::Tls(config) => {
            let connector = TlsConnector::from(Arc::clone(config));
            let stream = connector.connect(tls::server_name(host)?, stream).await.map_err(|error| {
                let verified = error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>());
                match verified {
                    Some(rustls::Error::InvalidCertificate(why)) => {
                        let message = format!("{host} shows a certificate that is not believed: {why}");
                        Refusal::new("target_not_verified", message)
                    }
                    _ => unreachable(error.to_string()),
                }
            })?;
            handshake(stream).await
        }
    };
    sender.map(|sender| Connection { sender }).map_err(|error| unreachable(error.to_string()))
}

async fn handshake<S>(stream: S) -> Result<SendRequest<Full<Bytes>>, hyper::Error>
where
    S: tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin + Send + 'static,
{
    let (sender, connection) =
        http1::Builder::new().max_buf_size(MAX_HEAD).handshake(TokioIo::new(stream)).await?;
    tokio::spawn(connection);
    Ok(sender)
}

impl Connection {
    /// Whether it would take another request, as far as this side knows.
    pub(crate) async fn is_usable(&mut self) -> bool {
        // The other side's end may lie unread: one turn of the runtime shows it.
        tokio::task::yield_now().await;
        !self.sender.is_closed() && self.sender.ready().await.is_ok()
    }

    /// Sends a request and reads the answer, of which at most `most` bytes are taken. A body is given as it is after
    /// `Content-Encoding: gzip` was undone; one that only claims to be compressed is left as it is.
    ///
    /// # Errors
    /// What is known of the request then; no other request may follow on this connection.
    pub(crate) async fn exchange(
        &mut self,
        request: Request<Full<Bytes>>,
        most: usize,
    ) -> Result<Answer, Unanswered> {
        read(self.send(request).await?, most).await
    }

    /// Sends a request and hears the head of its answer; whoever reads its body bounds it.
    ///
    /// # Errors
    /// As [`Connection::exchange`].
    pub(crate) async fn send(
        &mut self,
        request: Request<Full<Bytes>>,
    ) -> Result<Response<Incoming>, Unanswered> {
        if self.sender.ready().await.is_err() {
            return Err(Unanswered::NotSent);
        }
        let answered = self.sender.try_send_request(request).await;
        answered.map_err(|error| match error.message() {
            Some(_) => Unanswered::NotSent,
            None => Unanswered::Lost(error.error().to_string()),
        })
    }
}

async fn read(response: Response<Incoming>, most: usize) -> Result<Answer, Unanswered> {
    let (head, body) = response.into_parts();
    let body = Limited::new(body, most).collect().await.map_err(|error| {
        if error.is::<LengthLimitError>() {
            Unanswered::TooLarge(most)
        } else {
            Unanswered::Cut(error.to_string())
        }
    })?;
    let body = body.to_bytes();
    let claims = head.headers.get(CONTENT_ENCODING).is_some_and(|value| value.as_bytes() == b"gzip");
    let body = if claims && body.starts_with(&GZIP) { expand(&body, most)? } else { body.to_vec() };
    Ok(Answer { status: head.status, headers: head.headers, body })
}

/// The first bytes of what is really gzip (RFC 1952, 2.3.1).
const GZIP: [u8; 2] = [0x1f, 0x8b];

fn expand(packed: &[u8], most: usize) -> Result<Vec<u8>, Unanswered> {
    let mut plain = Vec::new();
    let limit = u64::try_from(most).unwrap_or(u64::MAX).saturating_add(1);
    flate2::read::GzDecoder::new(packed)
        .take(limit)
        .read_to_end(&mut plain)
        .map_err(|error| Unanswered::Cut(error.to_string()))?;
    if plain.len() > most { Err(Unanswered::TooLarge(most)) } else { Ok(plain) }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    #[test]
    fn what_expands_beyond_the_limit_is_not_read() {
        let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        packed.write_all(&vec![0; 1_000_000]).expect("pack");
        let packed = packed.finish().expect("pack");
        assert!(packed.len() < 10_000);
        assert!(matches!(expand(&packed, 999_999), Err(Unanswered::TooLarge(_))));
        assert_eq!(expand(&packed, 1_000_000).expect("fits").len(), 1_000_000);
        assert!(matches!(expand(&packed[..100], 1_000_000), Err(Unanswered::Cut(_))));
    }
}
