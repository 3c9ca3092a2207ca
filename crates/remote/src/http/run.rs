//! One execution: sign in, connect, send, judge the answer.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use countersign_runspace::definition::Success;
use countersign_runspace::outcome::{Confirmed, Failure};
use countersign_runspace::request::{Request, percent};
use countersign_runspace::{Outcome, Refusal, Stream, Word};
use http_body_util::{BodyExt as _, Full};
use hyper::Response;
use hyper::body::Incoming;
use hyper::header::{ACCEPT, HOST, HeaderValue, RETRY_AFTER, USER_AGENT};
use zeroize::Zeroizing;

use super::authorize::{self, Shown};
use super::client::{self, Dial, Origin};
use super::redirect::{self, Next};
use super::target::EXECUTION;
use super::{References, Service};
use crate::credential::Credential;
use crate::https::{Connection, Unanswered};
use crate::work::{Job, Stage};

/// Names under which services say what they call a request in their own log.
const CORRELATION: &[&str] =
    &["audit-id", "client-request-id", "request-id", "x-github-request-id", "x-request-id"];

/// What is to be sent, and what the answer must be.
pub(super) struct Task {
    pub(super) references: References,
    pub(super) request: Request,
    pub(super) success: Success,
    pub(super) most: u64,
    pub(super) within: Duration,
}

