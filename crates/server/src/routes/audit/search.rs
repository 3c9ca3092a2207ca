//! Searches the audit log.

use axum::extract::State;
use axum::routing::get;
use countersign_core::actor::Scope;
use countersign_core::event::body::AuditRead;
use countersign_store::{Cursor, Direction, Visibility};
use serde_json::Value as Json;

use super::filter::{Filter, QUERY};
use crate::app::App;
use crate::json::{Answer, Asked};
use crate::problem::Result;
use crate::routes::{Access, CURSOR, LIMIT, Route};
use crate::see::people::Names;
use crate::see::{events, grant, page};
use crate::viewer::Viewer;

pub(crate) static ROUTE: Route = Route {
    access: Access::Task { task: "Search-AuditLog", token: Some(Scope::Read) },
    reason: "task: runs Countersign\\Search-AuditLog through the gate, and is recorded once per filter (G20)",
    summary: "Events, the newest first, without sensitive values.",
    query: &[
        QUERY[0], QUERY[1], QUERY[2], QUERY[3], QUERY[4], QUERY[5], QUERY[6], QUERY[7], QUERY[8], QUERY[9],
        QUERY[10], LIMIT, CURSOR,
    ],
    ..Route::get("/api/v1/audit/events", || get(search))
};

async fn search(State(app): State<App>, viewer: Viewer, Asked(asked): Asked<Filter>) -> Result<Answer<Json>> {
    let filter = asked.read()?;
    let limit = page::limit(asked.limit)?;
    let cursor = asked.cursor.map(Cursor);
    grant::audit(&app, &viewer, "Search-AuditLog", AuditRead::Search, &filter).await?;
    app.read(move |reader| {
        let everything = Visibility::All;
        let page = reader.events(&filter, &everything, Direction::NewestFirst, cursor.as_ref(), limit)?;
        let names = Names::load(reader, page.rows.iter().filter_map(|row| row.person))?;
        let items = page.rows.iter().map(|row| events::line(row, &names)).collect();
        Ok(Answer(page::answer(&page, items)))
    })
    .await
}
