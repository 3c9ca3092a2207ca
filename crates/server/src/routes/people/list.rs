//! Lists people.

use axum::extract::State;
use axum::routing::get;
use countersign_core::id::PersonId;
use countersign_core::view::Column as _;
use countersign_core::view::rows::person;
use countersign_store::{Condition, list as page_of};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::app::App;
use crate::json::{Answer, Asked};
use crate::problem::Result;
use crate::routes::{CONFIGURATION, Route, json};
use crate::schema::text::{self, At};
use crate::schema::whole;
use crate::see::config;
use crate::see::page::{self, Page};
use crate::viewer::Viewer;

pub(crate) static ROUTE: Route = Route {
    reason: CONFIGURATION,
    summary: "People: oneself, or everybody.",
    query: Some(whole::<Filter>),
    answer: json::<Page<Account>>(),
    ..Route::get("/api/v1/people", || get(list))
};

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Filter {
    /// Words that a name or address begins with.
    text: Option<String>,
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
) -> Result<Answer<Page<Account>>> {
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
    Ok(Answer(Page::of(&page, Account::of)))
}

/// A person or service account. Names are null once erased.
#[derive(Serialize, JsonSchema)]
pub(super) struct Account {
    #[schemars(with = "text::PersonId")]
    id: PersonId,
    upn: Option<String>,
    display_name: Option<String>,
    mail: Option<String>,
    kind: AccountKind,
    /// Whose service account it is.
    #[schemars(with = "Option<text::PersonId>")]
    owner: Option<PersonId>,
    enabled: bool,
    created: At,
}

/// What kind of account it is.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum AccountKind {
    Member,
    Service,
}

impl Account {
    pub(super) fn of(row: &person::Row) -> Self {
        Self {
            id: row.id,
            upn: row.upn.clone(),
            display_name: row.display_name.clone(),
            mail: row.mail.clone(),
            kind: if row.owner.is_some() { AccountKind::Service } else { AccountKind::Member },
            owner: row.owner,
            enabled: row.enabled,
            created: row.created.into(),
        }
    }
}