/// What is known in the end.
enum End {
    /// An answer's status, and how much of its body came.
    Answered(u16, Body),
    /// None came.
    Silent(&'static str),
    /// A redirect that is not followed, or leads nowhere.
    Lost(Refusal),
}

enum Body {
    Whole(Vec<u8>),
    /// More than is read.
    Cut,
    Broken,
}

pub(super) async fn run(service: Arc<Service>, task: Task, job: Job) -> Result<Outcome, Refusal> {
    let mut stop = job.stop.clone();
    let begin = async {
        let certificate = match &task.references.certificate {
            Some(reference) => Some(reference.resolve().await?),
            None => None,
        };
        let shown = sign_in(&service, &task, certificate.as_ref(), &job).await?;
        let origin = Origin::of(&service.target.url.0);
        let origin = origin.ok_or_else(|| Refusal::new("host_invalid", "the service has no host"))?;
        let connection = client::open(&origin, dial(&service, certificate.as_ref())).await?;
        Ok((certificate, shown, origin, connection))
    };
    let begun = tokio::select! {
        begun = tokio::time::timeout(job.until_start(), begin) => {
            let late = Refusal::new("target_unreachable", "the target did not answer in time");
            begun.unwrap_or(Err(late))
        }
        _ = stop.asked() => return Err(Refusal::new("stopped_before_start", "stopped before anything was done")),
    };
    service.note(&begun);
    let (certificate, shown, origin, connection) = begun?;
    let request = first(&service, &task.request, &shown, &origin, &job)?;
    job.begin()?;
    let is_safe = task.request.method.is_safe();
    if !is_safe {
        job.reach(Stage::Irrevocable);
    }
    let work = async {
        let exchange = Exchange { service: &service, task: &task, job: &job, shown: &shown };
        exchange.carry_out(connection, request, certificate.as_ref()).await
    };
    let mut work = std::pin::pin!(work);
    let end = tokio::select! {
        biased;
        end = &mut work => end,
        why = stop.asked() => {
            // A request that only reads is given up; any other is with the service, and its answer is waited for.
            let waited = if is_safe { None } else { tokio::time::timeout(job.grace(), &mut work).await.ok() };
            match waited {
                Some(end) => end,
                None if is_safe => return Ok(Outcome::Stopped { why, confirmed: Confirmed::Confirmed }),
                None => return Ok(Outcome::Unknown { reason: "stopped_without_answer".to_owned() }),
            }
        }
    };
    if matches!(end, End::Answered(401, _)) {
        service.tokens.forget();
    }
    Ok(conclude(end, &task, &job))
}

fn dial<'a>(service: &'a Service, certificate: Option<&'a Credential>) -> Dial<'a> {
    Dial { networks: &service.target.addresses, ca: service.target.ca.as_deref(), certificate }
}

/// Reads the credential and makes its header. From here on nothing of either is said.
async fn sign_in(
    service: &Service,
    task: &Task,
    certificate: Option<&Credential>,
    job: &Job,
) -> Result<Shown, Refusal> {
    let mut secrets: Vec<_> = job.secret_values();
    if let Some(certificate) = certificate {
        secrets.extend(lines(certificate));
    }
    let credential = match &task.references.auth {
        Some(reference) => Some(reference.resolve().await?),
        None => None,
    };
    secrets.extend(credential.clone());
    job.out.hide(&in_all_forms(&secrets));
    let (Some(auth), Some(credential)) = (&service.target.auth, credential) else {
        return Ok(Shown::default());
    };
    let shown = authorize::show(auth, &credential, &service.tokens, dial(service, None)).await?;
    secrets.extend(shown.secrets.iter().cloned());
    job.out.hide(&in_all_forms(&secrets));
    Ok(shown)
}

/// A service may repeat a secret as it stands in a URL, in JSON, or in JSON that stands in JSON.
fn in_all_forms(secrets: &[Zeroizing<Vec<u8>>]) -> Vec<Zeroizing<Vec<u8>>> {
    let mut all = secrets.to_vec();
    for text in secrets.iter().filter_map(|secret| std::str::from_utf8(secret).ok()) {
        let once = quoted(text);
        for form in [Zeroizing::new(percent(text)), quoted(&once), once] {
            if form.as_str() != text {
                all.push(Zeroizing::new(form.as_bytes().to_vec()));
            }
        }
    }
    all
}

/// As it stands between the quotes of a JSON string.
fn quoted(text: &str) -> Zeroizing<String> {
    let whole = Zeroizing::new(serde_json::to_string(text).unwrap_or_default());
    let inner = whole.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or_default();
    Zeroizing::new(inner.to_owned())
}

/// The lines of a key, each of which alone would be too much.
fn lines(key: &Credential) -> impl Iterator<Item = Zeroizing<Vec<u8>>> {
    let long = |line: &&[u8]| line.len() >= 16 && !line.starts_with(b"-----");
    key.split(|byte| *byte == b'\n').filter(long).map(|line| Zeroizing::new(line.to_vec()))
}

/// The request to the service itself.
fn first(
    service: &Service,
    request: &Request,
    shown: &Shown,
    origin: &Origin,
    job: &Job,
) -> Result<hyper::Request<Full<Bytes>>, Refusal> {
    let invalid = |error: &dyn std::error::Error| Refusal::new("request_invalid", error.to_string());
    let path = format!("{}{}", service.target.url.path(), request.path);
    let mut built = plain(request, &path, origin, job).map_err(|error| invalid(&error))?;
    let headers = built.headers_mut();
    for (name, value) in &request.headers {
        let name = hyper::header::HeaderName::try_from(name).map_err(|error| invalid(&error))?;
        let value = HeaderValue::from_str(value).map_err(|error| invalid(&error))?;
        if name == ACCEPT {
            headers.remove(ACCEPT);
        }
        headers.append(name, value);
    }
    let person = &job.order.on_behalf_of;
    let who = visible(&format!("{} {}", person.person, person.display));
    for (name, value) in
        [(EXECUTION, job.order.execution.to_string()), (service.target.on_behalf_of.as_str(), who)]
    {
        let name = hyper::header::HeaderName::try_from(name).map_err(|error| invalid(&error))?;
        headers.insert(name, HeaderValue::from_str(&value).map_err(|error| invalid(&error))?);
    }
    if let Some((name, value)) = &shown.header {
        let name = hyper::header::HeaderName::try_from(name).map_err(|error| invalid(&error))?;
        headers.insert(name, value.clone());
    }
    if let Some(bytes) = &request.body {
        *built.body_mut() = client::body(bytes.clone());
    }
    Ok(built)
}

/// What any origin may see.
fn plain(
    request: &Request,
    path: &str,
    origin: &Origin,
    job: &Job,
) -> Result<hyper::Request<Full<Bytes>>, hyper::http::Error> {
    let agent = format!("countersign/{} ({})", env!("CARGO_PKG_VERSION"), job.order.execution);
    hyper::Request::builder()
        .method(request.method.as_str())
        .uri(path)
        .header(HOST, origin.authority())
        .header(USER_AGENT, agent)
        .header(ACCEPT, "application/json, */*;q=0.5")
        .body(Full::default())
}

/// Other characters than visible ASCII as `%XX`, control characters left out.
fn visible(text: &str) -> String {
    let shown = |c: char| match c {
        c if c.is_control() => String::new(),
        ' '..='~' if c != '%' => c.to_string(),
        c => percent(&c.to_string()),
    };
    text.chars().take(200).map(shown).collect::<String>().trim().to_owned()
}

/// Request and answer, and further ones where an answer sends us on.
struct Exchange<'a> {
    service: &'a Service,
    task: &'a Task,
    job: &'a Job,
    shown: &'a Shown,
}

