//! Lists one's API tokens.

use axum::extract::State;
use axum::routing::get;
use countersign_core::view::rows::token;
use countersign_store::{Condition, list};
use serde::Deserialize;
use serde_json::{Value as Json, json};

use crate::app::App;
use crate::json::{Answer, Asked};
use crate::problem::Result;
use crate::routes::{CURSOR, LIMIT, Route};
use crate::see::{at, maybe_at, page};
use crate::viewer::Viewer;

pub(crate) static ROUTE: Route = Route {
    summary: "One's API tokens, without their secrets.",
    query: &[LIMIT, CURSOR],
    ..Route::get("/api/v1/tokens", || get(show))
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Filter {
    limit: Option<usize>,
    cursor: Option<String>,
}

async fn show(State(app): State<App>, viewer: Viewer, Asked(filter): Asked<Filter>) -> Result<Answer<Json>> {
    let query = page::query(filter.limit, filter.cursor)?;
    let query = query.with(Condition::Is(token::person(&viewer.person)));
    let now = app.now();
    let page = app.read(move |reader| Ok(list::<token::Row>(reader, &query)?)).await?;
    let items = page.rows.iter().map(|row| {
        json!({
            "id": row.id,
            "label": row.label,
            "scopes": serde_json::from_str::<Json>(&row.scopes).unwrap_or_default(),
            "created": at(row.created),
            "until": at(row.until),
            "revoked": maybe_at(row.revoked),
            "live": row.revoked.is_none() && now < row.until,
        })
    });
    let items = items.collect();
    Ok(Answer(page::answer(&page, items)))
}
