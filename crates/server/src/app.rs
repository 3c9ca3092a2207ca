//! What every route has at hand.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::http::StatusCode;
use countersign_core::actor::Principal;
use countersign_core::command::Command;
use countersign_core::decide::Reply;
use countersign_core::id::PersonId;
use countersign_core::state::State;
use countersign_core::time::Instant;
use countersign_engine::{EngineHandle, OsRandomness, Randomness, Receipt, Submission};
use countersign_identity::keyed::Key;
use countersign_identity::password::{Cost, HashFault, Hasher};
use countersign_identity::session::{Cookie, Limits, Transport};
use countersign_identity::throttle::Throttle;
use countersign_notify::PublicUrl;
use countersign_store::{Ops, Reader};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, SemaphorePermit};

use crate::client_address::TrustedProxies;
use crate::metrics::Metrics;
use crate::problem::{Problem, Result};
use crate::see::grant::Grants;
use crate::shares::Shares;
use crate::sign_in::failures::Failures;
use crate::web::Web;

/// Password checks at the same time; each takes 19 MiB.
const CHECKS: usize = 4;
/// Files that are taken in at the same time, of everybody and of one person; each may take 64 MiB.
const UPLOADS: usize = 4;
const UPLOADS_EACH: usize = 2;
/// Answers without an end in sight that one person may have: changes, outputs, exports.
const STREAMS_EACH: usize = 32;
/// Entries of each of the throttle's tables.
const THROTTLED: usize = 50_000;

/// How the server presents itself, and whom it believes.
#[derive(Debug, Clone)]
pub struct Options {
    /// Where people reach it. Links come from here and never from what a request says.
    pub public_url: Option<PublicUrl>,
    /// The address it listens on.
    pub listen: SocketAddr,
    /// Whether browsers reach it by HTTPS, by its own TLS or a trusted proxy's.
    pub transport: Transport,
    /// Proxies whose word on the client's address is taken.
    pub trusted_proxies: TrustedProxies,
    /// How long sessions live.
    pub sessions: Limits,
    /// What a password hash costs.
    pub cost: Cost,
    /// Shown on every page: what is wrong with how this server runs, such as one user for runner and server.
    pub notices: Vec<Notice>,
    /// The admin center.
    pub web: Web,
}

/// A line that stands above everything until its cause is gone.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, schemars::JsonSchema)]
pub struct Notice {
    /// A stable word.
    pub code: String,
    /// What it means.
    pub text: String,
}

impl Options {
    /// A server on this address: plain HTTP, no proxies, no public address, the admin center that it was built with.
    #[must_use]
    pub fn new(listen: SocketAddr) -> Self {
        Self {
            public_url: None,
            listen,
            transport: Transport::LoopbackHttp,
            trusted_proxies: TrustedProxies::default(),
            sessions: Limits::default(),
            cost: Cost::default(),
            notices: Vec::new(),
            web: Web::built_in(),
        }
    }
}

/// The running server's parts; clones share them.
#[derive(Clone)]
pub struct App(Arc<Parts>);

struct Parts {
    engine: EngineHandle,
    options: Options,
    key: Key,
    hasher: Hasher,
    checks: Semaphore,
    throttle: Mutex<Throttle>,
    failures: Mutex<Failures>,
    grants: Mutex<Grants>,
    metrics: Metrics,
    recovery: tokio::sync::Mutex<()>,
    uploads: Semaphore,
    uploads_each: Shares<PersonId>,
    streams: Shares<PersonId>,
}

impl App {
    /// Puts the parts together.
    ///
    /// # Errors
    /// When the cost of password hashes is out of bounds.
    pub fn new(engine: EngineHandle, options: Options) -> std::result::Result<Self, HashFault> {
        let hasher = Hasher::new(options.cost)?;
        let key = Key::new(*engine.credential_key());
        Ok(Self(Arc::new(Parts {
            engine,
            options,
            key,
            hasher,
            checks: Semaphore::new(CHECKS),
            throttle: Mutex::new(Throttle::new(THROTTLED)),
            failures: Mutex::new(Failures::default()),
            grants: Mutex::new(Grants::default()),
            metrics: Metrics::default(),
            recovery: tokio::sync::Mutex::new(()),
            uploads: Semaphore::new(UPLOADS),
            uploads_each: Shares::new(UPLOADS_EACH),
            streams: Shares::new(STREAMS_EACH),
        })))
    }

    pub(crate) fn engine(&self) -> &EngineHandle {
        &self.0.engine
    }

    pub(crate) fn options(&self) -> &Options {
        &self.0.options
    }

    pub(crate) fn key(&self) -> &Key {
        &self.0.key
    }

    pub(crate) fn hasher(&self) -> &Hasher {
        &self.0.hasher
    }

    pub(crate) fn checks(&self) -> &Semaphore {
        &self.0.checks
    }

    pub(crate) fn cookie(&self) -> Cookie {
        Cookie(self.0.options.transport)
    }

    pub(crate) fn metrics(&self) -> &Metrics {
        &self.0.metrics
    }

    /// Held while a recovery code is looked up and taken, so that it counts once.
    pub(crate) fn recovery(&self) -> &tokio::sync::Mutex<()> {
        &self.0.recovery
    }

    /// Waits for room to take a file of this person's in; to be held until it is kept.
    pub(crate) async fn uploads(
        &self,
        person: PersonId,
    ) -> Result<(OwnedSemaphorePermit, SemaphorePermit<'_>)> {
        let own = self.0.uploads_each.wait(person).await.map_err(Problem::internal)?;
        Ok((own, self.0.uploads.acquire().await.map_err(Problem::internal)?))
    }

    /// A stream of this person's, to be held until it ends.
    pub(crate) fn stream(&self, person: PersonId) -> Result<OwnedSemaphorePermit> {
        let streams = &self.0.streams;
        streams.take(person).ok_or_else(|| {
            let detail = format!("You have {} streams open already; close one first.", streams.most());
            Problem::new(StatusCode::TOO_MANY_REQUESTS, "limit_reached", detail)
        })
    }

    pub(crate) fn throttle(&self) -> MutexGuard<'_, Throttle> {
        self.0.throttle.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn failures(&self) -> MutexGuard<'_, Failures> {
        self.0.failures.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn grants(&self) -> MutexGuard<'_, Grants> {
        self.0.grants.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn state(&self) -> Arc<State> {
        self.0.engine.state()
    }

    pub(crate) fn now(&self) -> Instant {
        self.0.engine.now()
    }

    /// Fresh random bytes.
    pub(crate) fn seed(&self) -> Result<[u8; 32]> {
        OsRandomness.seed().map_err(Problem::internal)
    }

    /// Sends a command and waits until it is durable.
    pub(crate) async fn submit(&self, submission: Submission) -> Result<Receipt> {
        Ok(self.0.engine.submit(submission).await?)
    }

    /// The same, where a refusal is a problem and only the reply matters.
    pub(crate) async fn carry_out(&self, principal: Principal, command: Command) -> Result<Reply> {
        Ok(self.submit(Submission::new(principal, command)).await?.reply?)
    }

    /// Reads the store on a thread that may block.
    pub(crate) async fn read<T: Send + 'static>(
        &self,
        read: impl FnOnce(&dyn Reader) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let reader = self.0.engine.reader();
        tokio::task::spawn_blocking(move || read(&*reader)).await.map_err(Problem::internal)?
    }

    /// Reads or writes the operational tables on a thread that may block.
    pub(crate) async fn ops<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Ops) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let ops = self.0.engine.ops();
        tokio::task::spawn_blocking(move || work(&ops)).await.map_err(Problem::internal)?
    }
}
