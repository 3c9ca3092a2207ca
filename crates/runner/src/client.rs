//! The server's half of the socket.
//!
//! A client is one connection. When it is lost, the runner kills what runs; connecting again, and what to make of
//! executions whose end nobody tells, is the engine's matter.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use countersign_runspace::{Event, ExecutionId, StopReason, WorkOrder};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::UnixStream;
use tokio::net::unix::{OwnedReadHalf, OwnedWriteHalf};
use tokio::sync::{mpsc, oneshot, watch};

use crate::protocol::{self, FrameError, FromRunner, Hello, RunnerHealth, ToRunner, VERSION};

/// A connection to the runner. Cheap to clone; it closes when the last clone is dropped.
#[derive(Clone)]
pub struct RunnerClient {
    frames: mpsc::Sender<ToRunner>,
    shared: Arc<Mutex<Shared>>,
    lost: watch::Receiver<bool>,
}

/// What a connection begins with.
pub struct Connected {
    pub client: RunnerClient,
    pub hello: Hello,
    /// Ends of executions that this connection did not start: what an earlier one did not acknowledge.
    pub earlier: mpsc::UnboundedReceiver<(ExecutionId, Event)>,
}

/// The events of one execution.
pub struct Events {
    receiver: mpsc::UnboundedReceiver<Event>,
}

/// Why a client can't do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    #[error("the runner can't be reached: {0}")]
    Unreachable(#[from] io::Error),
    #[error("the runner refuses this server: {message} ({code})")]
    Refused { code: String, message: String },
    #[error(transparent)]
    Frame(FrameError),
    #[error("the connection to the runner is lost")]
    Lost,
    #[error("an execution of this id is already listened to")]
    Listening,
}

#[derive(Default)]
struct Shared {
    listeners: BTreeMap<ExecutionId, mpsc::UnboundedSender<Event>>,
    health: Vec<oneshot::Sender<RunnerHealth>>,
    closed: bool,
}

impl RunnerClient {
    /// Connects and says hello. `digest` is the SHA-256 of the server's binary.
    ///
    /// # Errors
    /// If nobody listens, or the runner does not serve this user or version.
    pub async fn connect(socket: &Path, digest: &str) -> Result<Connected, ClientError> {
        let (mut read, mut write) = UnixStream::connect(socket).await?.into_split();
        let hello = ToRunner::Hello { version: VERSION, digest: digest.to_owned() };
        // A runner that refuses has closed its half and its reason is still to be read.
        let said = write.write_all(&protocol::encode(&hello).map_err(ClientError::Frame)?).await;
        let hello = match receive(&mut read).await {
            Ok(Some(FromRunner::Hello(hello))) => hello,
            Ok(Some(FromRunner::Refused { code, message })) => {
                return Err(ClientError::Refused { code, message });
            }
            Ok(Some(_) | None) => return Err(said.map_or_else(ClientError::from, |()| ClientError::Lost)),
            Err(error) => return Err(ClientError::Frame(error)),
        };
        let shared = Arc::new(Mutex::new(Shared::default()));
        let (frames, outgoing) = mpsc::channel(64);
        let (earlier_sender, earlier) = mpsc::unbounded_channel();
        let (lost_sender, lost) = watch::channel(false);
        tokio::spawn(write_frames(outgoing, write));
        let reading = Arc::clone(&shared);
        tokio::spawn(async move {
            read_frames(read, &reading, &earlier_sender).await;
            let mut shared = lock(&reading);
            shared.closed = true;
            shared.listeners.clear();
            shared.health.clear();
            drop(shared);
            let _ = lost_sender.send(true);
        });
        Ok(Connected { client: Self { frames, shared, lost }, hello, earlier })
    }

    /// Hands over a work order. The events end with a refusal or a result; if they end without, the connection was
    /// lost and the outcome is not known yet.
    ///
    /// # Errors
    /// If the connection is lost (the runner may or may not have the order), or the order is too large to send
    /// (nothing was sent).
    pub async fn start(&self, order: WorkOrder) -> Result<Events, ClientError> {
        let frame = ToRunner::Start(Box::new(order));
        protocol::encode(&frame).map_err(ClientError::Frame)?;
        let ToRunner::Start(order) = &frame else { return Err(ClientError::Lost) };
        let (sender, receiver) = mpsc::unbounded_channel();
        {
            let mut shared = lock(&self.shared);
            if shared.closed {
                return Err(ClientError::Lost);
            }
            if shared.listeners.contains_key(&order.execution) {
                return Err(ClientError::Listening);
            }
            shared.listeners.insert(order.execution.clone(), sender);
        }
        self.send(frame).await?;
        Ok(Events { receiver })
    }

