//! Answers that are made while they are sent.

use std::pin::Pin;
use std::task::{Context, Poll};

use futures_core::Stream;
use tokio::sync::mpsc;

/// A channel's receiving end as a stream. When the client goes away it is dropped, and sending fails.
#[derive(Debug)]
pub(crate) struct Receiving<T>(pub(crate) mpsc::Receiver<T>);

impl<T> Stream for Receiving<T> {
    type Item = T;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<T>> {
        self.0.poll_recv(context)
    }
}
