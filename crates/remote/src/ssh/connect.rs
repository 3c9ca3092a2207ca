//! Connections to hosts: verified, signed in, and with a key of ours used again for a while.

use std::collections::BTreeMap;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use countersign_runspace::{Refusal, TargetName, WorkOrder, clock};
use russh::client::{self, AuthResult, Handle, Msg};
use russh::keys::{PrivateKey, PrivateKeyWithHashAlg, PublicKeyOrCertificate, decode_secret_key};
use russh::{Channel, ChannelStream};

use super::target::{CommandRule, SignIn, SshTarget};
use super::way::Ready;
use super::{certificate, host_key};
use crate::credential::Credential;

/// A connection takes no new command after so many nanoseconds: a key that was exchanged must not live on in it.
const AGE: u64 = 60_000_000_000;
const KEEPALIVE: Duration = Duration::from_secs(15);

/// A host and its connections, one for each account.
pub(super) struct Host {
    pub(super) name: TargetName,
    pub(super) target: SshTarget,
    connections: Mutex<BTreeMap<String, Open>>,
    fault: Mutex<Option<String>>,
}

struct Open {
    connection: Arc<Connection>,
    made: u64,
}

/// A connection, and those through which it passes.
pub(super) struct Connection {
    handle: Handle<Verifier>,
    _through: Option<Arc<Self>>,
}

/// For what a host is signed in to.
#[derive(Clone, Copy)]
pub(super) enum Errand<'a> {
    /// To execute this.
    Command(&'a str),
    /// To end what was executed, by this command.
    End(&'a str),
    /// To reach another host through it.
    Pass,
}

/// One sign-in: as whom, for what, for which execution.
#[derive(Clone, Copy)]
pub(super) struct Visit<'a> {
    pub(super) user: &'a str,
    pub(super) errand: Errand<'a>,
    pub(super) order: &'a WorkOrder,
}

/// Accepts what the host file says and nothing else.
pub(super) struct Verifier {
    target: SshTarget,
    /// What was wrong, for the refusal.
    fault: Arc<Mutex<Option<String>>>,
}

impl client::Handler for Verifier {
    type Error = russh::Error;

    async fn check_server_key(&mut self, shown: &PublicKeyOrCertificate) -> Result<bool, russh::Error> {
        let now = clock::wall_seconds();
        let judged = host_key::judge(&self.target.host_keys, &self.target.known_as, shown, now);
        let is_host = judged.is_ok();
        *self.fault.lock().unwrap_or_else(PoisonError::into_inner) = judged.err();
        Ok(is_host)
    }
}

/// A channel, and the connection that must live as long.
pub(super) struct Session {
    pub(super) channel: Channel<Msg>,
    pub(super) connection: Arc<Connection>,
}

impl Connection {
    pub(super) async fn channel(&self) -> Result<Channel<Msg>, russh::Error> {
        self.handle.channel_open_session().await
    }
}

impl Host {
    pub(super) fn new(name: TargetName, target: SshTarget) -> Self {
        Self { name, target, connections: Mutex::default(), fault: Mutex::default() }
    }

