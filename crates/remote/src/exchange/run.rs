//! One execution: sign in, connect, send the cmdlet, follow redirects and pages; and what is known when no answer comes.
//!
//! A cmdlet that changes something is sent again only if nothing of it can have run: the service said so (a redirect, a token
//! that it did not take, too many requests), or not a byte had left.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use countersign_runspace::definition::ExchangeDefinition;
use countersign_runspace::outcome::{Confirmed, Failure};
use countersign_runspace::{Outcome, Refusal, Stopped};
use http_body_util::Full;
use hyper::Request;
use hyper::header::{ACCEPT, ACCEPT_ENCODING, AUTHORIZATION, CONTENT_TYPE, COOKIE, HOST, HeaderValue};
use zeroize::Zeroizing;

use super::admin_api;
use super::answer::{Failed, Meaning, Page, understand};
use super::encode::Call;
use super::link::place;
use super::session::{Line, Tenant};
use super::target::AdminApi;
use super::token::Token;
use super::write::Objects;
use crate::credential::{Credential, Reference};
use crate::https::{Answer, Unanswered};
use crate::work::{Job, Stage};

/// What one answer may take.
const MAX_ANSWER: usize = 16 * 1024 * 1024;
/// Redirects of one cmdlet.
const MAX_HOPS: u32 = 8;
/// How often one cmdlet is sent again in all, for whatever reason.
const MAX_AGAIN: u32 = 6;
/// Pages of one cmdlet; each has an object, or it is the last.
const MAX_PAGES: u32 = 10_000;
/// Objects of one page; the service gives no more at once.
const PAGE: u32 = 1000;
/// The first wait where the service does not say how long; each is twice the former.
const BACK_OFF: Duration = Duration::from_millis(500);
/// The mailbox that an application's cmdlets are routed by.
const ANCHOR: &str = "APP:SystemMailbox{bb558c35-97f1-4cb9-8ff7-d53741dc928c}@";
/// The one for the audit log's own settings.
const AUDIT_ANCHOR: &str = "APP:SystemMailbox{8cc370d3-822a-4ab8-a926-bb94bd0641a9}@";

/// What is to be executed, ready to be sent.
pub(super) struct Task {
    pub(super) definition: ExchangeDefinition,
    pub(super) call: Call,
    pub(super) reference: Option<Reference>,
}

pub(super) async fn run(tenant: Arc<Tenant>, task: Task, job: Job) -> Result<Outcome, Refusal> {
    let credential = match &task.reference {
        Some(reference) => Some(reference.resolve().await?),
        None => None,
    };
    hide(&job, credential.as_ref(), None);
    let mut stop = job.stop.clone();
    let begin = async {
        let place = tenant.places.acquire().await;
        let place = place.map_err(|_| Refusal::new("target_full", "the executors have ended"))?;
        Ok((place, tenant.ready(credential.as_ref()).await?))
    };
    let (_place, (token, line)) = tokio::select! {
        begun = tokio::time::timeout(job.until_start(), begin) => {
            begun.map_err(|_| Refusal::new("target_unreachable", "the target did not answer in time"))??
        }
        _ = stop.asked() => return Err(Refusal::new("stopped_before_start", "stopped before anything was done")),
    };
    hide(&job, credential.as_ref(), Some(&token));
    job.begin()?;
    let path = path(&tenant, &task);
    let mut sending = Sending {
        tenant: &tenant,
        task: &task,
        job: &job,
        credential: credential.as_ref(),
        token,
        line: Some(line),
        path,
    };
    let ended = sending.all_pages().await;
    if let Some(line) = sending.line.take() {
        tenant.keep(line);
    }
    Ok(outcome(ended, &task, &job))
}

/// Nothing may say the credential, its lines, or the token.
fn hide(job: &Job, credential: Option<&Credential>, token: Option<&Token>) {
    let mut secrets = job.secret_values();
    if let Some(credential) = credential {
        let lines = credential.split(|byte| *byte == b'\n');
        let long = lines.filter(|line| line.len() >= 16 && !line.starts_with(b"-----"));
        secrets.extend(long.map(|line| Zeroizing::new(line.to_vec())));
    }
    secrets.extend(token.map(|token| Zeroizing::new(token.bearer.as_bytes().to_vec())));
    job.out.hide(&secrets);
}

