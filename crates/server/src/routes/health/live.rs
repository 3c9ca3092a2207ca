//! Whether the process answers.

use axum::routing::get;

use crate::routes::{Access, Content, Route};

pub(crate) static ROUTE: Route = Route {
    access: Access::Public,
    reason: "public: health",
    summary: "Whether the process answers.",
    answer: Content::Plain("text/plain"),
    ..Route::get("/healthz", || get(live))
};

async fn live() -> &'static str {
    "ok\n"
}