    /// Asks for an execution to be stopped; its result tells whether it was.
    ///
    /// # Errors
    /// If the connection is lost.
    pub async fn stop(&self, execution: ExecutionId, reason: StopReason) -> Result<(), ClientError> {
        self.send(ToRunner::Stop { execution, reason }).await
    }

    /// Lets an execution run until this instant of the boot clock, if that is later than what it has.
    ///
    /// # Errors
    /// If the connection is lost.
    pub async fn extend(&self, execution: ExecutionId, deadline: u64) -> Result<(), ClientError> {
        self.send(ToRunner::Extend { execution, deadline }).await
    }

    /// Tells the runner that an execution's end is durable here.
    ///
    /// # Errors
    /// If the connection is lost; the runner will tell the end again.
    pub async fn acknowledge(&self, execution: ExecutionId) -> Result<(), ClientError> {
        self.send(ToRunner::Acknowledge { execution }).await
    }

    /// The runner's state.
    ///
    /// # Errors
    /// If the connection is lost.
    pub async fn health(&self) -> Result<RunnerHealth, ClientError> {
        let (sender, receiver) = oneshot::channel();
        {
            let mut shared = lock(&self.shared);
            if shared.closed {
                return Err(ClientError::Lost);
            }
            shared.health.push(sender);
        }
        self.send(ToRunner::Health {}).await?;
        receiver.await.map_err(|_| ClientError::Lost)
    }

    /// Returns when the connection is lost.
    pub async fn lost(&self) {
        let mut lost = self.lost.clone();
        let _ = lost.wait_for(|lost| *lost).await;
    }

    async fn send(&self, frame: ToRunner) -> Result<(), ClientError> {
        self.frames.send(frame).await.map_err(|_| ClientError::Lost)
    }
}

impl Events {
    /// The next event; `None` after the last, or when the connection was lost.
    pub async fn next(&mut self) -> Option<Event> {
        self.receiver.recv().await
    }
}

async fn write_frames(mut frames: mpsc::Receiver<ToRunner>, mut write: OwnedWriteHalf) {
    while let Some(frame) = frames.recv().await {
        let Ok(bytes) = protocol::encode(&frame) else { continue };
        if write.write_all(&bytes).await.is_err() {
            return;
        }
    }
}

async fn read_frames(
    mut read: OwnedReadHalf,
    shared: &Mutex<Shared>,
    earlier: &mpsc::UnboundedSender<(ExecutionId, Event)>,
) {
    while let Ok(Some(frame)) = receive(&mut read).await {
        match frame {
            FromRunner::Execution { execution, event } => {
                let last = matches!(event, Event::Finished(_) | Event::Refused(_));
                let mut shared = lock(shared);
                match shared.listeners.get(&execution) {
                    Some(listener) => {
                        let _ = listener.send(event);
                    }
                    None => {
                        let _ = earlier.send((execution.clone(), event));
                    }
                }
                if last {
                    shared.listeners.remove(&execution);
                }
            }
            FromRunner::Health(health) => {
                let mut shared = lock(shared);
                if !shared.health.is_empty() {
                    let _ = shared.health.remove(0).send(*health);
                }
            }
            FromRunner::Hello(_) | FromRunner::Refused { .. } => return,
        }
    }
}

async fn receive(read: &mut OwnedReadHalf) -> Result<Option<FromRunner>, FrameError> {
    let mut head = [0; 4];
    match read.read_exact(&mut head).await {
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
        other => other?,
    };
    let mut bytes = vec![0; protocol::length(head)?];
    read.read_exact(&mut bytes).await?;
    protocol::decode(&bytes).map(Some)
}

fn lock(shared: &Mutex<Shared>) -> MutexGuard<'_, Shared> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}
