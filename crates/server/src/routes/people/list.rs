//! Lists people.

use axum::extract::State;
use axum::routing::get;
use countersign_core::view::Column as _;
use countersign_core::view::rows::person;
use countersign_store::{Condition, list as page_of};
use serde::Deserialize;
use serde_json::{Value as Json, json};

use crate::app::App;
use crate::json::{Answer, Asked};
use crate::problem::Result;
use crate::routes::{CONFIGURATION, CURSOR, LIMIT, Route};
use crate::see::{at, config, page};
use crate::viewer::Viewer;

pub(crate) static ROUTE: Route = Route {
    reason: CONFIGURATION,
    summary: "People: oneself, or everybody.",
    query: &[("text", "A word that a name or address begins with."), LIMIT, CURSOR],
    ..Route::get("/api/v1/people", || get(list))
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Filter {
    text: Option<String>,
    limit: Option<usize>,
    cursor: Option<String>,
}

async fn list(State(app): State<App>, viewer: Viewer, Asked(filter): Asked<Filter>) -> Result<Answer<Json>> {
    let (state, now) = (app.state(), app.now());
    let mut query = page::query(filter.limit, filter.cursor)?;
    if !config::reads(&state, viewer.person, now) {
        query = query.with(Condition::OneOf("id", vec![viewer.person.to_cell()]));
    }
    for word in filter.text.iter().flat_map(|text| text.split_whitespace()).take(8) {
        let word = format!(" {}", word.to_lowercase());
        query = query.with(Condition::Contains(person::words(&word)));
    }
    let page = app.read(move |reader| Ok(page_of::<person::Row>(reader, &query)?)).await?;
    let items = page.rows.iter().map(line).collect();
    Ok(Answer(page::answer(&page, items)))
}

pub(super) fn line(row: &person::Row) -> Json {
    json!({
        "id": row.id,
        "upn": row.upn,
        "display_name": row.display_name,
        "mail": row.mail,
        "kind": if row.owner.is_some() { "service" } else { "member" },
        "owner": row.owner,
        "enabled": row.enabled,
        "created": at(row.created),
    })
}
