//! One server's connection: who it is, what it asks, and that everything ends when it does.

use std::collections::BTreeMap;
use std::os::unix::net::UnixStream;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use countersign_runspace::{Event, Refusal, Runspace, Sink as _, WorkOrder};

use crate::deliver::{Deliveries, Room, ToServer};
use crate::protocol::{self, FrameError, FromRunner, Hello, RunnerHealth, Separation, ToRunner, VERSION};
use crate::seen::{First, Seen};

/// A peer that is let in says hello at once.
const HELLO_TIME: Duration = Duration::from_secs(10);
/// A server that reads nothing for so long is taken for gone.
const WRITE_TIME: Duration = Duration::from_secs(10);

/// What all connections share.
pub(crate) struct Runner {
    /// By the word that stands in a definition.
    pub(crate) runspaces: BTreeMap<&'static str, Box<dyn Runspace>>,
    pub(crate) seen: Mutex<Seen>,
    pub(crate) deliveries: Arc<Deliveries>,
    pub(crate) digest: String,
    pub(crate) separation: Separation,
    pub(crate) health: RunnerHealth,
}

impl Runner {
    /// Serves a connection to its end. The peer's user was checked.
    pub(crate) fn serve(&self, mut stream: UnixStream) {
        if let Err(error) = self.converse(&mut stream) {
            let code = match &error {
                FrameError::TooLarge(_) => "frame_too_large",
                FrameError::Malformed(_) => "frame_malformed",
                FrameError::Io(_) => "connection_lost",
            };
            refuse(&mut stream, code, &error.to_string());
        }
        self.deliveries.detach();
    }

    fn converse(&self, stream: &mut UnixStream) -> Result<(), FrameError> {
        stream.set_read_timeout(Some(HELLO_TIME))?;
        stream.set_write_timeout(Some(WRITE_TIME))?;
        match protocol::read(stream)? {
            Some(ToRunner::Hello { version: VERSION, .. }) => {}
            Some(ToRunner::Hello { version, .. }) => {
                let message = format!("the server speaks version {version}, the runner {VERSION}");
                refuse(stream, "version_mismatch", &message);
                return Ok(());
            }
            Some(_) => {
                refuse(stream, "hello_expected", "the first frame must be hello");
                return Ok(());
            }
            None => return Ok(()),
        }
        stream.set_read_timeout(None)?;
        let hello = Hello {
            version: VERSION,
            digest: self.digest.clone(),
            separation: self.separation,
            ending: self.deliveries.running(),
        };
        protocol::write(stream, &FromRunner::Hello(hello))?;
        self.deliveries.attach(stream.try_clone()?);
        while let Some(frame) = protocol::read(stream)? {
            match frame {
                ToRunner::Start(order) => self.start(*order),
                ToRunner::Stop { execution, reason } => self.deliveries.stop(&execution, reason),
                ToRunner::Extend { execution, deadline } => self.deliveries.extend(&execution, deadline),
                ToRunner::Acknowledge { execution } => self.deliveries.acknowledge(&execution),
                ToRunner::Health {} => self.deliveries.send(&FromRunner::Health(Box::new(self.health()))),
                ToRunner::Hello { .. } => {
                    return Err(FrameError::Malformed("hello was said before".to_owned()));
                }
            }
        }
        Ok(())
    }

    fn start(&self, order: WorkOrder) {
        let execution = order.execution.clone();
        let refusal = match self.admit(&order) {
            Ok(runspace) => {
                let sink = Arc::new(ToServer(Arc::clone(&self.deliveries)));
                match runspace.start(order, sink) {
                    Ok(running) => return self.deliveries.keep(&execution, running),
                    Err(refusal) => refusal,
                }
            }
            Err(Admission::Refused(refusal)) => refusal,
            // The first order of this id may still run or have ended: its own events must not be overwritten.
            Err(Admission::Again(refusal)) => {
                let event = Event::Refused(refusal);
                return self.deliveries.send(&FromRunner::Execution { execution, event });
            }
        };
        ToServer(Arc::clone(&self.deliveries)).event(&execution, Event::Refused(refusal));
    }

    fn admit(&self, order: &WorkOrder) -> Result<&dyn Runspace, Admission> {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let again =
            || Admission::Again(Refusal::new("duplicate_execution", "this execution was begun before"));
        if seen.contains(&order.execution) {
            return Err(again());
        }
        let executor = order.definition.executor();
        let runspace = self.runspaces.get(executor).ok_or_else(|| {
            let message = format!("this runner has no executor {executor}");
            Admission::Refused(Refusal::new("executor_unknown", message))
        })?;
        order.judge_purpose().map_err(Admission::Refused)?;
        runspace.preflight(order).map_err(Admission::Refused)?;
        if self.deliveries.reserve(&order.execution) == Room::Full {
            return Err(Admission::Refused(Refusal::new(
                "runner_full",
                "too many executions run or wait to be heard",
            )));
        }
        match seen.insert(order) {
            Ok(First::Yes) => Ok(runspace.as_ref()),
            Ok(First::No) => Err(again()),
            Err(error) => {
                let message = format!("the list of executions can't be written: {error}");
                Err(Admission::Refused(Refusal::new("runner_state_unwritable", message)))
            }
        }
    }

    fn health(&self) -> RunnerHealth {
        RunnerHealth {
            running: self.deliveries.running(),
            unacknowledged: self.deliveries.unacknowledged() as u64,
            runspaces: self.runspaces.values().map(|runspace| runspace.health()).collect(),
            ..self.health.clone()
        }
    }
}

enum Admission {
    Refused(Refusal),
    Again(Refusal),
}

/// Tells a peer why it is not served; it may be gone already.
pub(crate) fn refuse(stream: &mut UnixStream, code: &str, message: &str) {
    let _ = stream.set_write_timeout(Some(Duration::from_secs(1)));
    let refused = FromRunner::Refused { code: code.to_owned(), message: message.to_owned() };
    let _ = protocol::write(stream, &refused);
}
