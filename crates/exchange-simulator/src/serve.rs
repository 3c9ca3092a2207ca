//! Listeners on loopback and what comes to them.

use std::io;
use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use http_body_util::{BodyExt as _, Limited};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, StatusCode};
use hyper_util::rt::TokioIo;
use rustls::ServerConfig;
use serde_json::json;
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

use crate::Options;
use crate::authority::Authority;
use crate::body::{self, Answered};
use crate::fault::Fault;
use crate::state::State;
use crate::{identity, invoke, token};

/// The largest request.
const MAX_BODY: usize = 8 * 1024 * 1024;

/// A request that was read whole.
pub(crate) struct Asked {
    pub(crate) method: Method,
    pub(crate) host: String,
    pub(crate) path: String,
    pub(crate) query: String,
    pub(crate) headers: hyper::HeaderMap,
    pub(crate) body: Bytes,
}

impl Asked {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }
}

/// Listens; gives both ports.
pub(crate) async fn begin(
    options: Options,
    authority: Authority,
    state: Arc<Mutex<State>>,
) -> io::Result<(u16, u16)> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(io::Error::other)?
        .with_no_client_auth()
        .with_single_cert(authority.chain, authority.key)
        .map_err(io::Error::other)?;
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let secure = TcpListener::bind((Ipv4Addr::LOCALHOST, options.port)).await?;
    let plain = TcpListener::bind((Ipv4Addr::LOCALHOST, options.identity_port)).await?;
    let ports = (secure.local_addr()?.port(), plain.local_addr()?.port());
    let options = Arc::new(options);
    {
        let (options, state) = (Arc::clone(&options), Arc::clone(&state));
        tokio::spawn(async move {
            while let Ok((stream, _)) = plain.accept().await {
                let (options, state) = (Arc::clone(&options), Arc::clone(&state));
                tokio::spawn(async move {
                    let service = service_fn(|request: Request<Incoming>| {
                        let answer = {
                            let mut state = state.lock().unwrap_or_else(PoisonError::into_inner);
                            identity::answer(&options, &mut state, request.uri(), request.headers())
                        };
                        async move { Ok::<_, io::Error>(answer) }
                    });
                    let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
                });
            }
        });
    }
    tokio::spawn(async move {
        while let Ok((stream, _)) = secure.accept().await {
            let (acceptor, options, state) = (acceptor.clone(), Arc::clone(&options), Arc::clone(&state));
            tokio::spawn(async move {
                let Ok(stream) = acceptor.accept(stream).await else { return };
                let service = service_fn(|request| answer(&options, &state, request));
                let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
            });
        }
    });
    Ok(ports)
}

async fn answer(options: &Options, state: &Mutex<State>, request: Request<Incoming>) -> Answered {
    let (head, incoming) = request.into_parts();
    let read = Limited::new(incoming, MAX_BODY).collect().await;
    let Ok(read) = read else {
        return Ok(body::json(StatusCode::PAYLOAD_TOO_LARGE, &json!({"error": {"message": "too large"}})));
    };
    let host = head.headers.get("host").and_then(|value| value.to_str().ok()).unwrap_or_default();
    let asked = Asked {
        method: head.method,
        host: host.split(':').next().unwrap_or_default().to_ascii_lowercase(),
        path: head.uri.path().to_owned(),
        query: head.uri.query().unwrap_or_default().to_owned(),
        headers: head.headers,
        body: read.to_bytes(),
    };
    let locked = || state.lock().unwrap_or_else(PoisonError::into_inner);
    if asked.path.ends_with("/oauth2/v2.0/token") && asked.method == Method::POST {
        let mut state = locked();
        return Ok(match state.take(true) {
            Some(Fault::TokenRefused) => token::refuse("invalid_client", 7_000_215, "Refused on demand"),
            Some(_) => body::plain(StatusCode::OK, "text/html", b"<html>not a token</html>".to_vec()),
            None => token::by_certificate(options, &mut state, &asked.host, &asked.path, &asked.body),
        });
    }
    if asked.path.starts_with("/adminapi/") {
        let fault = {
            let mut state = locked();
            state.asked += 1;
            state.take(false)
        };
        if fault == Some(Fault::Hang) {
            match body::hang().await {}
        }
        return invoke::answer(options, &mut locked(), &asked, fault);
    }
    if asked.host == "localhost" {
        return Ok(control(&mut locked(), &asked));
    }
    Ok(body::json(StatusCode::NOT_FOUND, &json!({"error": {"message": "not found"}})))
}

/// For people who try things by hand: faults to come, what ran, what there is.
fn control(state: &mut State, asked: &Asked) -> body::Answer {
    match (asked.method.as_str(), asked.path.as_str()) {
        ("GET", "/simulator/audit") => body::json(StatusCode::OK, &json!(state.audit)),
        ("GET", "/simulator/objects") => body::json(StatusCode::OK, &json!(state.tenant.every())),
        ("POST", "/simulator/faults") => match serde_json::from_slice::<Fault>(&asked.body) {
            Ok(fault) => {
                state.faults.push_back(fault);
                body::json(StatusCode::ACCEPTED, &json!({"waiting": state.faults.len()}))
            }
            Err(error) => body::json(StatusCode::BAD_REQUEST, &json!({"error": error.to_string()})),
        },
        _ => body::json(StatusCode::NOT_FOUND, &json!({"error": "not found"})),
    }
}
