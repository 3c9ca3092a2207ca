//! Tiles of the ledger: hashes for who may keep checkpoints, entries for who may export the audit log.

use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use countersign_ledger::tile::{Bundle, Tile, TilePath, TileReader as _, encode_bundle};
use countersign_store::{EventFilter, Reader};

use crate::app::App;
use crate::problem::{Problem, Result};
use crate::routes::{Content, Route};
use crate::see::grant;
use crate::see::tiles::{computed, sized};
use crate::viewer::Viewer;

pub(crate) static ROUTE: Route = Route {
    reason: "relation for hashes, which tell nothing; entries run Countersign\\Export-AuditLog through the gate",
    summary: "A tile of hashes or entries by its C2SP path: `0/x001/234`, `entries/000.p/17`.",
    answer: Content::Plain("application/octet-stream"),
    ..Route::get("/api/v1/ledger/tile/{*path}", || get(show))
};

async fn show(State(app): State<App>, viewer: Viewer, Path(path): Path<String>) -> Result<Response> {
    let path: TilePath = format!("tile/{path}").parse().map_err(|_| Problem::not_found())?;
    if matches!(path, TilePath::Entries(_)) {
        let everything = EventFilter::default();
        grant::audit(&app, &viewer, "Export-AuditLog", &everything).await?;
    }
    let bytes = app
        .read(move |reader| match path {
            TilePath::Hashes(tile) => hashes(reader, tile),
            TilePath::Entries(bundle) => entries(reader, bundle),
        })
        .await?;
    Ok(([(header::CONTENT_TYPE, "application/octet-stream")], bytes).into_response())
}

fn hashes(reader: &dyn Reader, tile: Tile) -> Result<Vec<u8>> {
    let there = Tile::within(sized(reader)?, tile.level(), tile.index());
    if there.is_none_or(|there| there.width() < tile.width()) {
        return Err(Problem::not_found());
    }
    computed(reader).tile(tile).map_err(Problem::internal)
}

fn entries(reader: &dyn Reader, bundle: Bundle) -> Result<Vec<u8>> {
    let entries = reader.entries(bundle.first(), bundle.width().into())?;
    if entries.len() != usize::from(bundle.width()) {
        return Err(Problem::not_found());
    }
    let bytes: Vec<&[u8]> = entries.iter().map(|entry| entry.bytes.as_slice()).collect();
    encode_bundle(&bytes).map_err(Problem::internal)
}
