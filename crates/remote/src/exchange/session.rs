//! A tenant: its token, the host that serves it, and connections that wait for the next cmdlet.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use countersign_runspace::{Refusal, clock};
use tokio::sync::Semaphore;

use super::link::Place;
use super::random::guid;
use super::target::ExchangeTarget;
use super::token::{self, Token};
use crate::credential::Credential;
use crate::https::{self, Answer, Connection, Transport};
use crate::tls;

const SECOND: u64 = 1_000_000_000;
/// A connection that nobody used for so long is closed.
const IDLE: u64 = 30 * SECOND;
/// A connection is not used longer.
const AGE: u64 = 300 * SECOND;
/// Cookies that are kept of one service.
const COOKIES: usize = 32;

/// A tenant and what is known of it between executions.
pub(super) struct Tenant {
    pub(super) target: ExchangeTarget,
    pub(super) places: Semaphore,
    state: Mutex<State>,
    fault: Mutex<Option<String>>,
}

#[derive(Default)]
struct State {
    token: Option<Token>,
    /// Where the last redirect led to.
    host: Option<String>,
    idle: Vec<Line>,
}

/// A connection to one host of the tenant.
pub(super) struct Line {
    pub(super) connection: Connection,
    pub(super) host: String,
    /// Sent with every request, so that the service's log names the connection.
    pub(super) id: String,
    cookies: BTreeMap<String, String>,
    made: u64,
    used: u64,
}

impl Tenant {
    pub(super) fn new(target: ExchangeTarget) -> Self {
        let places = Semaphore::new(usize::from(target.connections.max(1)));
        Self { target, places, state: Mutex::default(), fault: Mutex::default() }
    }

    /// A token and a connection. Nothing was executed yet.
    pub(super) async fn ready(&self, credential: Option<&Credential>) -> Result<(Token, Line), Refusal> {
        let made = async {
            let token = match self.token() {
                Some(token) => token,
                None => self.fresh_token(credential).await?,
            };
            Ok((token, self.line().await?))
        }
        .await;
        *self.fault.lock().unwrap_or_else(PoisonError::into_inner) =
            made.as_ref().err().map(|refusal: &Refusal| refusal.message.clone());
        made
    }

    fn token(&self) -> Option<Token> {
        self.state().token.as_ref().filter(|token| token.is_good()).map(Token::again)
    }

    pub(super) async fn fresh_token(&self, credential: Option<&Credential>) -> Result<Token, Refusal> {
        let token = token::ask(&self.target, &self.transport()?, credential).await?;
        self.state().token = Some(token.again());
        Ok(token)
    }

    /// One that waits, or a new one to where the tenant was last.
    pub(super) async fn line(&self) -> Result<Line, Refusal> {
        while let Some(mut line) = self.waiting() {
            if line.connection.is_usable().await {
                return Ok(line);
            }
        }
        let host = self.state().host.clone();
        let host = host.unwrap_or_else(|| self.target.cloud.exchange().to_owned());
        self.connect(&host, BTreeMap::new()).await
    }

    fn waiting(&self) -> Option<Line> {
        let now = clock::boot_now();
        let mut state = self.state();
        state.idle.retain(|line| now.saturating_sub(line.made) < AGE && now.saturating_sub(line.used) < IDLE);
        state.idle.pop()
    }

    /// Goes where a redirect leads, with the cookies of before, and stays there.
    pub(super) async fn follow(&self, from: Line, to: &Place) -> Result<Line, Refusal> {
        let line = self.connect(&to.host, from.cookies).await?;
        self.state().host = Some(to.host.clone());
        Ok(line)
    }

    async fn connect(&self, host: &str, cookies: BTreeMap<String, String>) -> Result<Line, Refusal> {
        if !self.target.allows_host(host) {
            let message = format!("the host file does not allow {host} for this tenant");
            return Err(Refusal::new("target_not_verified", message));
        }
        let addresses = match &self.target.simulator {
            Some(simulator) => vec![simulator.address()],
            None => https::resolve(host, 443).await?,
        };
        let connection = https::connect(host, &addresses, &self.transport()?).await?;
        let now = clock::boot_now();
        Ok(Line { connection, host: host.to_owned(), id: guid(), cookies, made: now, used: now })
    }

    /// Keeps a connection for the next execution.
    pub(super) fn keep(&self, mut line: Line) {
        line.used = clock::boot_now();
        self.state().idle.push(line);
    }

    /// Forgets a token that the service does not take.
    pub(super) fn forget_token(&self) {
        self.state().token = None;
    }

    pub(super) fn fault(&self) -> Option<String> {
        self.fault.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn transport(&self) -> Result<Transport, Refusal> {
        let ca = self.target.simulator.as_ref().map(|simulator| simulator.ca.as_path());
        tls::config(ca).map(Transport::Tls)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Line {
    /// Keeps the cookies of an answer: they lead to the server that knows the session.
    pub(super) fn remember(&mut self, answer: &Answer) {
        for set in answer.headers.get_all("set-cookie") {
            let pair = set.to_str().ok().and_then(|text| text.split(';').next()?.trim().split_once('='));
            let Some((name, value)) = pair else { continue };
            let plain =
                |text: &str| text.len() <= 4096 && text.bytes().all(|b| b.is_ascii_graphic() && b != b';');
            if plain(name)
                && plain(value)
                && (self.cookies.len() < COOKIES || self.cookies.contains_key(name))
            {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
    }

    /// The header, if there are any.
    pub(super) fn cookies(&self) -> Option<String> {
        let pairs: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        (!pairs.is_empty()).then(|| pairs.join("; "))
    }
}
