//! A simulator of Exchange Online's cmdlet endpoint: a small tenant, tokens for a certificate or a machine's identity, and
//! faults on demand, on loopback only.
//!
//! It answers as other implementations report that the service does. It is no tenant, and nothing of Countersign ran against
//! a tenant yet.

mod authority;
mod body;
mod cmdlets;
mod decode;
mod der;
mod fault;
mod identity;
mod invoke;
mod random;
mod serve;
mod state;
mod tenant;
mod token;

use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

pub use fault::Fault;
use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject as _;
use serde_json::{Map, Value as Json};
pub use state::AuditRecord;
use state::State;
use tokio::runtime::Runtime;

/// The certificate and key of the application that the simulator knows. They are public: they are good for nothing else.
pub const APPLICATION: &str = include_str!("../testdata/application.pem");

/// How the simulated tenant is.
#[derive(Debug, Clone)]
pub struct Options {
    /// Port of loopback; 0 for a free one.
    pub port: u16,
    /// The same for the identity services.
    pub identity_port: u16,
    /// The tenant's id.
    pub tenant: String,
    /// The application's id.
    pub application: String,
    /// The application's certificate, DER.
    pub certificate: Vec<u8>,
    /// Whether assertions may be signed with RS256.
    pub takes_rs256: bool,
    /// How long a token is good for.
    pub token_life: Duration,
    /// What the App Service's identity endpoint wants to see.
    pub identity_header: String,
    /// The first label of the host that the tenant is served by; absent: the cloud's own host.
    pub region: Option<String>,
    /// Cmdlets that the application's role group has; absent: all that are simulated.
    pub role_group: Option<Vec<String>>,
    /// Mailboxes beside those of the few people, so that there are pages of them.
    pub crowd: u32,
}

impl Options {
    /// A tenant and an application as in the documentation.
    ///
    /// # Errors
    /// If the shipped certificate can't be read.
    pub fn new() -> io::Result<Self> {
        let certificate = CertificateDer::from_pem_slice(APPLICATION.as_bytes()).map_err(io::Error::other)?;
        Ok(Self {
            port: 0,
            identity_port: 0,
            tenant: "6f9619ff-8b86-d011-b42d-00c04fc964ff".to_owned(),
            application: "0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d".to_owned(),
            certificate: certificate.to_vec(),
            takes_rs256: false,
            token_life: Duration::from_secs(3599),
            identity_header: "simulated-identity-header".to_owned(),
            region: None,
            role_group: None,
            crowd: 0,
        })
    }
}

/// A simulator that runs until it is dropped.
pub struct Simulator {
    /// Where all hosts of the tenant are, with TLS.
    pub port: u16,
    /// Where the identity services are, without.
    pub identity_port: u16,
    /// The authority that every certificate is of, PEM.
    pub authority: String,
    state: Arc<Mutex<State>>,
    _runtime: Runtime,
}

impl Simulator {
    /// Starts it on threads of its own.
    ///
    /// # Errors
    /// If ports, threads or randomness can't be had.
    pub fn start(options: Options) -> io::Result<Self> {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
        let authority = authority::make()?;
        let state = Arc::new(Mutex::new(State { tenant: tenant::seed(options.crowd), ..State::default() }));
        let (pem, shared) = (authority.pem.clone(), Arc::clone(&state));
        let ports = runtime.block_on(serve::begin(options, authority, shared))?;
        Ok(Self { port: ports.0, identity_port: ports.1, authority: pem, state, _runtime: runtime })
    }

    /// Something is to go wrong. Faults are taken in the order given.
    pub fn fault(&self, fault: Fault) {
        self.state().faults.push_back(fault);
    }

    /// What ran.
    #[must_use]
    pub fn audit(&self) -> Vec<AuditRecord> {
        self.state().audit.clone()
    }

    /// How many requests reached the cmdlet endpoint.
    #[must_use]
    pub fn asked(&self) -> u64 {
        self.state().asked
    }

    /// Objects of one kind, such as `Mailbox`.
    #[must_use]
    pub fn objects(&self, noun: &str) -> Vec<Map<String, Json>> {
        self.state().tenant.all(noun)
    }

    /// No token that was given is good any more.
    pub fn forget_tokens(&self) {
        self.state().tokens.clear();
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
