//! From the socket to the routes: TLS, limits on slow and many clients, an orderly end.

mod accept;
mod tls;

use std::future::Future;
use std::net::SocketAddr;
use std::path::PathBuf;

use countersign_engine::EngineHandle;
use countersign_identity::password::HashFault;
use countersign_identity::session::Transport;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};

use crate::app::{App, Notice, Options};
use crate::client_address::TrustedProxies;
use crate::config::Config;
use crate::{background, routes};
use tls::Acceptor;

/// Where the certificate chain and its key are, in PEM. They are read again on SIGHUP.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tls {
    /// The certificate chain, the server's own first.
    pub certificate: PathBuf,
    /// The private key.
    pub key: PathBuf,
}

/// Why a server does not serve.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ServeError {
    /// Passwords and sessions would travel in clear.
    #[error(
        "refusing plain HTTP on {0}, which is beyond loopback: set tls.cert and tls.key, or name the proxy that does TLS \
         in trusted_proxies"
    )]
    PlainBeyondLoopback(SocketAddr),
    /// Links in mails would lead nowhere.
    #[error("public_url must be set for a listener beyond loopback ({0})")]
    NoPublicUrl(SocketAddr),
    /// The address cannot be listened on.
    #[error("{address}: {source}")]
    Bind {
        /// Which.
        address: SocketAddr,
        /// Why.
        source: std::io::Error,
    },
    /// The certificate or its key cannot be used.
    #[error("TLS cannot be set up: {0}")]
    Tls(String),
    /// A signal handler could not be put in place.
    #[error("signals cannot be received: {0}")]
    Signal(std::io::Error),
    /// The cost of password hashes is out of bounds.
    #[error(transparent)]
    Hash(#[from] HashFault),
}

/// Serves until `stop` is done: binds the address, and ends with every answer that can be finished within ten seconds.
/// The engine is left running; stopping it is the caller's.
///
/// `bound` is called with the address listened on, once it is.
///
/// # Errors
/// See [`ServeError`].
pub async fn serve(
    config: &Config,
    engine: EngineHandle,
    notices: Vec<Notice>,
    bound: impl FnOnce(SocketAddr),
    stop: impl Future<Output = ()>,
) -> Result<(), ServeError> {
    let beyond = !config.listen.ip().is_loopback();
    if beyond && config.tls.is_none() && config.trusted_proxies.0.is_empty() {
        return Err(ServeError::PlainBeyondLoopback(config.listen));
    }
    if beyond && config.public_url.is_none() {
        return Err(ServeError::NoPublicUrl(config.listen));
    }
    let acceptor = config.tls.clone().map(Acceptor::load).transpose()?;
    let bind = |source| ServeError::Bind { address: config.listen, source };
    let listener = TcpListener::bind(config.listen).await.map_err(bind)?;
    let listen = listener.local_addr().map_err(bind)?;
    let https = config.public_url.as_ref().is_some_and(|url| url.to_string().starts_with("https://"));
    let transport = if config.tls.is_some() || https { Transport::Https } else { Transport::LoopbackHttp };
    let options = Options {
        public_url: config.public_url.clone(),
        transport,
        trusted_proxies: TrustedProxies(config.trusted_proxies.0.clone()),
        notices,
        ..Options::new(listen)
    };
    let app = App::new(engine, options)?;
    bound(listen);
    run(app, listener, acceptor, stop).await
}

/// Serves an app on a listener.
async fn run(
    app: App,
    listener: TcpListener,
    acceptor: Option<Acceptor>,
    stop: impl Future<Output = ()>,
) -> Result<(), ServeError> {
    let mut helpers = background::start(&app);
    if let Err(problem) = background::end_all_of_disabled(&app).await {
        tracing::warn!(code = problem.code(), "sessions of disabled people could not be looked through");
    }
    if let Some(acceptor) = acceptor.clone() {
        let mut hangup = signal(SignalKind::hangup()).map_err(ServeError::Signal)?;
        let reload = async move {
            while hangup.recv().await.is_some() {
                acceptor.reload();
            }
        };
        helpers.push(tokio::spawn(reload).abort_handle());
    }
    let proxies = &app.options().trusted_proxies;
    let room = (accept::Room::default(), proxies);
    accept::accept(routes::router(app.clone()), listener, acceptor, room, stop).await;
    helpers.iter().for_each(tokio::task::AbortHandle::abort);
    crate::sign_in::failures::flush(&app).await;
    Ok(())
}
