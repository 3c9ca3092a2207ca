//! Lists one's API tokens.

use axum::extract::State;
use axum::routing::get;
use countersign_core::actor::Scope;
use countersign_core::id::TokenId;
use countersign_core::time::Instant;
use countersign_core::view::rows::token;
use countersign_store::{Condition, list};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::app::App;
use crate::json::{Answer, Asked};
use crate::problem::Result;
use crate::routes::{Route, json};
use crate::schema::text::{self, At};
use crate::schema::{whole, word};
use crate::see::page::{self, Page};
use crate::viewer::Viewer;

pub(crate) static ROUTE: Route = Route {
    summary: "One's API tokens, without their secrets.",
    query: Some(whole::<Filter>),
    answer: json::<Page<Token>>(),
    ..Route::get("/api/v1/tokens", || get(show))
};

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Filter {
    /// Items on a page; 50 if absent.
    #[schemars(range(min = 1, max = 500))]
    limit: Option<usize>,
    /// `next` of the page before.
    cursor: Option<String>,
}

/// An API token; its secret is nowhere.
#[derive(Serialize, JsonSchema)]
struct Token {
    #[schemars(with = "text::TokenId")]
    id: TokenId,
    /// What its owner calls it.
    label: Option<String>,
    #[schemars(with = "Vec<word::Scope>")]
    scopes: Vec<Scope>,
    created: At,
    until: At,
    revoked: Option<At>,
    /// Whether it opens anything.
    live: bool,
}

async fn show(
    State(app): State<App>,
    viewer: Viewer,
    Asked(filter): Asked<Filter>,
) -> Result<Answer<Page<Token>>> {
    let query = page::query(filter.limit, filter.cursor)?;
    let query = query.with(Condition::Is(token::person(&viewer.person)));
    let now = app.now();
    let page = app.read(move |reader| Ok(list::<token::Row>(reader, &query)?)).await?;
    Ok(Answer(Page::of(&page, |row| Token::of(row, now))))
}

impl Token {
    fn of(row: &token::Row, now: Instant) -> Self {
        Self {
            id: row.id,
            label: row.label.clone(),
            scopes: serde_json::from_str(&row.scopes).unwrap_or_default(),
            created: row.created.into(),
            until: row.until.into(),
            revoked: row.revoked.map(At),
            live: row.revoked.is_none() && now < row.until,
        }
    }
}