    pub(super) fn fault(&self) -> Option<String> {
        self.fault.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Whether the host lets nobody signal what it executes: OpenSSH refuses that for root and for a forced command.
    pub(super) fn refuses_signals(&self, user: &str) -> bool {
        self.forces_command() || user == "root"
    }

    /// Whether the certificate says what is executed.
    pub(super) fn forces_command(&self) -> bool {
        match &self.target.sign_in {
            SignIn::Certificate(rules) => rules.command == CommandRule::Forced,
            SignIn::Key(_) => false,
        }
    }

    fn note(&self, made: &Result<Connection, Refusal>) {
        let fault = made.as_ref().err().map(|refusal| refusal.message.clone());
        *self.fault.lock().unwrap_or_else(PoisonError::into_inner) = fault;
    }

    fn usable(&self, user: &str) -> Option<Arc<Connection>> {
        let mut connections = self.connections();
        let now = clock::boot_now();
        connections
            .retain(|_, open| now.saturating_sub(open.made) < AGE && !open.connection.handle.is_closed());
        connections.get(user).map(|open| Arc::clone(&open.connection))
    }

    /// Keeps it for others, and lets it go when it is old: it ends with the last command on it. A certificate's is
    /// its execution's alone.
    fn keep(self: &Arc<Self>, user: &str, connection: &Arc<Connection>) {
        if matches!(self.target.sign_in, SignIn::Certificate(_)) {
            return;
        }
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

    fn connections(&self) -> MutexGuard<'_, BTreeMap<String, Open>> {
        self.connections.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Ready {
    /// A channel on a connection that is there, or on a new one. Nothing was executed yet.
    pub(super) async fn session(&self, visit: Visit<'_>) -> Result<Session, Refusal> {
        if let Some(connection) = self.host.usable(visit.user) {
            // A host that went away meanwhile, or takes no more sessions on one connection: then a new one.
            if let Ok(channel) = connection.channel().await {
                return Ok(Session { channel, connection });
            }
        }
        let connection = self.connection(visit).await?;
        // OpenSSH may hang up on root only here where it may not sign in.
        let channel = connection.channel().await.map_err(|error| no_session(visit.user, &error))?;
        self.host.keep(visit.user, &connection);
        Ok(Session { channel, connection })
    }

    async fn connection(&self, visit: Visit<'_>) -> Result<Arc<Connection>, Refusal> {
        let made = self.connect(visit).await;
        self.host.note(&made);
        made.map(Arc::new)
    }

    async fn connect(&self, visit: Visit<'_>) -> Result<Connection, Refusal> {
        let target = &self.host.target;
        let (plain, certified) = host_key::algorithms(&target.host_keys);
        let preferred = russh::Preferred {
            key: plain.into(),
            host_key_certificates: certified.into(),
            ..russh::Preferred::default()
        };
        let config = Arc::new(client::Config {
            preferred,
            keepalive_interval: Some(KEEPALIVE),
            nodelay: true,
            ..client::Config::default()
        });
        let fault = Arc::new(Mutex::new(None));
        let verifier = Verifier { target: target.clone(), fault: Arc::clone(&fault) };
        let (connected, through) = match &self.before {
            None => (client::connect(config, (target.host.as_str(), target.port), verifier).await, None),
            Some(before) => {
                let (stream, hop) = before.passage(target, visit.order).await.map_err(|refusal| {
                    let message = format!("through {}: {}", before.host.name, refusal.message);
                    Refusal { message, ..refusal }
                })?;
                (client::connect_stream(config, stream, verifier).await, Some(hop))
            }
        };
        let mut handle = connected.map_err(|error| {
            let fault = fault.lock().unwrap_or_else(PoisonError::into_inner).take();
            match (fault, error) {
                (Some(why), _) => Refusal::new("target_not_verified", why),
                (None, russh::Error::NoCommonAlgo { .. }) => {
                    let message =
                        "the host has no key of the pinned kinds, or no algorithm that is good enough";
                    Refusal::new("target_not_verified", message)
                }
                (None, error) => unreachable(&error),
            }
        })?;
        let answer = self.authenticate(&mut handle, visit).await?;
        if answer.success() {
            return Ok(Connection { handle, _through: through });
        }
        let with = match target.sign_in {
            SignIn::Key(_) => "key",
            SignIn::Certificate(_) => "certificate",
        };
        Err(Refusal::new("target_sign_in", format!("the host does not take the {with} for {}", visit.user)))
    }

    async fn authenticate(
        &self,
        handle: &mut Handle<Verifier>,
        visit: Visit<'_>,
    ) -> Result<AuthResult, Refusal> {
        let key = private_key(&self.key)?;
        let answer = match &self.host.target.sign_in {
            SignIn::Key(_) => {
                let key = PrivateKeyWithHashAlg::new(Arc::new(key), None);
                handle.authenticate_publickey(visit.user, key).await
            }
            SignIn::Certificate(rules) => {
                let (key, signed) = certificate::sign(rules, &key, visit.user, visit.errand, visit.order)?;
                handle.authenticate_openssh_cert(visit.user, key, signed).await
            }
        };
        answer.map_err(|error| no_session(visit.user, &error))
    }

    /// A stream through this host to another.
    fn passage<'a>(&'a self, to: &'a SshTarget, order: &'a WorkOrder) -> Passage<'a> {
        Box::pin(async move {
            let closed = || Refusal::new("target_unknown", "the host file lets nobody through this host");
            let user = self.host.target.jump_as.as_deref().ok_or_else(closed)?;
            let open = async |connection: &Connection| {
                let port = u32::from(to.port);
                connection.handle.channel_open_direct_tcpip(&to.host, port, "127.0.0.1", 0).await
            };
            if let Some(connection) = self.host.usable(user) {
                match open(&connection).await {
                    Ok(channel) => return Ok((channel.into_stream(), connection)),
                    // It answered: a new connection would not help.
                    Err(error @ russh::Error::ChannelOpenFailure(_)) => return Err(unreachable(&error)),
                    Err(_) => {}
                }
            }
            let connection = self.connection(Visit { user, errand: Errand::Pass, order }).await?;
            let channel = open(&connection).await.map_err(|error| unreachable(&error))?;
            self.host.keep(user, &connection);
            Ok((channel.into_stream(), connection))
        })
    }
}

type Passage<'a> =
    Pin<Box<dyn Future<Output = Result<(ChannelStream<Msg>, Arc<Connection>), Refusal>> + Send + 'a>>;

/// Says nothing of what it read.
fn private_key(key: &Credential) -> Result<PrivateKey, Refusal> {
    let refused = |why: &str| Refusal::new("credential_unavailable", why);
    let text = std::str::from_utf8(key).map_err(|_| refused("the private key is not text"))?;
    let key = decode_secret_key(text, None)
        .map_err(|_| refused("not a private key in OpenSSH's form without a passphrase"))?;
    if key.algorithm().is_rsa() {
        return Err(refused("RSA keys are not supported: use Ed25519 or ECDSA"));
    }
    Ok(key)
}

fn no_session(user: &str, error: &russh::Error) -> Refusal {
    Refusal::new("target_sign_in", format!("the host was reached and opens no session for {user}: {error}"))
}

pub(super) fn unreachable(error: &russh::Error) -> Refusal {
    Refusal::new("target_unreachable", error.to_string())
}
