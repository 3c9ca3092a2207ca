//! Shows one event of the audit log.

use axum::extract::State;
use axum::routing::get;
use countersign_core::actor::Scope;
use countersign_core::event::body::AuditRead;
use countersign_core::event::wire;
use countersign_core::time::Span;
use countersign_ledger::hash::{Digest, leaf_hash};
use countersign_store::{Direction, EventFilter, Visibility};
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
    reason: "task: runs Countersign\\Search-AuditLog through the gate for the event's instant, and is recorded (G20)",
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
}

/// Events of one instant that are looked through for the one.
const AT_ONCE: usize = 1_000;

async fn show(State(app): State<App>, viewer: Viewer, Id(seq): Id<u64>) -> Result<Answer<AuditEventDetails>> {
    let stored =
        app.read(move |reader| Ok(reader.entries(seq, 1)?.into_iter().find(|entry| entry.seq == seq)));
    let stored = stored.await?;
    let at = match &stored {
        Some(entry) => wire::from_bytes(&entry.bytes).map_err(Problem::internal)?.time,
        // The gate comes first for what is not there as well.
        None => app.now(),
    };
    let filter =
        EventFilter { from: Some(at), until: Some(at.plus(Span::from_micros(1))), ..EventFilter::default() };
    grant::audit(&app, &viewer, "Search-AuditLog", AuditRead::Search, &filter).await?;
    let stored = stored.ok_or_else(Problem::not_found)?;
    app.read(move |reader| {
        let everything = Visibility::All;
        let found = reader.events(&filter, &everything, Direction::OldestFirst, None, AT_ONCE)?;
        let row = found.rows.into_iter().find(|row| row.seq == seq).ok_or_else(Problem::not_found)?;
        let names = Names::load(reader, row.person)?;
        Ok(Answer(AuditEventDetails {
            event: AuditEvent::of(&row, &names),
            entry: serde_json::from_slice(&stored.bytes).map_err(Problem::internal)?,
            leaf_hash: leaf_hash(&stored.bytes),
        }))
    })
    .await
}
