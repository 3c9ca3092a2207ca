//! The API's description.

use axum::routing::get;
use serde_json::{Map, Value as Json};

use crate::json::Answer;
use crate::routes::{Access, Route, json};

pub(crate) static ROUTE: Route = Route {
    access: Access::Public,
    reason: "public: the same for every installation",
    summary: "This description: OpenAPI 3.1.",
    answer: json::<Map<String, Json>>(),
    ..Route::get("/api/v1/openapi.json", || get(describe))
};

async fn describe() -> Answer<Json> {
    Answer(crate::openapi::document())
}
