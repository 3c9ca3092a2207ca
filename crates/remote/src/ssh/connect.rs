//! Connections to one host: signed in, verified, used again for a while.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use countersign_runspace::{Refusal, clock};
use russh::client::{self, Handle};
use russh::keys::{Algorithm, PrivateKeyWithHashAlg, PublicKey, PublicKeyOrCertificate, decode_secret_key};
use russh::{Channel, client::Msg};

use super::target::SshTarget;
use crate::credential::Credential;

/// A connection takes no new command after so many nanoseconds: a key that was exchanged must not live on in it.
const AGE: u64 = 60_000_000_000;
const KEEPALIVE: Duration = Duration::from_secs(15);

/// A host and its connections, one for each account.
pub(super) struct Host {
    pub(super) target: SshTarget,
    connections: Mutex<BTreeMap<String, Open>>,
    fault: Mutex<Option<String>>,
}

struct Open {
    connection: Arc<Handle<Verifier>>,
    made: u64,
}

/// Accepts the pinned keys and no others.
pub(super) struct Verifier {
    pinned: Vec<PublicKey>,
    /// What another key was, for the refusal.
    seen: Arc<Mutex<Option<String>>>,
}

impl client::Handler for Verifier {
    type Error = russh::Error;

    async fn check_server_key(&mut self, shown: &PublicKeyOrCertificate) -> Result<bool, russh::Error> {
        // A certificate was not asked for.
        let PublicKeyOrCertificate::PublicKey { key, .. } = shown else { return Ok(false) };
        let is_pinned = self.pinned.iter().any(|pinned| pinned.key_data() == key.key_data());
        if !is_pinned {
            let print = key.fingerprint(russh::keys::HashAlg::Sha256).to_string();
            *self.seen.lock().unwrap_or_else(PoisonError::into_inner) = Some(print);
        }
        Ok(is_pinned)
    }
}

/// A channel, and the connection that must live as long.
pub(super) struct Session {
    pub(super) channel: Channel<Msg>,
    pub(super) connection: Arc<Handle<Verifier>>,
}

impl Host {
    pub(super) fn new(target: SshTarget) -> Self {
        Self { target, connections: Mutex::default(), fault: Mutex::default() }
    }

    /// A channel on a connection that is there, or on a new one. Nothing was executed yet.
    pub(super) async fn session(self: &Arc<Self>, user: &str, key: &Credential) -> Result<Session, Refusal> {
        if let Some(connection) = self.usable(user) {
            // A host that went away meanwhile, or takes no more sessions on one connection: then a new one.
            if let Ok(channel) = connection.channel_open_session().await {
                return Ok(Session { channel, connection });
            }
        }
        let made = self.connect(user, key).await;
        *self.fault.lock().unwrap_or_else(PoisonError::into_inner) =
            made.as_ref().err().map(|refusal| refusal.message.clone());
        let connection = Arc::new(made?);
        let channel = connection.channel_open_session().await.map_err(|error| unreachable(&error))?;
        self.keep(user, &connection);
        Ok(Session { channel, connection })
    }

    pub(super) fn fault(&self) -> Option<String> {
        self.fault.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn usable(&self, user: &str) -> Option<Arc<Handle<Verifier>>> {
        let mut connections = self.connections();
        let now = clock::boot_now();
        connections.retain(|_, open| now.saturating_sub(open.made) < AGE && !open.connection.is_closed());
        connections.get(user).map(|open| Arc::clone(&open.connection))
    }

    /// Keeps it for others, and lets it go when it is old: it ends with the last command on it.
    fn keep(self: &Arc<Self>, user: &str, connection: &Arc<Handle<Verifier>>) {
        let open = Open { connection: Arc::clone(connection), made: clock::boot_now() };
        self.connections().insert(user.to_owned(), open);
        let (host, user) = (Arc::downgrade(self), user.to_owned());
        tokio::spawn(async move {
            tokio::time::sleep(Duration::from_nanos(AGE)).await;
            if let Some(host) = host.upgrade() {
                host.usable(&user);
            }
        });
    }

    async fn connect(&self, user: &str, key: &Credential) -> Result<Handle<Verifier>, Refusal> {
        let key = private_key(key)?;
        let pinned: Vec<PublicKey> = self.target.host_keys.iter().map(|key| key.0.clone()).collect();
        let kinds: Vec<Algorithm> = pinned.iter().map(PublicKey::algorithm).collect();
        let preferred = russh::Preferred { key: kinds.into(), ..russh::Preferred::default() };
        let config = client::Config {
            preferred,
            keepalive_interval: Some(KEEPALIVE),
            nodelay: true,
            ..client::Config::default()
        };
        let seen = Arc::new(Mutex::new(None));
        let verifier = Verifier { pinned, seen: Arc::clone(&seen) };
        let address = (self.target.host.as_str(), self.target.port);
        let connected = client::connect(Arc::new(config), address, verifier).await;
        let mut handle = connected.map_err(|error| {
            let shown = seen.lock().unwrap_or_else(PoisonError::into_inner).take();
            match (shown, error) {
                (Some(print), _) => {
                    let message = format!("the host shows the key {print}, which is not pinned");
                    Refusal::new("target_not_verified", message)
                }
                (None, russh::Error::NoCommonAlgo { .. }) => {
                    let message =
                        "the host has no key of the pinned kinds, or no algorithm that is good enough";
                    Refusal::new("target_not_verified", message)
                }
                (None, error) => unreachable(&error),
            }
        })?;
        let answer = handle.authenticate_publickey(user, key).await.map_err(|error| unreachable(&error))?;
        if answer.success() {
            return Ok(handle);
        }
        Err(Refusal::new("target_sign_in", format!("the host does not take the key for {user}")))
    }

    fn connections(&self) -> MutexGuard<'_, BTreeMap<String, Open>> {
        self.connections.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Says nothing of what it read.
fn private_key(key: &Credential) -> Result<PrivateKeyWithHashAlg, Refusal> {
    let refused = |why: &str| Refusal::new("credential_unavailable", why);
    let text = std::str::from_utf8(key).map_err(|_| refused("the private key is not text"))?;
    let key = decode_secret_key(text, None)
        .map_err(|_| refused("not a private key in OpenSSH's form without a passphrase"))?;
    if key.algorithm().is_rsa() {
        return Err(refused("RSA keys are not supported: use Ed25519 or ECDSA"));
    }
    Ok(PrivateKeyWithHashAlg::new(Arc::new(key), None))
}

pub(super) fn unreachable(error: &russh::Error) -> Refusal {
    Refusal::new("target_unreachable", error.to_string())
}
