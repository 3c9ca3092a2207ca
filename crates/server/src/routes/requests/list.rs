//! Lists access requests.

use axum::extract::State;
use axum::routing::get;
use countersign_core::view::rows::request;
use countersign_core::view::{Column as _, RequestStatus};
use countersign_store::{Condition, Visibility, list as page_of};
use serde::Deserialize;
use serde_json::Value as Json;

use crate::app::App;
use crate::json::{Answer, Asked};
use crate::problem::{Problem, Result};
use crate::routes::{CURSOR, LIMIT, Route};
use crate::see::people::Names;
use crate::see::{page, requests};
use crate::viewer::Viewer;

pub(crate) static ROUTE: Route = Route {
    summary: "Access requests: one's own and those addressed to one, the newest first.",
    query: &[
        ("mine", "`true`: only one's own."),
        ("to_decide", "`true`: only those that wait for one's decision."),
        ("status", "`pending`, `approved`, `denied`, `cancelled`, `expired` and so on."),
        LIMIT,
        CURSOR,
    ],
    ..Route::get("/api/v1/requests", || get(list))
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Filter {
    mine: Option<bool>,
    to_decide: Option<bool>,
    status: Option<String>,
    limit: Option<usize>,
    cursor: Option<String>,
}

async fn list(State(app): State<App>, viewer: Viewer, Asked(filter): Asked<Filter>) -> Result<Answer<Json>> {
    let (state, now, person) = (app.state(), app.now(), viewer.person);
    let mut query = page::query(filter.limit, filter.cursor)?;
    if let Some(status) = filter.status {
        let status = RequestStatus::from_word(&status)
            .ok_or_else(|| Problem::invalid("`status` is not a status of requests."))?;
        query = query.with(Condition::Is(request::status(&status)));
    }
    if filter.mine == Some(true) {
        query = query.with(Condition::Is(request::requester(&person)));
    }
    if filter.to_decide == Some(true) {
        let numbers = requests::to_decide(&state, person);
        let newest = numbers.iter().rev().take(1_000).map(|number| number.to_cell()).collect();
        query = query.with(Condition::OneOf("number", newest));
    }
    app.read(move |reader| {
        let addressed = requests::addressed_to(&state, reader, person)?;
        query.visibility = Visibility::Only { person: Some(person), requests: addressed };
        let page = page_of::<request::Row>(reader, &query)?;
        let names = Names::load(reader, page.rows.iter().flat_map(requests::people))?;
        let items = page.rows.iter().map(|row| requests::line(row, &names, now)).collect();
        Ok(Answer(page::answer(&page, items)))
    })
    .await
}
