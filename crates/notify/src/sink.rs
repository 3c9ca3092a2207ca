//! A small SMTP receiver inside the process (RFC 5321, what a submitting client needs of it), for
//! tests and the demo. It listens on loopback, keeps what it gets, and can be told to misbehave.

mod conversation;
mod received;

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tokio::{net::TcpListener, sync::watch, task::JoinHandle};

pub use received::Received;

/// Mails kept; the oldest go first.
const KEPT: usize = 10_000;

/// A running receiver; dropped, it stops.
#[derive(Debug)]
pub struct Sink {
    address: SocketAddr,
    shared: Arc<Shared>,
    task: JoinHandle<()>,
}

/// Where in the conversation something happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum At {
    Greeting,
    Hello,
    MailFrom,
    RcptTo,
    Data,
    /// After the whole message.
    EndOfData,
}

/// How the receiver behaves from the next command on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Behavior {
    #[default]
    Accept,
    /// Answers with this line, `451 4.3.0 later`.
    Reply(At, String),
    /// Says nothing any more.
    Hang(At),
    /// Closes the connection.
    Drop(At),
    /// Keeps the message, then closes without an answer: the sender can't know.
    KeepThenDrop,
}

#[derive(Debug)]
struct Shared {
    behavior: Mutex<Behavior>,
    messages: Mutex<Vec<Received>>,
    count: watch::Sender<usize>,
}

impl Sink {
    /// Starts on a free port of 127.0.0.1.
    ///
    /// # Errors
    /// What the operating system says to listening.
    pub async fn start() -> std::io::Result<Self> {
        let listener = TcpListener::bind((std::net::Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        let shared = Arc::new(Shared {
            behavior: Mutex::default(),
            messages: Mutex::default(),
            count: watch::Sender::new(0),
        });
        let task = tokio::spawn(serve(listener, Arc::clone(&shared)));
        Ok(Self { address, shared, task })
    }

    #[must_use]
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    pub fn behave(&self, behavior: Behavior) {
        *self.shared.behavior.lock().unwrap_or_else(PoisonError::into_inner) = behavior;
    }

    /// All messages so far, in the order of their arrival.
    #[must_use]
    pub fn messages(&self) -> Vec<Received> {
        self.shared.messages.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Forgets all messages so far.
    pub fn clear(&self) {
        let mut messages = self.shared.messages.lock().unwrap_or_else(PoisonError::into_inner);
        messages.clear();
        self.shared.count.send_replace(0);
    }

    /// Waits until there are at least `count` messages, and returns all; `None` when `within` is over.
    pub async fn wait_for(&self, count: usize, within: Duration) -> Option<Vec<Received>> {
        let mut counts = self.shared.count.subscribe();
        let waiting = counts.wait_for(|now| *now >= count);
        tokio::time::timeout(within, waiting).await.ok()?.ok()?;
        Some(self.messages())
    }
}

impl Drop for Sink {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Shared {
    fn behavior(&self) -> Behavior {
        self.behavior.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn keep(&self, message: Received) {
        let mut messages = self.messages.lock().unwrap_or_else(PoisonError::into_inner);
        if messages.len() >= KEPT {
            messages.remove(0);
        }
        messages.push(message);
        self.count.send_replace(messages.len());
    }
}

async fn serve(listener: TcpListener, shared: Arc<Shared>) {
    // Conversations end with the receiver.
    let mut conversations = tokio::task::JoinSet::new();
    loop {
        let Ok((stream, _)) = listener.accept().await else { return };
        while conversations.try_join_next().is_some() {}
        conversations.spawn(conversation::hold(stream, Arc::clone(&shared)));
    }
}