impl Exchange<'_> {
    async fn carry_out(
        &self,
        mut connection: Connection,
        mut request: hyper::Request<Full<Bytes>>,
        certificate: Option<&Credential>,
    ) -> End {
        let method = self.task.request.method;
        let mut at = self.service.target.url.0.clone();
        if at.join(&request.uri().to_string()).map(|url| at = url).is_err() {
            return End::Lost(Refusal::new("request_invalid", "the path is none"));
        }
        for _ in 0..=redirect::MOST {
            let sent = tokio::time::timeout(self.task.within, connection.send(request)).await;
            let answer = match sent {
                Ok(Ok(answer)) => answer,
                Ok(Err(Unanswered::NotSent)) => return End::Lost(not_sent()),
                Ok(Err(_)) => return End::Silent("connection_lost"),
                Err(_) => return End::Silent("no_answer"),
            };
            // What it did is known from here on.
            self.job.reach(Stage::Working);
            let next = match redirect::next(&self.service.target, method, &at, &answer) {
                None => return self.hear(answer).await,
                Some(Err(refusal)) => return End::Lost(refusal),
                Some(Ok(next)) => next,
            };
            request = match self.again(&next) {
                Ok(request) => request,
                Err(refusal) => return End::Lost(refusal),
            };
            let dial = dial(self.service, certificate.filter(|_| next.is_ours));
            connection = match client::open(&next.origin, dial).await {
                Ok(connection) => connection,
                Err(refusal) => return End::Lost(refusal),
            };
            at = next.url;
        }
        End::Lost(Refusal::new("too_many_redirects", "the answers lead on and on"))
    }

    /// The request where an answer sent us: to another origin without anything that the service alone is to see.
    fn again(&self, next: &Next) -> Result<hyper::Request<Full<Bytes>>, Refusal> {
        let query = next.url.query().map(|query| format!("?{query}")).unwrap_or_default();
        let path = format!("{}{query}", next.url.path());
        let request = &self.task.request;
        if next.is_ours {
            // `first` puts the service's own path before it.
            let below = path.strip_prefix(self.service.target.url.path()).unwrap_or(&path).to_owned();
            let request = Request { path: below, ..request.clone() };
            return first(self.service, &request, self.shown, &next.origin, self.job);
        }
        let invalid = |error: hyper::http::Error| Refusal::new("request_invalid", error.to_string());
        plain(request, &path, &next.origin, self.job).map_err(invalid)
    }

    /// Reads an answer. What is not to be judged is handed on as it comes.
    async fn hear(&self, answer: Response<Incoming>) -> End {
        let status = answer.status();
        self.tell(&answer);
        let is_good = self.task.success.admits(status.as_u16());
        let stream = if is_good { Stream::Stdout } else { Stream::Stderr };
        let keep = is_good && !self.task.success.json.is_empty();
        let (mut kept, mut read) = (Vec::new(), 0_u64);
        let mut body = answer.into_body();
        let how = loop {
            match body.frame().await {
                None => break Body::Whole(kept),
                Some(Err(_)) => break Body::Broken,
                Some(Ok(frame)) => {
                    let Ok(data) = frame.into_data() else { continue };
                    let left = usize::try_from(self.task.most.saturating_sub(read)).unwrap_or(usize::MAX);
                    let piece = data.get(..left.min(data.len())).unwrap_or_default();
                    read += piece.len() as u64;
                    self.job.out.write(stream, piece);
                    if keep {
                        kept.extend_from_slice(piece);
                    }
                    if piece.len() < data.len() {
                        break Body::Cut;
                    }
                }
            }
        };
        End::Answered(status.as_u16(), how)
    }

    /// Status and correlation ids, for people.
    fn tell(&self, answer: &Response<Incoming>) {
        self.job.out.note(&format!("status: {}", answer.status()));
        for name in CORRELATION.iter().copied().chain([RETRY_AFTER.as_str()]) {
            if let Some(value) = answer.headers().get(name).and_then(|value| value.to_str().ok()) {
                let short: String = value.chars().take(200).collect();
                self.job.out.note(&format!("{name}: {short}"));
            }
        }
    }
}

fn not_sent() -> Refusal {
    Refusal::new("connection_lost", "the connection ended before anything was sent")
}

fn conclude(end: End, task: &Task, job: &Job) -> Outcome {
    let is_safe = task.request.method.is_safe();
    let failed = |word: &str| Outcome::Failed { failure: Failure::Target(Word::of(word)) };
    let unknown = |word: &str| Outcome::Unknown { reason: word.to_owned() };
    let lost = |word: &str| if is_safe { failed(word) } else { unknown(word) };
    match end {
        End::Silent(word) => lost(word),
        End::Lost(refusal) => {
            job.out.note(&refusal.message);
            failed(&refusal.code)
        }
        End::Answered(status, _) if !task.success.admits(status) => failed(&format!("status_{status}")),
        End::Answered(_, Body::Whole(body)) => {
            let tests = &task.success.json;
            let answer = serde_json::from_slice(&body);
            match (tests.is_empty(), answer) {
                (true, _) => Outcome::Succeeded { exit: 0 },
                (false, Err(_)) => failed("answer_not_json"),
                (false, Ok(answer)) => match tests.iter().find(|test| !test.holds(&answer)) {
                    None => Outcome::Succeeded { exit: 0 },
                    Some(test) => {
                        job.out.note(&format!("the answer is not what it must be at `{}`", test.pointer));
                        failed("answer_differs")
                    }
                },
            }
        }
        End::Answered(_, Body::Cut) => {
            job.out.note(&format!("note: more than {} bytes; the rest is left out", task.most));
            if task.success.json.is_empty() {
                Outcome::Succeeded { exit: 0 }
            } else {
                lost("answer_too_large")
            }
        }
        End::Answered(_, Body::Broken) => {
            job.out.note("note: the answer broke off");
            // The status said that it is done; a reading task wanted the rest.
            if !is_safe && task.success.json.is_empty() {
                Outcome::Succeeded { exit: 0 }
            } else {
                lost("answer_broke_off")
            }
        }
    }
}
