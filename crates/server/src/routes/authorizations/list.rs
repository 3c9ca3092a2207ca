//! Lists authorizations.

use axum::extract::State;
use axum::routing::get;
use countersign_core::view::AuthorizationStatus;
use countersign_core::view::rows::request;
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
use crate::see::requests::{self, Authorization};
use crate::viewer::Viewer;

pub(crate) static ROUTE: Route = Route {
    summary: "Authorizations: one's own and those one could revoke, the newest first.",
    query: Some(whole::<Filter>),
    answer: json::<Page<Authorization>>(),
    ..Route::get("/api/v1/authorizations", || get(list))
};

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Filter {
    /// Only one's own.
    mine: Option<bool>,
    #[schemars(with = "Option<word::AuthorizationStatus>")]
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
) -> Result<Answer<Page<Authorization>>> {
    let (state, now, person) = (app.state(), app.now(), viewer.person);
    let mut query = page::query(filter.limit, filter.cursor)?.with(Condition::Present("authorization"));
    if let Some(status) = filter.status {
        let status = AuthorizationStatus::from_word(&status)
            .ok_or_else(|| Problem::invalid("`status` is not a status of authorizations."))?;
        query = query.with(Condition::Is(request::authorization(&Some(status))));
        if status == AuthorizationStatus::Active {
            query = query.with(Condition::AtLeast(request::until(&Some(now))));
        }
    }
    if filter.mine == Some(true) {
        query = query.with(Condition::Is(request::requester(&person)));
    }
    app.read(move |reader| {
        let addressed = requests::addressed_to(&state, reader, person)?;
        query.visibility = Visibility::Only { person: Some(person), requests: addressed };
        let page = page_of::<request::Row>(reader, &query)?;
        let names = Names::load(reader, page.rows.iter().flat_map(requests::people))?;
        Ok(Answer(Page::of_some(&page, |row| Authorization::of(row, &names, now))))
    })
    .await
}
