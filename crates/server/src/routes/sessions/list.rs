//! Lists one's sessions.

use axum::extract::State;
use axum::routing::get;
use schemars::JsonSchema;
use serde::Serialize;

use crate::app::App;
use crate::json::Answer;
use crate::problem::Result;
use crate::routes::{PEOPLE, Route, json};
use crate::schema::text::{self, At};
use crate::see::page::Page;
use crate::sign_in::session::{self, Live};
use crate::viewer::Viewer;

pub(crate) static ROUTE: Route = Route {
    access: PEOPLE,
    summary: "One's sessions that are open, the one used last first.",
    answer: json::<Page<OwnSession>>(),
    ..Route::get("/api/v1/sessions", || get(list))
};

/// A session of one's own.
#[derive(Serialize, JsonSchema)]
struct OwnSession {
    /// Stands for it; its secret can't be found from this.
    #[schemars(with = "text::Digest")]
    id: String,
    created: At,
    /// When it was last used, to the minute.
    seen: At,
    /// When it ends at the latest; it ends earlier if it is not used.
    until: At,
    /// Whether a second factor was shown in it.
    second_factor: bool,
    /// Whether it is the one that asks.
    current: bool,
}

async fn list(State(app): State<App>, viewer: Viewer) -> Result<Answer<Page<OwnSession>>> {
    let current = viewer.session()?.hash;
    let open = session::open(&app, viewer.person).await?;
    let shown = |live: &Live| OwnSession {
        id: live.public_id().to_string(),
        created: At(countersign_core::time::Instant::from_micros(live.session.created_at)),
        seen: At(countersign_core::time::Instant::from_micros(live.session.last_seen)),
        until: live.until.into(),
        second_factor: live.session.second_factor_at.is_some(),
        current: live.hash == current,
    };
    Ok(Answer(Page::whole(open.iter().map(shown).collect(), app.state().next_seq)))
}
