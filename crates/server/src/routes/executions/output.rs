//! Streams an execution's output. The stream ends with the outcome; a client that goes away stops nothing.

use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use countersign_core::actor::Scope;
use countersign_core::id::ExecutionId;
use countersign_core::view::Column as _;
use countersign_core::view::rows::execution;
use countersign_engine::OutputReader;
use countersign_store::{Stream, get as row};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tokio::sync::mpsc;

use crate::app::App;
use crate::json::{Asked, Id};
use crate::problem::{Problem, Result};
use crate::routes::{Access, Content, Route};
use crate::schema::{of, whole};
use crate::see::executions::{self, Execution, OutputEnd, Parameters};
use crate::see::grant;
use crate::see::people::Names;
use crate::stream::Receiving;
use crate::viewer::{self, Viewer};

pub(crate) static ROUTE: Route = Route {
    access: Access::Task { task: "Get-ExecutionOutput", token: Some(Scope::Read) },
    reason: "relation for who ran it, and for a preview whom its request is addressed to now; everybody else runs Countersign\\Get-ExecutionOutput through the gate (G19)",
    summary: "The output as lines of JSON: `{stream, offset, data}` with base64 data, at last `{outcome}`.",
    query: Some(whole::<Filter>),
    answer: Content::Lines("application/x-ndjson", of::<OutputLine>),
    ..Route::get("/api/v1/executions/{id}/output", || get(output))
};

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Filter {
    /// Waits for more while it runs.
    follow: Option<bool>,
}

/// A line of an output: a piece, or how it ended.
#[derive(Serialize, JsonSchema)]
#[serde(untagged)]
enum OutputLine {
    Piece(OutputPiece),
    End(OutputEnd),
}

/// Some bytes of a stream.
#[derive(Serialize, JsonSchema)]
struct OutputPiece {
    stream: StreamName,
    /// Where in the stream it begins.
    offset: u64,
    /// The bytes in base64.
    data: String,
}

/// Which stream.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum StreamName {
    Stdout,
    Stderr,
}

async fn output(
    State(app): State<App>,
    headers: HeaderMap,
    viewer: Viewer,
    Id(id): Id<ExecutionId>,
    Asked(filter): Asked<Filter>,
) -> Result<Response> {
    let (state, person) = (app.state(), viewer.person);
    let own = app
        .read(move |reader| {
            let found = row::<execution::Row>(reader, &[id.to_cell()])?;
            let own = found.map(|found| executions::is_own(&state, reader, &found, person));
            Ok(own.transpose()?.unwrap_or(false))
        })
        .await?;
    if !own {
        // The gate first: whether there is such an execution is told only to who may read it.
        grant::output(&app, &viewer, id).await?;
    }
    let (send, receive) = mpsc::channel(4);
    let open = app.stream(person)?;
    let reader = if filter.follow == Some(true) { Some(app.engine().output(id)) } else { None };
    tokio::spawn(async move {
        let _open = open;
        let sent = match reader {
            Some(reader) => follow(&app, &headers, &viewer, reader, &send).await,
            None => kept(&app, id, &send).await,
        };
        if sent.is_some() {
            let last = end(&app, id).await.unwrap_or_default();
            let _ = send.send(Ok(lined(&OutputLine::End(last)))).await;
        }
    });
    let body = Body::from_stream(Receiving::<std::io::Result<Bytes>>(receive));
    Ok(([(header::CONTENT_TYPE, "application/x-ndjson")], body).into_response())
}

/// How often the session behind a stream is looked at.
const LOOK: Duration = Duration::from_secs(5);

type Sender = mpsc::Sender<std::io::Result<Bytes>>;

/// What there is and what comes; none if the client went away, their session ended, or a file failed.
async fn follow(
    app: &App,
    headers: &HeaderMap,
    viewer: &Viewer,
    mut reader: OutputReader,
    send: &Sender,
) -> Option<()> {
    let mut look = tokio::time::interval(LOOK);
    loop {
        // A client that waits for silence is noticed as well.
        let next = tokio::select! {
            next = reader.next() => next,
            () = send.closed() => return None,
            _ = look.tick() => {
                viewer::still(app, headers, viewer).await.ok()?;
                continue;
            }
        };
        match next {
            Ok(Some(chunk)) => send.send(Ok(part(chunk.stream, chunk.offset, &chunk.bytes))).await.ok()?,
            Ok(None) => return Some(()),
            Err(error) => {
                tracing::error!(%error, "output could not be read");
                let _ = send.send(Err(std::io::Error::other("the output could not be read"))).await;
                return None;
            }
        }
    }
}

/// What is kept now.
async fn kept(app: &App, id: ExecutionId, send: &Sender) -> Option<()> {
    const CHUNK: usize = 64 * 1024;
    for stream in [Stream::Stdout, Stream::Stderr] {
        let mut offset = 0;
        loop {
            let outputs = app.engine().outputs();
            let read = tokio::task::spawn_blocking(move || outputs.read(id, stream, offset, CHUNK)).await;
            let bytes = match read {
                Ok(Ok(bytes)) => bytes.unwrap_or_default(),
                _ => {
                    let _ = send.send(Err(std::io::Error::other("the output could not be read"))).await;
                    return None;
                }
            };
            if bytes.is_empty() {
                break;
            }
            send.send(Ok(part(stream, offset, &bytes))).await.ok()?;
            offset = offset.saturating_add(u64::try_from(bytes.len()).unwrap_or(0));
        }
    }
    Some(())
}

fn part(stream: Stream, offset: u64, bytes: &[u8]) -> Bytes {
    let stream = match stream {
        Stream::Stdout => StreamName::Stdout,
        Stream::Stderr => StreamName::Stderr,
    };
    lined(&OutputLine::Piece(OutputPiece { stream, offset, data: STANDARD.encode(bytes) }))
}

fn lined(line: &OutputLine) -> Bytes {
    let mut text = serde_json::to_vec(line).unwrap_or_default();
    text.push(b'\n');
    Bytes::from(text)
}

async fn find(app: &App, id: ExecutionId) -> Result<Option<execution::Row>> {
    app.read(move |reader| Ok(row::<execution::Row>(reader, &[id.to_cell()])?)).await
}

/// The last line: how it stands now.
async fn end(app: &App, id: ExecutionId) -> Result<OutputEnd> {
    let found = find(app, id).await?.ok_or_else(Problem::not_found)?;
    Ok(Execution::of(&found, &Names::default(), Parameters::Hidden).end())
}
