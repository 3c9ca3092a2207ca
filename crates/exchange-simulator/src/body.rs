//! Bodies of answers, also those that never end or end too early.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use hyper::body::{Body, Frame, SizeHint};
use hyper::{Response, StatusCode};
use serde_json::Value as Json;

/// A body in pieces.
pub(crate) struct Pieces {
    pieces: VecDeque<Bytes>,
    end: End,
    /// What its length is said to be.
    length: Option<u64>,
}

enum End {
    Whole,
    Cut,
    Never,
}

impl Pieces {
    pub(crate) fn whole(bytes: Vec<u8>) -> Self {
        let length = Some(bytes.len() as u64);
        Self { pieces: [Bytes::from(bytes)].into(), end: End::Whole, length }
    }

    /// The first half, and then the connection ends.
    pub(crate) fn half(bytes: &[u8]) -> Self {
        let half = bytes.get(..bytes.len() / 2).unwrap_or_default();
        let length = Some(bytes.len() as u64);
        Self { pieces: [Bytes::copy_from_slice(half)].into(), end: End::Cut, length }
    }

    pub(crate) fn endless() -> Self {
        let begin = Bytes::from_static(b"{\"value\":[{\"Name\":\"");
        Self { pieces: [begin].into(), end: End::Never, length: None }
    }
}

impl Body for Pieces {
    type Data = Bytes;
    type Error = std::io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, std::io::Error>>> {
        Poll::Ready(match (self.pieces.pop_front(), &self.end) {
            (Some(piece), _) => Some(Ok(Frame::data(piece))),
            (None, End::Whole) => None,
            (None, End::Cut) => Some(Err(std::io::Error::other("cut on demand"))),
            (None, End::Never) => Some(Ok(Frame::data(Bytes::from_static(&[b'x'; 16 * 1024])))),
        })
    }

    fn size_hint(&self) -> SizeHint {
        self.length.map_or_else(SizeHint::default, SizeHint::with_exact)
    }
}

pub(crate) type Answer = Response<Pieces>;

/// A JSON answer.
pub(crate) fn json(status: StatusCode, body: &Json) -> Answer {
    plain(status, "application/json; charset=utf-8", body.to_string().into_bytes())
}

pub(crate) fn plain(status: StatusCode, kind: &'static str, body: Vec<u8>) -> Answer {
    let mut answer = Response::new(Pieces::whole(body));
    *answer.status_mut() = status;
    header(&mut answer, "content-type", kind);
    answer
}

/// Sets a header; a value that is none is left out.
pub(crate) fn header(answer: &mut Answer, name: &'static str, value: &str) {
    if let Ok(value) = value.parse() {
        answer.headers_mut().append(name, value);
    }
}

/// What a request can come to: an answer, or the end of the connection.
pub(crate) type Answered = Result<Answer, std::io::Error>;

/// Never.
pub(crate) async fn hang() -> Infallible {
    std::future::pending().await
}