fn path(tenant: &Tenant, task: &Task) -> String {
    let id = tenant.target.tenant.as_str();
    let supported = match tenant.target.admin_api {
        AdminApi::WhereItFits => admin_api::endpoint(&task.call),
        AdminApi::Off => None,
    };
    match supported {
        Some(endpoint) => format!("/adminapi/v2.0/{id}/{endpoint}"),
        None => {
            let select = task.definition.properties.join(",");
            // Only of what is read: of what is changed nothing is to be left out of an error.
            let query = if select.is_empty() || !task.definition.only_reads() {
                String::new()
            } else {
                format!("?$select={select}")
            };
            format!("/adminapi/beta/{id}/InvokeCommand{query}")
        }
    }
}

/// How a cmdlet ended.
enum Ended {
    Succeeded,
    Failed(Failed),
    /// It was sent, and nobody can know.
    Unknown(&'static str),
    Stopped(Stopped, Confirmed),
}

struct Sending<'a> {
    tenant: &'a Tenant,
    task: &'a Task,
    job: &'a Job,
    credential: Option<&'a Credential>,
    token: Token,
    /// Absent after it broke.
    line: Option<Line>,
    path: String,
}

impl Sending<'_> {
    async fn all_pages(&mut self) -> Ended {
        let (out, definition) = (&self.job.out, &self.task.definition);
        let mut objects = Objects::new(definition, out);
        let mut pages = 0;
        let ended = loop {
            let page = match self.page().await {
                Ok(page) => page,
                Err(ended) => break ended,
            };
            pages += 1;
            for warning in &page.warnings {
                out.note(&format!("warning: {}", self.job.without_values(warning)));
            }
            let more = page.objects.iter().any(|object| !objects.push(object, out));
            let Some(next) = page.next else {
                if more {
                    out.note(&format!(
                        "there are more than {} objects; the rest is not shown",
                        definition.max_objects
                    ));
                }
                break Ended::Succeeded;
            };
            if !definition.only_reads() {
                out.note("there is more output; it is not asked for, as that would run the cmdlet again");
                break Ended::Succeeded;
            }
            if more || objects.is_full() || out.left() == 0 || pages >= MAX_PAGES {
                out.note("there are more objects; the rest was not asked for");
                break Ended::Succeeded;
            }
            let here = self.line.as_ref().map(|line| line.host.clone()).unwrap_or_default();
            match place(&self.tenant.target, &here, &next) {
                Some(to) if to.host == here => self.path = to.path,
                // The next page is where the first was, or below the same name: this connection serves both.
                Some(to) => self.path = to.path,
                None => {
                    let message = "the next page is at a host that the host file does not allow";
                    break Ended::Failed(Failed::new("paging_elsewhere", message));
                }
            }
        };
        objects.end(out);
        ended
    }

    /// Sends the cmdlet until it ran, failed, or nobody can know.
    async fn page(&mut self) -> Result<Page, Ended> {
        let only_reads = self.task.definition.only_reads();
        let (mut hops, mut again, mut signed_in) = (0, 0, false);
        loop {
            let answered = self.once().await?;
            let retry = match answered {
                Err(Unanswered::NotSent) => Retry::Now("the connection had ended"),
                Err(error) if only_reads => {
                    Retry::Later(Failed::new("connection_lost", error.to_string()), None)
                }
                Err(error) => {
                    self.job.out.note(&error.to_string());
                    return Err(Ended::Unknown(match error {
                        Unanswered::TooLarge(_) => "answer_too_large",
                        _ => "connection_lost",
                    }));
                }
                Ok(answer) => match understand(&answer) {
                    Meaning::Ran(page) => return Ok(page),
                    Meaning::Failed(failed) => return Err(Ended::Failed(failed)),
                    Meaning::Elsewhere(location) => {
                        hops += 1;
                        self.follow(location.as_deref(), hops).await?;
                        continue;
                    }
                    Meaning::SignIn if signed_in => {
                        let message = "the service does not take a token that was just given";
                        return Err(Ended::Failed(Failed::new("sign_in_refused", message)));
                    }
                    Meaning::SignIn => {
                        signed_in = true;
                        self.sign_in().await?;
                        continue;
                    }
                    Meaning::Throttled(wait) => {
                        let message = "the service asks to send less; nothing was changed";
                        Retry::Later(Failed::new("throttled", message), wait)
                    }
                    Meaning::Transient(failed) if only_reads => Retry::Later(failed, None),
                    Meaning::Transient(failed) | Meaning::Broken(failed) if !only_reads => {
                        self.job.out.note(&self.job.without_values(&failed.message));
                        return Err(Ended::Unknown("service_failed"));
                    }
                    Meaning::Transient(failed) | Meaning::Broken(failed) => {
                        return Err(Ended::Failed(failed));
                    }
                },
            };
            again += 1;
            self.before_again(retry, again).await?;
        }
    }

    /// Sends it once. A stop waits for the answer of what may have changed something, as long as its grace.
    async fn once(&mut self) -> Result<Result<Answer, Unanswered>, Ended> {
        let only_reads = self.task.definition.only_reads();
        if let Some(why) = self.job.stop.now() {
            return Err(Ended::Stopped(why, Confirmed::Confirmed));
        }
        let Some(mut line) = self.line.take() else { return Ok(Err(Unanswered::NotSent)) };
        let request = match self.request(&line) {
            Ok(request) => request,
            Err(error) => {
                return Err(Ended::Failed(Failed::new("request_invalid", error.to_string())));
            }
        };
        if !only_reads {
            self.job.reach(Stage::Irrevocable);
        }
        let mut stop = self.job.stop.clone();
        let answered = {
            let mut exchange = std::pin::pin!(line.connection.exchange(request, MAX_ANSWER));
            tokio::select! {
                biased;
                answered = &mut exchange => answered,
                why = stop.asked() => {
                    if only_reads {
                        return Err(Ended::Stopped(why, Confirmed::Unconfirmed));
                    }
                    match tokio::time::timeout(self.job.grace(), &mut exchange).await {
                        Ok(answered) => answered,
                        Err(_) => return Err(Ended::Unknown("the target did not answer")),
                    }
                }
            }
        };
        if matches!(answered, Ok(_) | Err(Unanswered::NotSent)) {
            // Whatever it says is known now.
            self.job.reach(Stage::Working);
        }
        if let Ok(answer) = &answered {
            line.remember(answer);
            self.correlate(&line, answer);
            self.line = Some(line);
        }
        Ok(answered)
    }

    fn request(&self, line: &Line) -> Result<Request<Full<Bytes>>, hyper::http::Error> {
        let tenant = self.tenant.target.tenant.as_str();
        let cmdlet = &self.task.call.cmdlet;
        let anchor =
            if cmdlet.eq_ignore_ascii_case("Set-AdminAuditLogConfig") { AUDIT_ANCHOR } else { ANCHOR };
        let bearer = Zeroizing::new(format!("Bearer {}", self.token.bearer.as_str()));
        let mut bearer = HeaderValue::from_str(&bearer)?;
        bearer.set_sensitive(true);
        let most = self.task.definition.max_objects.min(PAGE);
        let mut request = Request::post(&self.path)
            .header(HOST, &line.host)
            .header(AUTHORIZATION, bearer)
            .header(ACCEPT, "application/json")
            .header(ACCEPT_ENCODING, "identity")
            .header(CONTENT_TYPE, "application/json")
            .header("Prefer", format!("odata.maxpagesize={most}"))
            .header("X-AnchorMailbox", format!("{anchor}{tenant}"))
            .header("X-ResponseFormat", "json")
            .header("X-CmdletName", cmdlet)
            .header("X-ClientApplication", "Countersign")
            .header("client-request-id", self.execution())
            .header("connection-id", &line.id);
        if let Some(cookies) = line.cookies() {
            request = request.header(COOKIE, cookies);
        }
        request.body(Full::new(Bytes::from(self.task.call.body())))
    }

    /// The execution's id in the form that the service's log takes: both logs can be joined, also when no answer came.
    fn execution(&self) -> String {
        let digits: Vec<char> = self.job.order.execution.as_str().trim_start_matches("x-").chars().collect();
        let part =
            |from: usize, to: usize| digits.get(from..to).unwrap_or_default().iter().collect::<String>();
        [part(0, 8), part(8, 12), part(12, 16), part(16, 20), part(20, 32)].join("-")
    }

    /// What the service's people ask for first.
    fn correlate(&self, line: &Line, answer: &Answer) {
        let request = answer.header("request-id").unwrap_or("none");
        self.job.out.note(&format!(
            "{} answered {}: client-request-id {}, connection-id {}, request-id {request}",
            line.host,
            answer.status.as_u16(),
            self.execution(),
            line.id,
        ));
    }

    async fn follow(&mut self, location: Option<&str>, hops: u32) -> Result<(), Ended> {
        let failed = |word: &str, message: &str| Err(Ended::Failed(Failed::new(word, message)));
        let Some(line) = self.line.take() else { return Ok(()) };
        if hops > MAX_HOPS {
            return failed("redirected_too_often", "the service redirects without end; nothing was changed");
        }
        let Some(to) = place(&self.tenant.target, &line.host, location.unwrap_or_default()) else {
            let message =
                "the service redirects to a host that the host file does not allow; nothing was changed";
            return failed("redirected_elsewhere", message);
        };
        let followed = self.unless_stopped(self.tenant.follow(line, &to)).await?;
        let line = followed.map_err(|refusal| Ended::Failed(Failed::new(&refusal.code, refusal.message)))?;
        (self.line, self.path) = (Some(line), to.path);
        Ok(())
    }

    async fn sign_in(&mut self) -> Result<(), Ended> {
        self.tenant.forget_token();
        let given = self.unless_stopped(self.tenant.fresh_token(self.credential)).await?;
        let token = given.map_err(|refusal| Ended::Failed(Failed::new(&refusal.code, refusal.message)))?;
        self.token = token;
        Ok(())
    }

    /// Waits, and connects again where the connection is gone. Nothing is under way meanwhile.
    async fn before_again(&mut self, retry: Retry, again: u32) -> Result<(), Ended> {
        let (failed, wait) = match retry {
            Retry::Now(why) => (Failed::new("connection_lost", why), Some(Duration::ZERO)),
            Retry::Later(failed, wait) => (failed, wait),
        };
        let wait = wait.unwrap_or_else(|| BACK_OFF.saturating_mul(1 << again.min(10)));
        if again > MAX_AGAIN || wait > self.job.left() {
            return Err(Ended::Failed(failed));
        }
        if !wait.is_zero() {
            let message = self.job.without_values(&failed.message);
            self.job.out.note(&format!("{message}; again in {:.1} s", wait.as_secs_f64()));
            self.unless_stopped(tokio::time::sleep(wait)).await?;
        }
        if self.line.is_none() {
            let made = self.unless_stopped(self.tenant.line()).await?;
            let line = made.map_err(|refusal| Ended::Failed(Failed::new(&refusal.code, refusal.message)))?;
            self.line = Some(line);
        }
        Ok(())
    }

    /// What may be left at any time.
    async fn unless_stopped<T>(&self, work: impl Future<Output = T>) -> Result<T, Ended> {
        let mut stop = self.job.stop.clone();
        tokio::select! {
            done = work => Ok(done),
            why = stop.asked() => Err(Ended::Stopped(why, Confirmed::Confirmed)),
        }
    }
}

enum Retry {
    Now(&'static str),
    Later(Failed, Option<Duration>),
}

fn outcome(ended: Ended, task: &Task, job: &Job) -> Outcome {
    match ended {
        Ended::Succeeded => Outcome::Succeeded { exit: 0 },
        Ended::Failed(failed) => {
            job.out.note(&format!("{}: {}", failed.word.as_str(), job.without_values(&failed.message)));
            Outcome::Failed { failure: Failure::Target(failed.word) }
        }
        Ended::Unknown(reason) => {
            let cmdlet = &task.call.cmdlet;
            job.out.note(&format!(
                "{cmdlet} was sent and no answer tells what it did: look whether the change is there"
            ));
            Outcome::Unknown { reason: reason.to_owned() }
        }
        Ended::Stopped(why, confirmed) => Outcome::Stopped { why, confirmed },
    }
}
