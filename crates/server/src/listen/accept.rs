//! Connections: so many at once, each with time limits of its own, all of them ended in order.

use std::future::Future;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::Request;
use countersign_identity::throttle::Source;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;

use super::tls::Acceptor;
use crate::client_address::{Peer, TrustedProxies};
use crate::shares::Shares;

/// How many connections there are at once.
#[derive(Debug)]
pub(super) struct Room {
    /// Of everybody together.
    all: Arc<Semaphore>,
    /// Of one address, that of a proxy apart: nobody alone keeps all others out.
    each: Shares<Source>,
}

impl Room {
    fn new(all: usize, each: usize) -> Self {
        Self { all: Arc::new(Semaphore::new(all)), each: Shares::new(each) }
    }
}

impl Default for Room {
    fn default() -> Self {
        Self::new(1_024, 512)
    }
}

/// How long a client may take for a request's head, and a silent connection stays open.
const HEAD: Duration = Duration::from_secs(15);
/// How long a TLS handshake may take.
const HANDSHAKE: Duration = Duration::from_secs(10);
/// How long answers may take to end when the server stops.
const GRACE: Duration = Duration::from_secs(10);
/// The largest head of a request, in bytes.
const MAX_HEAD: usize = 64 * 1024;

/// Accepts until `stop` is done, then waits for what is under way.
pub(super) async fn accept(
    router: Router,
    listener: TcpListener,
    acceptor: Option<Acceptor>,
    (room, proxies): (Room, &TrustedProxies),
    stop: impl Future<Output = ()>,
) {
    let mut stop = pin!(stop);
    let (stopping, stopped) = watch::channel(false);
    let mut connections = JoinSet::new();
    loop {
        while connections.try_join_next().is_some() {}
        let permit = tokio::select! {
            permit = Arc::clone(&room.all).acquire_owned() => permit,
            () = &mut stop => break,
        };
        let (stream, peer) = tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok(accepted) => accepted,
                Err(error) => {
                    tracing::warn!(%error, "a connection could not be accepted");
                    tokio::time::sleep(Duration::from_millis(100)).await;
                    continue;
                }
            },
            () = &mut stop => break,
        };
        let address = peer.ip();
        let share = room.each.take(address.into());
        if share.is_none() && !proxies.trusts(address) {
            tracing::debug!(client = %address, "a connection was not taken: its address has its share");
            continue;
        }
        let (router, acceptor, stopped) = (router.clone(), acceptor.clone(), stopped.clone());
        connections.spawn(async move {
            converse(router, stream, peer, acceptor, stopped).await;
            drop((permit, share));
        });
    }
    drop(listener);
    let _ = stopping.send(true);
    let ended = tokio::time::timeout(GRACE, async { while connections.join_next().await.is_some() {} });
    if ended.await.is_err() {
        connections.shutdown().await;
    }
}

async fn converse(
    router: Router,
    stream: TcpStream,
    peer: SocketAddr,
    acceptor: Option<Acceptor>,
    stopped: watch::Receiver<bool>,
) {
    let _ = stream.set_nodelay(true);
    let Some(acceptor) = acceptor else { return talk(router, stream, peer, stopped).await };
    match tokio::time::timeout(HANDSHAKE, acceptor.accept(stream)).await {
        Ok(Ok(stream)) => talk(router, stream, peer, stopped).await,
        Ok(Err(error)) => tracing::debug!(client = %peer.ip(), %error, "a TLS handshake failed"),
        Err(_) => tracing::debug!(client = %peer.ip(), "a TLS handshake took too long"),
    }
}

async fn talk<S>(router: Router, stream: S, peer: SocketAddr, mut stopped: watch::Receiver<bool>)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let service = TowerToHyperService::new(Named { router, peer });
    let mut builder = http1::Builder::new();
    builder.timer(TokioTimer::new()).header_read_timeout(HEAD).max_buf_size(MAX_HEAD);
    let mut connection = pin!(builder.serve_connection(TokioIo::new(stream), service));
    let result = tokio::select! {
        result = connection.as_mut() => result,
        () = stopping(&mut stopped) => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = result {
        tracing::debug!(client = %peer.ip(), %error, "a connection broke off");
    }
}

/// Waits for the stop; the guard that `wait_for` gives must not live on.
async fn stopping(stopped: &mut watch::Receiver<bool>) {
    let _ = stopped.wait_for(|stopped| *stopped).await;
}

/// The router, told for each request where it comes from.
#[derive(Clone)]
struct Named {
    router: Router,
    peer: SocketAddr,
}

impl tower::Service<Request<Incoming>> for Named {
    type Response = axum::response::Response;
    type Error = std::convert::Infallible;
    type Future = axum::routing::future::RouteFuture<std::convert::Infallible>;

    fn poll_ready(
        &mut self,
        _: &mut std::task::Context<'_>,
    ) -> std::task::Poll<std::result::Result<(), Self::Error>> {
        std::task::Poll::Ready(Ok(()))
    }

    fn call(&mut self, mut request: Request<Incoming>) -> Self::Future {
        request.extensions_mut().insert(Peer(self.peer));
        tower::Service::call(&mut self.router, request)
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::AsyncReadExt as _;

    use super::*;

    #[tokio::test]
    async fn g22_one_address_leaves_room_for_others_and_a_proxy_stands_for_many() {
        for (trusted, taken) in [(vec![], false), (vec!["127.0.0.0/8".parse().unwrap()], true)] {
            let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
            let address = listener.local_addr().unwrap();
            let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
            let accepting = tokio::spawn(async move {
                let proxies = TrustedProxies(trusted);
                let stopped = async { drop(stopped.await) };
                accept(Router::new(), listener, None, (Room::new(8, 2), &proxies), stopped).await;
            });
            let mut open = Vec::new();
            for _ in 0..3 {
                open.push(TcpStream::connect(address).await.unwrap());
            }
            let third = tokio::time::timeout(Duration::from_secs(1), open[2].read(&mut [0; 8])).await;
            assert_eq!(third.is_err(), taken, "{third:?}");
            drop(open);
            stop.send(()).unwrap();
            accepting.await.unwrap();
        }
    }
}
