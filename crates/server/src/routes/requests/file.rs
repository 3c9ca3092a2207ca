//! The content of a file that a request cites, for whoever decides on it.

use axum::body::{Body, Bytes};
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use countersign_core::id::RequestNumber;
use countersign_ledger::hash::Digest;
use tokio::sync::mpsc;

use crate::app::App;
use crate::problem::{Problem, Result};
use crate::routes::{Content, Route};
use crate::see::files::{self, Kind};
use crate::see::requests;
use crate::stream::Receiving;
use crate::viewer::Viewer;

pub(crate) static ROUTE: Route = Route {
    reason: "relation: the requester, and whom the request is or was addressed to; files that its statement cites and no others",
    summary: "A file that a request cites, checked against its digest: text as `text/plain`, anything else as \
              `application/octet-stream`, always to be saved and never to be shown by the browser itself.",
    answer: Content::Plain("application/octet-stream"),
    ..Route::get("/api/v1/requests/{number}/files/{sha256}", || get(file))
};

/// Nothing in it may run or be drawn, wherever it is opened.
const POLICY: &str =
    "sandbox; default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
/// Bytes sent at once.
const CHUNK: usize = 64 * 1024;

async fn file(
    State(app): State<App>,
    viewer: Viewer,
    Path((number, sha256)): Path<(String, String)>,
) -> Result<Response> {
    let number: RequestNumber = number.parse().map_err(|_| Problem::not_found())?;
    let sha256: Digest = sha256.parse().map_err(|_| Problem::not_found())?;
    let (state, person) = (app.state(), viewer.person);
    app.read(move |reader| {
        let (found, _) = requests::find(&state, reader, person, number)?;
        let (statement, _) = requests::statement(reader, &found)?.ok_or_else(gone)?;
        let cites = files::of(&statement)?.iter().any(|file| file.sha256 == sha256);
        if cites { Ok(()) } else { Err(Problem::not_found()) }
    })
    .await?;
    let (own, room) = app.in_memory(person).await?;
    let blobs = app.engine().blobs();
    let read = tokio::task::spawn_blocking(move || -> Result<(Vec<u8>, Kind)> {
        let bytes = blobs.read(&sha256)?.ok_or_else(gone)?;
        let kind = Kind::of(&bytes);
        Ok((bytes, kind))
    });
    let (bytes, kind) = read.await.map_err(Problem::internal)??;
    drop(room);
    let headers = [
        (header::CONTENT_TYPE, kind.media_type().to_owned()),
        (header::CONTENT_LENGTH, bytes.len().to_string()),
        (header::CONTENT_DISPOSITION, named(number, sha256, kind)),
        (header::CONTENT_SECURITY_POLICY, POLICY.to_owned()),
    ];
    let (send, receive) = mpsc::channel::<std::io::Result<Bytes>>(4);
    let mut rest = Bytes::from(bytes);
    tokio::spawn(async move {
        // Who reads slowly takes a share of their own, and nobody else's.
        let _own = own;
        while !rest.is_empty() {
            let chunk = rest.split_to(rest.len().min(CHUNK));
            if send.send(Ok(chunk)).await.is_err() {
                return;
            }
        }
    });
    Ok((headers, Body::from_stream(Receiving(receive))).into_response())
}

/// The name to save it under comes from nothing that anybody wrote.
fn named(number: RequestNumber, sha256: Digest, kind: Kind) -> String {
    let short: String = sha256.to_string().chars().take(12).collect();
    format!("attachment; filename=\"{number}-{short}.{}\"", kind.extension())
}

fn gone() -> Problem {
    Problem::new(
        StatusCode::GONE,
        "file_gone",
        "What this request cites is not kept any more: it was erased, or is lost.",
    )
    .hint("an approver who cannot read it any more denies, and the requester asks again with the file")
}
