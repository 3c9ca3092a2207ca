//! Requests and answers: limits, credentials, one repetition.

use std::path::PathBuf;
use std::time::Duration;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value as Json;
use ureq::http::{Method, Request, Response, StatusCode};
use ureq::{Agent, Body};
use zeroize::Zeroizing;

use crate::base_url::BaseUrl;
use crate::error::{ClientError, Problem};
use crate::key;
use crate::path::Path;
use crate::secret::Secret;
use crate::trust;

/// The largest answer that is read into memory.
const MOST: u64 = 32 << 20;
const CONNECT: Duration = Duration::from_secs(10);
const CALL: Duration = Duration::from_secs(60);
/// For a file of 64 MiB over a slow line.
const UPLOAD: Duration = Duration::from_secs(600);

/// A body and its media type.
#[derive(Clone, Copy)]
struct Sent<'a> {
    bytes: &'a [u8],
    kind: &'a str,
}

/// How a client is made.
#[derive(Default)]
pub struct Options {
    /// A file of certificates (PEM) trusted instead of the system's.
    pub ca_file: Option<PathBuf>,
    /// A session (`css_…`) or an API token (`cst_…`).
    pub credential: Option<Secret>,
    /// Called when an answer says that the server's ledger is a restored copy, which is only read.
    pub on_read_only: Option<fn()>,
}

impl std::fmt::Debug for Options {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Options").field("ca_file", &self.ca_file).finish_non_exhaustive()
    }
}

/// One server, asked as one person or as nobody.
pub struct Client {
    agent: Agent,
    base: BaseUrl,
    credential: Option<Secret>,
    on_read_only: Option<fn()>,
}

impl std::fmt::Debug for Client {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Client").field("base", &self.base).finish_non_exhaustive()
    }
}

impl Client {
    /// Makes a client. Nothing is sent yet.
    ///
    /// # Errors
    /// If the trusted certificates cannot be read.
    pub fn new(base: BaseUrl, options: Options) -> Result<Self, ClientError> {
        let mut config = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .timeout_connect(Some(CONNECT))
            .user_agent(concat!("countersign/", env!("CARGO_PKG_VERSION")));
        if base.is_loopback() {
            config = config.proxy(None);
        } else {
            config = config.https_only(true);
            config = config.tls_config(trust::tls(options.ca_file.as_deref())?);
        }
        let Options { credential, on_read_only, .. } = options;
        Ok(Self { agent: config.build().new_agent(), base, credential, on_read_only })
    }

    /// The server's address.
    #[must_use]
    pub const fn base(&self) -> &BaseUrl {
        &self.base
    }

    /// Whether this client has a session or a token.
    #[must_use]
    pub const fn is_signed_in(&self) -> bool {
        self.credential.is_some()
    }

    /// Asks from now on with this session or token.
    pub fn sign_in_with(&mut self, credential: Secret) {
        self.credential = Some(credential);
    }

    pub(crate) fn get<T: DeserializeOwned>(&self, path: &Path) -> Result<T, ClientError> {
        let answer = self.send(Method::GET, path, None, None, Some(CALL))?;
        read(path, answer)
    }

    pub(crate) fn get_text(&self, path: &Path) -> Result<String, ClientError> {
        let answer = self.send(Method::GET, path, None, None, Some(CALL))?;
        let text = answer.into_body().into_with_config().limit(MOST).read_to_string();
        text.map_err(|error| unreadable(path, &error))
    }

    /// An answer to be read as it comes, without an end to its time.
    pub(crate) fn get_stream(&self, path: &Path) -> Result<Response<Body>, ClientError> {
        self.send(Method::GET, path, None, None, None)
    }

    /// Sends bytes as they are. What they make is named by their content, so sending them again changes nothing.
    pub(crate) fn upload_to<T: DeserializeOwned>(
        &self,
        path: &Path,
        kind: &str,
        bytes: &[u8],
    ) -> Result<T, ClientError> {
        let body = Sent { bytes, kind };
        let once = || self.send(Method::POST, path, Some(body), None, Some(UPLOAD));
        let answer = match once() {
            Err(ClientError::NoAnswer { .. }) => once(),
            answer => answer,
        };
        read(path, answer?)
    }

