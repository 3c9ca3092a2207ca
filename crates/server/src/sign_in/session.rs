//! Sessions in the operational tables, under the hash of their secret.

use countersign_core::id::PersonId;
use countersign_core::state::State;
use countersign_core::time::{Instant, Span};
use countersign_identity::session::{Session, Standing};
use countersign_identity::token::{ENTROPY, Kind, Token, TokenHash};
use countersign_ledger::hash::{Digest, sha256_parts};
use countersign_store::Session as Row;
use serde::{Deserialize, Serialize};

use crate::app::App;
use crate::problem::{Problem, Result};

/// How often a use is written down.
const TOUCH: Span = Span::from_secs(60);

/// A session that opens something.
#[derive(Debug, Clone)]
pub(crate) struct Live {
    pub(crate) hash: TokenHash,
    pub(crate) person: PersonId,
    pub(crate) session: Session,
    /// When it ends at the latest.
    pub(crate) until: Instant,
    /// An authenticator's secret that was shown and not confirmed yet.
    pub(crate) pending: Option<String>,
}

/// What lies beside a session's row.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Data {
    session: Session,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pending: Option<String>,
}

impl Live {
    /// Whether the person has a second factor and has not shown it in this session: it opens nothing yet.
    pub(crate) fn awaits_second_factor(&self, state: &State) -> bool {
        self.session.second_factor_at.is_none() && enrolled(state, self.person)
    }

    pub(crate) fn id(&self) -> Digest {
        Digest::from_bytes(self.hash.0)
    }

    /// What its owner is shown in its place.
    pub(crate) fn public_id(&self) -> Digest {
        sha256_parts(&[b"countersign session shown v1", &self.hash.0])
    }
}

/// Whether a second factor is in force for a person.
pub(crate) fn enrolled(state: &State, person: PersonId) -> bool {
    state.directory.person(person).is_some_and(|person| person.credentials.totp.is_some())
}

/// The number that changes with a person's credentials: sessions of before are over.
pub(crate) fn stamp(state: &State, person: PersonId) -> u64 {
    let credentials = state.directory.person(person).map(|person| person.credentials.clone());
    let credentials = credentials.unwrap_or_default();
    let part = |digest: Option<Digest>| digest.map_or([0; 32], |digest| *digest.as_bytes());
    let digest = sha256_parts(&[&part(credentials.password), &part(credentials.totp)]);
    // JSON numbers are exact up to 2^53.
    u64::from_be_bytes(*digest.as_bytes().first_chunk().unwrap_or(&[0; 8])) >> 11
}

/// Makes a session, always with a new secret.
pub(crate) async fn begin(
    app: &App,
    person: PersonId,
    second_factor: Option<Instant>,
) -> Result<(Token, Live)> {
    let now = app.now();
    let mut session = Session::new(person.to_string(), stamp(&app.state(), person), now.as_micros());
    if let Some(at) = second_factor {
        session.second_factor_shown(at.as_micros());
    }
    let seed = app.seed()?;
    let token = Token::from_entropy(Kind::Session, seed.first_chunk::<ENTROPY>().unwrap_or(&[0; ENTROPY]));
    let absolute = u64::try_from(app.options().sessions.absolute).unwrap_or(0);
    let until = now.plus(Span::from_micros(absolute));
    let live = Live { hash: token.hash(), person, session, until, pending: None };
    keep(app, &live).await?;
    Ok((token, live))
}

/// Writes a session down.
pub(crate) async fn keep(app: &App, live: &Live) -> Result<()> {
    let data = Data { session: live.session.clone(), pending: live.pending.clone() };
    let row = Row {
        id: live.id(),
        person: live.person,
        created: Instant::from_micros(live.session.created_at),
        seen: Instant::from_micros(live.session.last_seen),
        until: live.until,
        data: serde_json::to_string(&data).map_err(Problem::internal)?,
    };
    app.ops(move |ops| Ok(ops.put_session(&row)?)).await
}

/// Whether looking a session up counts as a use of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Use {
    /// A person did something.
    Counts,
    /// An open stream looks whether it may go on: an open window alone keeps nobody signed in.
    Looks,
}

/// The session with this secret, if it is one and its person may still use it. One that is over is removed.
pub(crate) async fn find(app: &App, hash: TokenHash, usage: Use) -> Result<Option<Live>> {
    let (id, now) = (Digest::from_bytes(hash.0), app.now());
    let Some(row) = app.ops(move |ops| Ok(ops.session(&id, now)?)).await? else { return Ok(None) };
    let Ok(Data { mut session, pending }) = serde_json::from_str(&row.data) else { return Ok(None) };
    session.touch(row.seen.as_micros());
    let state = app.state();
    let standing = session.standing(app.options().sessions, stamp(&state, row.person), now.as_micros());
    if standing != Standing::Live || !state.directory.enabled(row.person) {
        app.ops(move |ops| Ok(ops.delete_session(&id)?)).await?;
        return Ok(None);
    }
    if usage == Use::Counts && now.since(row.seen) > TOUCH {
        app.ops(move |ops| Ok(ops.touch_session(&id, now)?)).await?;
    }
    Ok(Some(Live { hash, person: row.person, session, until: row.until, pending }))
}

/// A person's sessions that still open something, the one used last first.
pub(crate) async fn open(app: &App, person: PersonId) -> Result<Vec<Live>> {
    let rows = app.ops(move |ops| Ok(ops.sessions_of(person)?)).await?;
    let (state, now) = (app.state(), app.now());
    let stamp = stamp(&state, person);
    let live = rows.into_iter().filter(|row| row.until > now).filter_map(|row| {
        let Data { mut session, pending } = serde_json::from_str(&row.data).ok()?;
        session.touch(row.seen.as_micros());
        let standing = session.standing(app.options().sessions, stamp, now.as_micros());
        let hash = TokenHash(*row.id.as_bytes());
        (standing == Standing::Live).then_some(Live { hash, person, session, until: row.until, pending })
    });
    Ok(live.collect())
}

/// Ends one session.
pub(crate) async fn end(app: &App, id: Digest) -> Result<()> {
    app.ops(move |ops| Ok(ops.delete_session(&id)?)).await
}

/// Ends all of a person's sessions.
pub(crate) async fn end_all(app: &App, person: PersonId) -> Result<()> {
    app.ops(move |ops| Ok(ops.delete_sessions_of(person, None)?)).await.map(|_| ())
}
