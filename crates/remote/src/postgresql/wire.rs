//! The messages of a connection, one after the other.
//!
//! Protocol: <https://www.postgresql.org/docs/current/protocol.html>, version 3.0.

use bytes::BytesMut;
use fallible_iterator::FallibleIterator as _;
use postgres_protocol::message::backend::{Header, Message};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};

/// The largest message taken: a row, an error. Anything larger ends the connection before it is read.
const MAX_MESSAGE: usize = 16 * 1024 * 1024;
/// Notices kept of one execution.
const MAX_NOTICES: usize = 100;

/// A connection's bytes, encrypted or not.
pub(super) trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}

/// A connection.
pub(super) struct Wire {
    stream: Box<dyn Stream>,
    input: BytesMut,
    pub(super) output: BytesMut,
    /// For a CancelRequest.
    pub(super) key: Option<(i32, i32)>,
    /// The server's major version, where it says one.
    pub(super) major: u32,
    pub(super) notices: Vec<ServerSaid>,
}

/// An error or a notice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ServerSaid {
    pub(super) severity: String,
    /// Five characters (appendix A of PostgreSQL's documentation).
    pub(super) sqlstate: String,
    pub(super) message: String,
    pub(super) hint: Option<String>,
}

impl ServerSaid {
    /// The connection ends after it, and what the server was doing may be done.
    pub(super) fn is_fatal(&self) -> bool {
        self.severity != "ERROR"
    }
}

/// What can be wrong with a connection.
#[derive(Debug, thiserror::Error)]
pub(super) enum WireError {
    #[error("the connection broke: {0}")]
    Io(#[from] std::io::Error),
    #[error("the server ended the connection")]
    Closed,
    #[error("the server announced a message of {0} bytes; at most 16 MiB are taken")]
    TooLarge(usize),
    #[error("the server said {0}, which was not expected")]
    Unexpected(&'static str),
    #[error("{} {}: {}", .0.severity, .0.sqlstate, .0.message)]
    Server(ServerSaid),
}

impl Wire {
    pub(super) fn new(stream: Box<dyn Stream>) -> Self {
        let (input, output) = (BytesMut::new(), BytesMut::new());
        Self { stream, input, output, key: None, major: 0, notices: Vec::new() }
    }

    /// Sends what was put into `output`. Not to be given up halfway.
    pub(super) async fn flush(&mut self) -> Result<(), WireError> {
        self.stream.write_all(&self.output).await?;
        self.stream.flush().await?;
        self.output.clear();
        Ok(())
    }

    /// The next message that is not about the connection itself. An error is an `Err`. May be given up and called again.
    pub(super) async fn next(&mut self) -> Result<Message, WireError> {
        loop {
            match self.parse()? {
                Some(Message::ErrorResponse(body)) => return Err(WireError::Server(said(body.fields()))),
                Some(Message::NoticeResponse(body)) => {
                    if self.notices.len() < MAX_NOTICES {
                        self.notices.push(said(body.fields()));
                    }
                }
                Some(Message::ParameterStatus(body)) => {
                    if body.name()? == "server_version" {
                        let digits = body.value()?.split(|c: char| !c.is_ascii_digit()).next();
                        self.major = digits.and_then(|digits| digits.parse().ok()).unwrap_or(0);
                    }
                }
                Some(Message::NotificationResponse(_)) => {}
                Some(message) => return Ok(message),
                None => {
                    if self.stream.read_buf(&mut self.input).await? == 0 {
                        return Err(WireError::Closed);
                    }
                }
            }
        }
    }

    fn parse(&mut self) -> Result<Option<Message>, WireError> {
        if let Some(header) = Header::parse(&self.input)? {
            let length = usize::try_from(header.len()).unwrap_or(usize::MAX);
            if length > MAX_MESSAGE {
                return Err(WireError::TooLarge(length));
            }
        }
        Ok(Message::parse(&mut self.input)?)
    }

    /// Reads on to ReadyForQuery.
    pub(super) async fn until_ready(&mut self) -> Result<(), WireError> {
        loop {
            if let Message::ReadyForQuery(_) = self.next().await? {
                return Ok(());
            }
        }
    }

    /// Whether nothing was said meanwhile: a server that goes away, or ended the session, says so.
    pub(super) async fn is_quiet(&mut self) -> bool {
        if !self.input.is_empty() {
            return false;
        }
        let read = self.stream.read_buf(&mut self.input);
        tokio::time::timeout(std::time::Duration::ZERO, read).await.is_err()
    }
}

fn said(mut fields: postgres_protocol::message::backend::ErrorFields<'_>) -> ServerSaid {
    let mut said = ServerSaid {
        severity: "ERROR".to_owned(),
        sqlstate: "XX000".to_owned(),
        message: String::new(),
        hint: None,
    };
    let mut localized = None;
    while let Ok(Some(field)) = fields.next() {
        let text = String::from_utf8_lossy(field.value_bytes()).into_owned();
        match field.type_() {
            // `V` is never translated, and is not sent before version 9.6.
            b'V' => said.severity = text,
            b'S' => localized = Some(text),
            b'C' => said.sqlstate = text,
            b'M' => said.message = text,
            b'H' => said.hint = Some(text),
            // Detail, context and query may hold values.
            _ => {}
        }
    }
    if said.severity == "ERROR"
        && let Some(severity) = localized.filter(|word| word == "FATAL" || word == "PANIC")
    {
        said.severity = severity;
    }
    said
}