    /// Sends a change. If no answer comes it is sent once more with the same key, which changes nothing twice.
    pub(crate) fn post<T: DeserializeOwned>(
        &self,
        path: &Path,
        body: &impl Serialize,
    ) -> Result<T, ClientError> {
        let key = key::fresh()?;
        let bytes = serde_json::to_vec(body).map_err(|error| ClientError::Answer {
            path: path.as_str().to_owned(),
            why: error.to_string(),
        })?;
        let bytes = Zeroizing::new(bytes);
        let body = Sent { bytes: &bytes, kind: "application/json" };
        let once = || self.send(Method::POST, path, Some(body), Some(&key), Some(CALL));
        let answer = match once() {
            Err(ClientError::NoAnswer { .. }) => once(),
            answer => answer,
        };
        read(path, answer?)
    }

    pub(crate) fn delete<T: DeserializeOwned>(&self, path: &Path) -> Result<T, ClientError> {
        let answer = self.send(Method::DELETE, path, None, None, Some(CALL))?;
        read(path, answer)
    }

    fn send(
        &self,
        method: Method,
        path: &Path,
        body: Option<Sent<'_>>,
        key: Option<&str>,
        time: Option<Duration>,
    ) -> Result<Response<Body>, ClientError> {
        let url = format!("{}{}", self.base, path.as_str());
        let mut request =
            Request::builder().method(method).uri(&url).header("accept", "application/json, */*;q=0.5");
        if let Some(credential) = &self.credential {
            request = request.header("authorization", format!("Bearer {}", credential.reveal()));
        }
        if let Some(key) = key {
            request = request.header("idempotency-key", key);
        }
        let refused = |error: ureq::http::Error| ClientError::Unreachable {
            url: self.base.to_string(),
            source: Box::new(error.into()),
        };
        let answer = match body {
            Some(Sent { bytes, kind }) => {
                let request = request.header("content-type", kind).body(bytes).map_err(refused)?;
                self.agent.run(self.agent.configure_request(request).timeout_global(time).build())
            }
            None => {
                let request = request.body(()).map_err(refused)?;
                self.agent.run(self.agent.configure_request(request).timeout_global(time).build())
            }
        };
        let answer = answer.map_err(|error| self.failed(error))?;
        if let Some(notice) = self.on_read_only
            && answer.headers().contains_key("countersign-read-only")
        {
            notice();
        }
        if answer.status().is_success() { Ok(answer) } else { Err(problem(answer)) }
    }

    /// Tells "was never sent" from "was sent, and nobody knows".
    fn failed(&self, error: ureq::Error) -> ClientError {
        let url = self.base.to_string();
        let before = match &error {
            ureq::Error::HostNotFound
            | ureq::Error::ConnectionFailed
            | ureq::Error::BadUri(_)
            | ureq::Error::Http(_)
            | ureq::Error::Tls(_)
            | ureq::Error::Rustls(_)
            | ureq::Error::TlsRequired
            | ureq::Error::RequireHttpsOnly(_)
            | ureq::Error::InvalidProxyUrl
            | ureq::Error::ConnectProxyFailed(_)
            | ureq::Error::Timeout(ureq::Timeout::Connect | ureq::Timeout::Resolve) => true,
            ureq::Error::Io(error) => matches!(
                error.kind(),
                std::io::ErrorKind::ConnectionRefused
                    | std::io::ErrorKind::HostUnreachable
                    | std::io::ErrorKind::NetworkUnreachable
            ),
            _ => false,
        };
        let source = Box::new(error);
        if before { ClientError::Unreachable { url, source } } else { ClientError::NoAnswer { url, source } }
    }
}

fn read<T: DeserializeOwned>(path: &Path, answer: Response<Body>) -> Result<T, ClientError> {
    let empty = answer.status() == StatusCode::NO_CONTENT;
    let bytes = answer.into_body().into_with_config().limit(MOST).read_to_vec();
    let bytes = Zeroizing::new(bytes.map_err(|error| unreadable(path, &error))?);
    let json: &[u8] = if empty || bytes.is_empty() { b"null" } else { &bytes };
    serde_json::from_slice(json).map_err(|error| unreadable(path, &error))
}

fn unreadable(path: &Path, why: &dyn std::fmt::Display) -> ClientError {
    ClientError::Answer { path: path.as_str().to_owned(), why: why.to_string() }
}

fn problem(answer: Response<Body>) -> ClientError {
    let status = answer.status().as_u16();
    let bytes = answer.into_body().into_with_config().limit(1 << 20).read_to_vec().unwrap_or_default();
    let problem = serde_json::from_slice::<Json>(&bytes)
        .ok()
        .and_then(|json| serde_json::from_value::<Problem>(json).ok())
        .filter(|problem| !problem.code.is_empty());
    let mut problem = problem.unwrap_or_else(|| Problem::bare(status));
    problem.status = status;
    ClientError::Problem(Box::new(problem))
}
