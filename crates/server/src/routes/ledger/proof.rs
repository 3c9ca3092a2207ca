//! Proves that an event is in the ledger.

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use countersign_core::event::wire;
use countersign_ledger::checkpoint::Checkpoint;
use countersign_ledger::proof::TlogProof;
use countersign_ledger::tile::TileHashes;
use countersign_ledger::tree::inclusion_proof;

use crate::app::App;
use crate::json::Id;
use crate::problem::{Problem, Result};
use crate::routes::{Content, Route};
use crate::see::changes;
use crate::see::tiles::computed;
use crate::viewer::Viewer;

pub(crate) static ROUTE: Route = Route {
    reason: "relation: events that concern the person; every event for who may search the audit log",
    summary: "A C2SP tlog-proof that the event with this number is in the ledger.",
    answer: Content::Plain("text/plain"),
    ..Route::get("/api/v1/ledger/proof/{seq}", || get(prove))
};

async fn prove(State(app): State<App>, viewer: Viewer, Id(seq): Id<u64>) -> Result<Response> {
    let (state, now, person) = (app.state(), app.now(), viewer.person);
    let concerned = app.read(move |reader| {
        let entry = reader.entries(seq, 1)?.into_iter().find(|entry| entry.seq == seq);
        let entry = entry.ok_or_else(Problem::not_found)?;
        let event = wire::from_bytes(&entry.bytes).map_err(Problem::internal)?;
        changes::told(&state, reader, person, &event, now)?.ok_or_else(Problem::not_found)
    });
    concerned.await?;
    let checkpoint = app.engine().checkpoint().await?.ok_or_else(Problem::not_found)?;
    let key = app.engine().log_key().ok_or_else(Problem::not_found)?;
    let head = Checkpoint::open(checkpoint.as_bytes(), &key).map_err(Problem::internal)?;
    if seq >= head.size {
        return Err(Problem::not_found());
    }
    let path = app
        .read(move |reader| {
            let hashes = TileHashes::new(head.size, computed(reader));
            inclusion_proof(&hashes, seq, head.size).map_err(Problem::internal)
        })
        .await?;
    let proof = TlogProof { extra: None, index: seq, path, checkpoint };
    Ok(([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], proof.to_string()).into_response())
}
