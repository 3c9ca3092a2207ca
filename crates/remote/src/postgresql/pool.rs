//! Connections of one target: how many at one time, and those that wait for the next execution.

use std::sync::{Mutex, PoisonError};

use countersign_runspace::{Refusal, clock};
use tokio::sync::Semaphore;

use super::connect::connect;
use super::target::PostgresqlTarget;
use super::wire::Wire;
use crate::credential::Credential;

const SECOND: u64 = 1_000_000_000;
/// A connection that nobody used for so long is closed.
const IDLE: u64 = 60 * SECOND;
/// A connection is not used longer: a changed password or a removed account must not live on in it.
const AGE: u64 = 300 * SECOND;

pub(super) struct Pool {
    pub(super) target: PostgresqlTarget,
    pub(super) places: Semaphore,
    idle: Mutex<Vec<Idle>>,
    fault: Mutex<Option<String>>,
}

struct Idle {
    wire: Wire,
    made: u64,
    used: u64,
}

/// A connection in use.
pub(super) struct Taken {
    pub(super) wire: Wire,
    made: u64,
    pub(super) origin: Origin,
}

/// Whether a connection was used before; then the server may have ended it meanwhile.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Origin {
    Fresh,
    Reused,
}

impl Pool {
    pub(super) fn new(target: PostgresqlTarget) -> Self {
        let places = Semaphore::new(usize::from(target.connections.max(1)));
        Self { target, places, idle: Mutex::default(), fault: Mutex::default() }
    }

    /// One that waits, if it is still good.
    pub(super) async fn waiting(&self) -> Option<Taken> {
        loop {
            let Idle { mut wire, made, used } = self.idle().pop()?;
            let now = clock::boot_now();
            let young = now.saturating_sub(made) < AGE && now.saturating_sub(used) < IDLE;
            if young && wire.is_quiet().await {
                return Some(Taken { wire, made, origin: Origin::Reused });
            }
        }
    }

    /// A new one.
    pub(super) async fn fresh(&self, password: Option<&Credential>) -> Result<Taken, Refusal> {
        let made = connect(&self.target, password).await;
        *self.fault.lock().unwrap_or_else(PoisonError::into_inner) =
            made.as_ref().err().map(|refusal| refusal.message.clone());
        Ok(Taken { wire: made?, made: clock::boot_now(), origin: Origin::Fresh })
    }

    /// Keeps a connection that has nothing of its last execution left.
    pub(super) fn keep(&self, taken: Taken) {
        let used = clock::boot_now();
        self.idle().push(Idle { wire: taken.wire, made: taken.made, used });
    }

    /// Why the last attempt to connect failed.
    pub(super) fn fault(&self) -> Option<String> {
        self.fault.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn idle(&self) -> std::sync::MutexGuard<'_, Vec<Idle>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
