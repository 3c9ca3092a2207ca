//! Counts events over time.

use axum::extract::State;
use axum::routing::get;
use countersign_core::actor::Scope;
use countersign_core::time::Span;
use countersign_store::Visibility;
use schemars::JsonSchema;
use serde::Serialize;

use super::filter::Histogram;
use crate::app::App;
use crate::json::{Answer, Asked};
use crate::problem::{Problem, Result};
use crate::routes::{Access, Route, json};
use crate::schema::text::At;
use crate::schema::whole;
use crate::see::grant;
use crate::viewer::Viewer;

pub(crate) static ROUTE: Route = Route {
    access: Access::Task { task: "Search-AuditLog", token: Some(Scope::Read) },
    reason: "task: runs Countersign\\Search-AuditLog through the gate; with the same filter it is the same reading (G20)",
    summary: "How many events match in each part of a stretch of time.",
    query: Some(whole::<Histogram>),
    answer: json::<EventCounts>(),
    ..Route::get("/api/v1/audit/histogram", || get(count))
};

/// Parts unless asked otherwise, and at most.
const USUAL: usize = 60;
const MOST: usize = 400;
/// How far back it looks unless asked otherwise.
const USUAL_SPAN: Span = Span::from_hours(24 * 30);

/// How many events match, over time.
#[derive(Serialize, JsonSchema)]
struct EventCounts {
    from: At,
    to: At,
    items: Vec<EventCount>,
}

/// How many events match from an instant until the next part's.
#[derive(Serialize, JsonSchema)]
struct EventCount {
    from: At,
    events: u64,
}

async fn count(
    State(app): State<App>,
    viewer: Viewer,
    Asked(asked): Asked<Histogram>,
) -> Result<Answer<EventCounts>> {
    let filter = asked.read()?;
    let parts = match asked.parts.unwrap_or(USUAL) {
        parts @ 1..=MOST => parts,
        _ => return Err(Problem::invalid(format!("`parts` lies between 1 and {MOST}."))),
    };
    let until = filter.until.unwrap_or_else(|| app.now().plus(Span::from_micros(1)));
    let from = filter.from.unwrap_or_else(|| until.minus(USUAL_SPAN));
    if from >= until {
        return Err(Problem::invalid("`from` lies before `to`."));
    }
    grant::audit(&app, &viewer, "Search-AuditLog", &filter).await?;
    let everything = Visibility::All;
    let counts =
        app.read(move |reader| Ok(reader.histogram(&filter, &everything, (from, until), parts)?)).await?;
    let width = until.since(from).as_micros().div_ceil(u64::try_from(parts).unwrap_or(1));
    let items = counts.into_iter().zip(0_u64..).map(|(events, part)| EventCount {
        from: At(from.plus(Span::from_micros(width.saturating_mul(part)))),
        events,
    });
    let items = items.filter(|item| item.from.0 < until || item.events > 0).collect();
    Ok(Answer(EventCounts { from: from.into(), to: until.into(), items }))
}
