//! Uploads a file for a parameter of a request or a run of one's own.

use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, FromRequest as _, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use countersign_core::actor::Scope;
use countersign_core::refusal::{Code, Refusal};
use countersign_core::time::Span;
use countersign_engine::SpaceState;
use countersign_ledger::hash::Digest;
use countersign_store::Upload;
use schemars::JsonSchema;
use serde::Serialize;

use crate::app::App;
use crate::json::Answer;
use crate::problem::{Problem, Result};
use crate::routes::{Access, Content, Route, json};
use crate::schema::text::{self, At};
use crate::viewer::Viewer;

pub(crate) static ROUTE: Route = Route {
    access: Access::Relation { token: Some(Scope::Request) },
    reason: "relation: for one's own requests and runs only; bounded by quotas (G22)",
    summary: "Uploads a file of at most 64 MiB. The answer is the value that a file parameter takes; what no request \
              or run cites within 24 hours vanishes.",
    body: Some(Content::Plain("application/octet-stream")),
    success: 201,
    answer: json::<Uploaded>(),
    ..Route::post("/api/v1/blobs", || post(create).layer(DefaultBodyLimit::max(MOST)))
};

/// Largest file: what a parameter's definition may allow at most.
const MOST: usize = 64 << 20;
/// Bytes of one person, and of everybody, that nothing cites yet.
const EACH: u64 = 256 << 20;
const ALL: u64 = 2 << 30;
const KEPT: Span = Span::from_hours(24);

/// A file that was uploaded: the first three are the value of a file parameter.
#[derive(Serialize, JsonSchema)]
struct Uploaded {
    #[schemars(with = "text::Digest")]
    sha256: Digest,
    /// In bytes.
    size: u64,
    media_type: String,
    /// When it vanishes unless a request or a run cites it.
    expires: At,
}

async fn create(
    State(app): State<App>,
    viewer: Viewer,
    headers: HeaderMap,
    request: Request,
) -> Result<Response> {
    // Before anything of it is read: what waits here takes no memory.
    let _room = app.uploads(viewer.person).await?;
    let bytes = Bytes::from_request(request, &()).await.map_err(|rejection| match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => {
            Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "payload_too_large", "A file has at most 64 MiB.")
        }
        _ => Problem::invalid("The file could not be read."),
    })?;
    if bytes.is_empty() {
        return Err(Problem::invalid("The file is empty."));
    }
    let media_type = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let media_type = media_type.unwrap_or("application/octet-stream").to_owned();
    let (engine, person, now) = (app.engine().clone(), viewer.person, app.now());
    let size = u64::try_from(bytes.len()).map_err(Problem::internal)?;
    let stored = tokio::task::spawn_blocking(move || -> Result<Digest> {
        if engine.health().disk.state != SpaceState::Enough {
            return Err(Refusal::new(Code::NoSpace, "The server's disk is full.").into());
        }
        Ok(engine.blobs().upload(&bytes, &Upload { person, now, each: EACH, all: ALL })?)
    });
    let sha256 = stored.await.map_err(Problem::internal)??;
    let uploaded = Uploaded { sha256, size, media_type, expires: now.plus(KEPT).into() };
    Ok((StatusCode::CREATED, Answer(uploaded)).into_response())
}
