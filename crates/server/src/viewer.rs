//! Who sends a request, looked up anew each time: nothing that changed since sign-in is overlooked.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use countersign_core::actor::{Principal, Scope};
use countersign_core::command::{Closed, Command};
use countersign_core::id::{PersonId, TokenId};
use countersign_core::policy::Assurance;
use countersign_core::state::State;
use countersign_core::time::Instant;
use countersign_engine::Submission;
use countersign_identity::token::{Kind, Token, TokenHash};
use countersign_ledger::hash::Digest;

use crate::app::App;
use crate::problem::{Problem, Result};
use crate::routes::Route;
use crate::sign_in::session::{self, Live, Use};

/// The person behind a request.
#[derive(Debug, Clone)]
pub(crate) struct Viewer {
    pub(crate) person: PersonId,
    pub(crate) means: Means,
}

/// How the person was recognized.
#[derive(Debug, Clone)]
pub(crate) enum Means {
    /// By a session.
    Session(Live),
    /// By an API token.
    Token(TokenId),
}

/// How a session's secret was sent: what a browser sends by itself needs proof that a page of ours meant it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Carrier {
    Cookie,
    Header,
}

impl Viewer {
    /// The sender of commands.
    pub(crate) fn principal(&self) -> Principal {
        match &self.means {
            Means::Token(token) => Principal::token(self.person, *token),
            Means::Session(live) => {
                let (assurance, at) = match live.session.second_factor_at {
                    Some(at) => (Assurance::SecondFactor, at),
                    None => (Assurance::Session, live.session.created_at),
                };
                Principal::session(self.person, assurance, Instant::from_micros(at))
            }
        }
    }

    /// The session, for what tokens may not do.
    pub(crate) fn session(&self) -> Result<&Live> {
        match &self.means {
            Means::Session(live) => Ok(live),
            Means::Token(_) => Err(Closed::Scope.refusal().into()),
        }
    }
}

/// Turns somebody known away before the handler, on record like every refusal (G20).
pub(crate) async fn turn_away(app: &App, viewer: &Viewer, route: &Route, why: Closed) -> Problem {
    let route = format!("{} {}", route.method.as_str(), route.path);
    let command = Command::TurnAway { route, why };
    if let Err(error) = app.submit(Submission::new(viewer.principal(), command)).await {
        tracing::error!(code = error.code(), "a refusal could not be recorded");
    }
    why.refusal().into()
}

/// Nobody is signed in.
pub(crate) fn sign_in_required() -> Problem {
    Problem::new(StatusCode::UNAUTHORIZED, "sign_in_required", "Sign in first.").hint("countersign login")
}

/// Recognizes the sender of a request.
pub(crate) async fn recognize(app: &App, headers: &HeaderMap, usage: Use) -> Result<(Viewer, Carrier)> {
    let mut authorizations = headers.get_all(header::AUTHORIZATION).iter();
    let (token, carrier) = match (authorizations.next(), authorizations.next()) {
        (Some(value), None) => (bearer(value.to_str().unwrap_or_default())?, Carrier::Header),
        (Some(_), Some(_)) => return Err(sign_in_required()),
        (None, _) => {
            let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
            let token = app.cookie().read(cookies).map_err(|_| sign_in_required())?;
            (token.ok_or_else(sign_in_required)?, Carrier::Cookie)
        }
    };
    let viewer = match token.kind() {
        Kind::Session => session(app, token.hash(), usage).await?,
        Kind::Api => api_token(app, token.hash())?,
        Kind::Link => return Err(sign_in_required()),
    };
    Ok((viewer, carrier))
}

fn bearer(value: &str) -> Result<Token> {
    let (scheme, secret) = value.split_once(' ').ok_or_else(sign_in_required)?;
    if !scheme.eq_ignore_ascii_case("bearer") {
        return Err(sign_in_required());
    }
    let kind = if secret.starts_with(Kind::Api.prefix()) { Kind::Api } else { Kind::Session };
    Token::parse(kind, secret.trim()).map_err(|_| sign_in_required())
}

async fn session(app: &App, hash: TokenHash, usage: Use) -> Result<Viewer> {
    let live = session::find(app, hash, usage).await?.ok_or_else(sign_in_required)?;
    Ok(Viewer { person: live.person, means: Means::Session(live) })
}

fn api_token(app: &App, hash: TokenHash) -> Result<Viewer> {
    let (state, now, secret) = (app.state(), app.now(), Digest::from_bytes(hash.0));
    let found = state.tokens.iter().find(|(_, token)| token.secret == secret);
    match found {
        Some((id, token)) if now < token.until && state.directory.enabled(token.person) => {
            Ok(Viewer { person: token.person, means: Means::Token(*id) })
        }
        _ => Err(sign_in_required()),
    }
}

/// Whether the sender of an open stream is still who they were, and may still be here.
pub(crate) async fn still(app: &App, headers: &HeaderMap, before: &Viewer) -> Result<()> {
    let (now, _) = recognize(app, headers, Use::Looks).await?;
    if now.person == before.person { Ok(()) } else { Err(sign_in_required()) }
}

/// Whether a token may do something for its owner.
pub(crate) fn has_scope(state: &State, token: TokenId, scope: Scope) -> bool {
    state.tokens.get(&token).is_some_and(|token| token.scopes.contains(&scope))
}

/// Handlers take the viewer that the layer in front of their route has let in.
impl<S: Send + Sync> FromRequestParts<S> for Viewer {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self> {
        parts.extensions.get::<Self>().cloned().ok_or_else(sign_in_required)
    }
}
