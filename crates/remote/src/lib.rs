//! Executors whose target is elsewhere: databases, hosts, services.
//!
//! A definition names a target; which address, authority, account and credential that is, only the host file says. Each
//! executor has a folder: how it connects, how values reach the target, how it stops, and what it can't know.

pub mod credential;
pub mod exchange;
#[doc(hidden)]
pub mod fuzzing;
pub mod http;
pub mod postgresql;
pub mod ssh;

mod https;
mod output;
mod redact;
mod table;
mod tls;
mod work;

use std::collections::BTreeMap;
use std::sync::Arc;

use countersign_runspace::{Runspace, TargetName};
use credential::Credentials;
pub use credential::{CredentialReference, KvStore, VaultFile, vault};
pub use exchange::ExchangeTarget;
pub use http::HttpTarget;
pub use postgresql::PostgresqlTarget;
pub use ssh::SshTarget;
use tokio::runtime::Runtime;

/// What the host file says of targets. What is not listed does not exist.
#[derive(Debug, Clone, Default)]
pub struct Targets {
    pub credentials: BTreeMap<TargetName, CredentialReference>,
    /// Key-value stores that credentials lie in.
    pub kv: BTreeMap<TargetName, KvStore>,
    /// The runner's own vault.
    pub vault: Option<VaultFile>,
    pub postgresql: BTreeMap<TargetName, PostgresqlTarget>,
    pub ssh: BTreeMap<TargetName, SshTarget>,
    pub http: BTreeMap<TargetName, HttpTarget>,
    pub exchange: BTreeMap<TargetName, ExchangeTarget>,
}

/// The executors of this crate. They share one runtime of few threads, which lives as long as any of them.
///
/// # Errors
/// If threads can't be had.
pub fn runspaces(targets: Targets) -> std::io::Result<Vec<Box<dyn Runspace>>> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .thread_name("remote")
        .enable_all()
        .build()?;
    let runtime = Arc::new(Shared(Some(runtime)));
    let credentials = Arc::new(Credentials::new(targets.credentials, targets.kv, targets.vault));
    let shared = || (Arc::clone(&runtime), Arc::clone(&credentials));
    Ok(vec![
        Box::new(postgresql::PostgresqlRunspace::new(shared(), targets.postgresql)),
        Box::new(ssh::SshRunspace::new(shared(), targets.ssh)),
        Box::new(http::HttpRunspace::new(shared(), targets.http)),
        Box::new(exchange::ExchangeRunspace::new(shared(), targets.exchange)),
    ])
}

/// A runtime that ends without waiting for what still runs on it.
struct Shared(Option<Runtime>);

impl Shared {
    fn handle(&self) -> Option<&tokio::runtime::Handle> {
        self.0.as_ref().map(Runtime::handle)
    }
}

impl Drop for Shared {
    fn drop(&mut self) {
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}
