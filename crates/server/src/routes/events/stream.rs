//! Streams what changes: server-sent events with a noun and an id, after the viewer's filter.

use std::convert::Infallible;
use std::time::Duration;

use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use countersign_core::event::wire;
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::mpsc;

use crate::app::App;
use crate::problem::{Problem, Result};
use crate::routes::{Content, Route};
use crate::schema::of;
use crate::see::changes::{self, Changed};
use crate::stream::Receiving;
use crate::viewer::{self, Viewer};

pub(crate) static ROUTE: Route = Route {
    reason: "relation: only nouns and ids of what the person may see; the session is checked again for each",
    summary: "Changes as server-sent events: `id` is the ledger's position, `data` is `{noun, id, seq}`.",
    answer: Content::Lines("text/event-stream", of::<Changed>),
    ..Route::get("/api/v1/events", || get(stream))
};

/// How often a silent stream is checked and kept alive.
const ALIVE: Duration = Duration::from_secs(15);
/// Events that a reconnecting client is caught up with; one that is further behind fetches everything anew.
const CATCH_UP: u64 = 500;
/// Entries read at once.
const PAGE: usize = 100;

async fn stream(State(app): State<App>, headers: HeaderMap, viewer: Viewer) -> Result<Response> {
    let last = headers.get("last-event-id").and_then(|value| value.to_str().ok());
    let last = last.and_then(|text| text.parse::<u64>().ok());
    let (send, receive) = mpsc::channel(64);
    let open = app.stream(viewer.person)?;
    tokio::spawn(async move {
        let _open = open;
        let mut telling = Telling { app, headers, viewer, send, next: 0 };
        if let Err(problem) = telling.tell(last).await {
            tracing::debug!(code = problem.code(), "a stream of changes ended");
        }
    });
    let mut response =
        Sse::new(Receiving(receive)).keep_alive(KeepAlive::new().interval(ALIVE)).into_response();
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store, no-transform"));
    Ok(response)
}

struct Telling {
    app: App,
    headers: HeaderMap,
    viewer: Viewer,
    send: mpsc::Sender<std::result::Result<Event, Infallible>>,
    /// The position that is read next.
    next: u64,
}

impl Telling {
    /// Ends with the client, the session, or the server.
    async fn tell(&mut self, last: Option<u64>) -> Result<()> {
        let mut changes = self.app.engine().subscribe();
        let size = self.app.state().next_seq;
        self.next = size;
        if let Some(last) = last.filter(|last| *last < size) {
            if size - last > CATCH_UP {
                self.reset(size).await?;
            } else {
                self.next = last + 1;
            }
        }
        self.catch_up().await?;
        loop {
            let changed = tokio::select! {
                changed = changes.recv() => Some(changed),
                () = self.send.closed() => return Ok(()),
                () = tokio::time::sleep(ALIVE) => None,
            };
            viewer::still(&self.app, &self.headers, &self.viewer).await?;
            match changed {
                None => {}
                Some(Ok(_)) => self.catch_up().await?,
                Some(Err(RecvError::Lagged(_))) => {
                    let size = self.app.state().next_seq;
                    self.reset(size).await?;
                    self.next = size;
                }
                Some(Err(RecvError::Closed)) => return Ok(()),
            }
        }
    }

    /// What is committed and was not told yet. The ledger is read, not the notice: so nothing is told twice.
    async fn catch_up(&mut self) -> Result<()> {
        loop {
            let (state, person, now, from) =
                (self.app.state(), self.viewer.person, self.app.now(), self.next);
            if from >= state.next_seq {
                return Ok(());
            }
            let told = self.app.read(move |reader| {
                let mut told: Vec<Changed> = Vec::new();
                let mut next = from;
                for entry in reader.entries(from, PAGE)? {
                    let event = wire::from_bytes(&entry.bytes).map_err(Problem::internal)?;
                    told.extend(changes::told(&state, reader, person, &event, now)?);
                    next = entry.seq + 1;
                }
                Ok((told, next))
            });
            let (told, next) = told.await?;
            if next == self.next {
                return Ok(());
            }
            self.next = next;
            for changed in told {
                let data = serde_json::to_string(&changed).map_err(Problem::internal)?;
                self.give(Event::default().id(changed.seq.to_string()).data(data)).await?;
            }
        }
    }

    async fn reset(&self, size: u64) -> Result<()> {
        let data = serde_json::json!({ "noun": "everything", "id": "", "seq": size }).to_string();
        self.give(Event::default().id(size.saturating_sub(1).to_string()).data(data)).await
    }

    async fn give(&self, event: Event) -> Result<()> {
        self.send.send(Ok(event)).await.map_err(|_| viewer::sign_in_required())
    }
}
