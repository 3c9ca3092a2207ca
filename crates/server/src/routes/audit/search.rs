//! Searches the audit log.

use axum::extract::State;
use axum::routing::get;
use countersign_core::actor::Scope;
use countersign_store::{Cursor, Direction, Visibility};

use super::filter::Search;
use crate::app::App;
use crate::json::{Answer, Asked};
use crate::problem::Result;
use crate::routes::{Access, Route, json};
use crate::schema::whole;
use crate::see::events::AuditEvent;
use crate::see::grant;
use crate::see::page::{self, Page};
use crate::see::people::Names;
use crate::viewer::Viewer;

pub(crate) static ROUTE: Route = Route {
    access: Access::Task { task: "Search-AuditLog", token: Some(Scope::Read) },
    reason: "task: runs Countersign\\Search-AuditLog through the gate, and is recorded once per filter (G20)",
    summary: "Events, the newest first, without sensitive values.",
    query: Some(whole::<Search>),
    answer: json::<Page<AuditEvent>>(),
    ..Route::get("/api/v1/audit/events", || get(search))
};

async fn search(
    State(app): State<App>,
    viewer: Viewer,
    Asked(asked): Asked<Search>,
) -> Result<Answer<Page<AuditEvent>>> {
    let filter = asked.read()?;
    let limit = page::limit(asked.limit)?;
    let cursor = asked.cursor.map(Cursor);
    grant::audit(&app, &viewer, "Search-AuditLog", &filter).await?;
    app.read(move |reader| {
        let everything = Visibility::All;
        let page = reader.events(&filter, &everything, Direction::NewestFirst, cursor.as_ref(), limit)?;
        let names = Names::load(reader, page.rows.iter().filter_map(|row| row.person))?;
        Ok(Answer(Page::of(&page, |row| AuditEvent::of(row, &names))))
    })
    .await
}
