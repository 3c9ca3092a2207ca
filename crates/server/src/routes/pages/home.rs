//! What stands at the root.

use axum::extract::State;
use axum::response::Response;
use axum::routing::get;

use super::answer;
use crate::app::App;
use crate::problem::Result;
use crate::routes::{Access, Content, Route};

pub(crate) static ROUTE: Route = Route {
    access: Access::Public,
    reason: "public: the same page for everybody; what it shows it asks the API for",
    summary: "The admin center.",
    answer: Content::Plain("text/html"),
    ..Route::get("/", || get(home))
};

async fn home(State(app): State<App>) -> Result<Response> {
    answer(&app)
}
