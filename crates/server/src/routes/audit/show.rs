//! Shows one event of the audit log.

use axum::extract::State;
use axum::routing::get;
use countersign_core::actor::Scope;
use countersign_core::event::wire;
use countersign_core::time::{Instant, Span};
use countersign_core::view::EventRow;
use countersign_ledger::hash::{Digest, leaf_hash};
use countersign_store::{Direction, EventFilter, Reader, Visibility};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value as Json};

use crate::app::App;
use crate::json::{Answer, Id};
use crate::problem::{Problem, Result};
use crate::routes::{Access, Route, json};
use crate::schema::text;
use crate::see::events::AuditEvent;
use crate::see::grant;
use crate::see::people::Names;
use crate::viewer::Viewer;

pub(crate) static ROUTE: Route = Route {
    access: Access::Task { task: "Search-AuditLog", token: Some(Scope::Read) },
    reason: "task: runs Countersign\\Search-AuditLog through the gate for the event's request, run or instant, and is recorded (G20)",
    summary: "An event as it was recorded, with its hash in the ledger; sealed values stay sealed.",
    answer: json::<AuditEventDetails>(),
    ..Route::get("/api/v1/audit/events/{seq}", || get(show))
};

/// An event as it was recorded.
#[derive(Serialize, JsonSchema)]
struct AuditEventDetails {
    #[serde(flatten)]
    event: AuditEvent,
    /// The ledger's entry; where it holds a sealed value, that is only its digest.
    entry: Map<String, Json>,
    /// The hash of the entry as a leaf of the ledger's tree (RFC 6962).
    #[schemars(with = "text::Digest")]
    leaf_hash: Digest,
    /// The events of the same request, or of the same execution where there is no request, the oldest first: asked,
    /// voted, granted, run, ended. At most 500.
    related: Vec<AuditEvent>,
    /// The event that made the version of the policy under which it was asked.
    policy_version: Option<AuditEvent>,
}

/// Related events that are shown.
const RELATED: usize = 500;

/// Events of one instant that are looked through for the one.
const AT_ONCE: usize = 1_000;

async fn show(State(app): State<App>, viewer: Viewer, Id(seq): Id<u64>) -> Result<Answer<AuditEventDetails>> {
    let stored = app.read(move |reader| {
        let Some(stored) = reader.entries(seq, 1)?.into_iter().find(|entry| entry.seq == seq) else {
            return Ok(None);
        };
        let at = wire::from_bytes(&stored.bytes).map_err(Problem::internal)?.time;
        Ok(Some((found(reader, &instant(at), seq)?, stored)))
    });
    let stored = stored.await?;
    let chain = stored.as_ref().and_then(|(row, _)| chain(row));
    // One reading, of what hangs together with the event, or of its instant. The gate comes first for what is not there
    // as well.
    let at = stored.as_ref().map_or_else(|| app.now(), |(row, _)| row.time);
    let filter = chain.clone().unwrap_or_else(|| instant(at));
    grant::audit(&app, &viewer, "Search-AuditLog", &filter).await?;
    let (row, stored) = stored.ok_or_else(Problem::not_found)?;
    app.read(move |reader| {
        let related = match &chain {
            Some(chain) => {
                reader.events(chain, &Visibility::All, Direction::OldestFirst, None, RELATED)?.rows
            }
            None => Vec::new(),
        };
        let version = policy_version(reader, &row, &related)?;
        let everyone = related.iter().chain([&row]).chain(&version).filter_map(|row| row.person);
        let names = Names::load(reader, everyone)?;
        Ok(Answer(AuditEventDetails {
            event: AuditEvent::of(&row, &names),
            entry: serde_json::from_slice(&stored.bytes).map_err(Problem::internal)?,
            leaf_hash: leaf_hash(&stored.bytes),
            related: related.iter().map(|row| AuditEvent::of(row, &names)).collect(),
            policy_version: version.map(|row| AuditEvent::of(&row, &names)),
        }))
    })
    .await
}

fn instant(at: Instant) -> EventFilter {
    EventFilter { from: Some(at), until: Some(at.plus(Span::from_micros(1))), ..EventFilter::default() }
}

fn found(reader: &dyn Reader, filter: &EventFilter, seq: u64) -> Result<EventRow> {
    let found = reader.events(filter, &Visibility::All, Direction::OldestFirst, None, AT_ONCE)?;
    found.rows.into_iter().find(|row| row.seq == seq).ok_or_else(Problem::not_found)
}

/// What hangs together with an event.
fn chain(row: &EventRow) -> Option<EventFilter> {
    match (row.request, row.execution) {
        (Some(_), _) => Some(EventFilter { request: row.request, ..EventFilter::default() }),
        (None, Some(_)) => Some(EventFilter { execution: row.execution, ..EventFilter::default() }),
        (None, None) => None,
    }
}

/// The version of the policy that governed when the request was sent: the newest one before it.
fn policy_version(reader: &dyn Reader, row: &EventRow, related: &[EventRow]) -> Result<Option<EventRow>> {
    let asked = related.iter().find(|row| row.kind == "RequestSubmitted");
    let Some((policy, until)) = asked.or(Some(row)).and_then(|row| Some((row.policy?, row.time))) else {
        return Ok(None);
    };
    let filter = EventFilter {
        policy: Some(policy),
        kinds: ["PolicyCreated", "PolicyChanged"].map(str::to_owned).to_vec(),
        until: Some(until.plus(Span::from_micros(1))),
        ..EventFilter::default()
    };
    let versions = reader.events(&filter, &Visibility::All, Direction::NewestFirst, None, 1)?;
    Ok(versions.rows.into_iter().next())
}
