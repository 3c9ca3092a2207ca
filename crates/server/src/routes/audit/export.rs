//! Exports the audit log: all of it that matches, streamed, without a cap.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use countersign_core::actor::Scope;
use countersign_core::id::PersonId;
use countersign_store::{Reader, Visibility};
use tokio::sync::mpsc;

use super::filter::Export;
use super::formats::Format;
use crate::app::App;
use crate::json::Asked;
use crate::problem::{Problem, Result};
use crate::routes::{Access, Content, Route};
use crate::schema::whole;
use crate::see::grant;
use crate::see::people::Names;
use crate::stream::Receiving;
use crate::viewer::Viewer;

pub(crate) static ROUTE: Route = Route {
    access: Access::Task { task: "Export-AuditLog", token: Some(Scope::Read) },
    reason: "task: runs Countersign\\Export-AuditLog through the gate, and is recorded (G20)",
    summary: "Every event that matches, the oldest first, as JSON lines, CSV, or CSV with the columns of Microsoft's \
              audit search.",
    query: Some(whole::<Export>),
    answer: Content::Plain("application/x-ndjson"),
    ..Route::get("/api/v1/audit/export", || get(export))
};

/// Bytes collected before they are sent.
const CHUNK: usize = 64 * 1024;
/// Names remembered at once; more people than this begin anew.
const NAMES: usize = 10_000;

async fn export(State(app): State<App>, viewer: Viewer, Asked(asked): Asked<Export>) -> Result<Response> {
    let filter = asked.read()?;
    let format = Format::named(asked.format.as_deref().unwrap_or("jsonl"))
        .ok_or_else(|| Problem::invalid("`format` is jsonl, csv or purview."))?;
    grant::audit(&app, &viewer, "Export-AuditLog", &filter).await?;
    let reader = app.engine().reader();
    let open = app.stream(viewer.person)?;
    let (send, receive) = mpsc::channel(4);
    tokio::task::spawn_blocking(move || {
        let _open = open;
        let mut writing = Writing { send, held: Vec::with_capacity(CHUNK), names: BTreeMap::new() };
        writing.held.extend_from_slice(format.head().as_bytes());
        let done = reader.export(&filter, &Visibility::All, &mut |row, leaf| {
            let upn = row.person.map(|person| writing.upn(&*reader, person));
            writing.held.extend_from_slice(format.line(row, leaf, upn.as_deref()).as_bytes());
            if writing.held.len() < CHUNK { ControlFlow::Continue(()) } else { writing.send() }
        });
        match done {
            Ok(_) => drop(writing.send()),
            Err(error) => {
                tracing::error!(%error, "an export ended early");
                // The transfer breaks off visibly: nobody takes a part for the whole.
                let _ = writing.send.blocking_send(Err(std::io::Error::other("the export ended early")));
            }
        }
    });
    let disposition = format!("attachment; filename=\"audit-log.{}\"", format.extension());
    let headers =
        [(header::CONTENT_TYPE, format.media_type().to_owned()), (header::CONTENT_DISPOSITION, disposition)];
    Ok((headers, Body::from_stream(Receiving(receive))).into_response())
}

struct Writing {
    send: mpsc::Sender<std::io::Result<Bytes>>,
    held: Vec<u8>,
    names: BTreeMap<PersonId, String>,
}

impl Writing {
    fn send(&mut self) -> ControlFlow<()> {
        let chunk = std::mem::replace(&mut self.held, Vec::with_capacity(CHUNK));
        match self.send.blocking_send(Ok(Bytes::from(chunk))) {
            Ok(()) => ControlFlow::Continue(()),
            Err(_) => ControlFlow::Break(()),
        }
    }

    fn upn(&mut self, reader: &dyn Reader, person: PersonId) -> String {
        if let Some(known) = self.names.get(&person) {
            return known.clone();
        }
        if self.names.len() >= NAMES {
            self.names.clear();
        }
        let upn =
            Names::load(reader, [person]).map_or_else(|_| person.to_string(), |names| names.upn(person));
        self.names.insert(person, upn.clone());
        upn
    }
}
