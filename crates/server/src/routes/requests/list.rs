//! Lists access requests.

use axum::extract::State;
use axum::routing::get;
use countersign_core::view::rows::request;
use countersign_core::view::{Column as _, RequestStatus};
use countersign_store::{Condition, Visibility, list as page_of};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::app::App;
use crate::json::{Answer, Asked};
use crate::problem::{Problem, Result};
use crate::routes::{Route, json};
use crate::schema::{whole, word};
use crate::see::page::{self, Page};
use crate::see::people::Names;
use crate::see::requests::{self, Request};
use crate::viewer::Viewer;

pub(crate) static ROUTE: Route = Route {
    summary: "Access requests: one's own and those addressed to one, the newest first.",
    query: Some(whole::<Filter>),
    answer: json::<Page<Request>>(),
    ..Route::get("/api/v1/requests", || get(list))
};

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Filter {
    /// Only one's own.
    mine: Option<bool>,
    /// Only those that wait for one's decision.
    to_decide: Option<bool>,
    #[schemars(with = "Option<word::RequestStatus>")]
    status: Option<String>,
    /// Items on a page; 50 if absent.
    #[schemars(range(min = 1, max = 500))]
    limit: Option<usize>,
    /// `next` of the page before.
    cursor: Option<String>,
}

async fn list(
    State(app): State<App>,
    viewer: Viewer,
    Asked(filter): Asked<Filter>,
) -> Result<Answer<Page<Request>>> {
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
        Ok(Answer(Page::of(&page, |row| Request::of(row, &names, now))))
    })
    .await
}
