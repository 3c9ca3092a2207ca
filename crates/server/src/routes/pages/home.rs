//! What stands at the root.

use axum::extract::State;
use axum::response::Response;
use axum::routing::get;

use super::page;
use crate::app::App;
use crate::routes::{Access, Route};

pub(crate) static ROUTE: Route = Route {
    access: Access::Public,
    reason: "public: the first page names the organization only",
    summary: "A page that says how to sign in.",
    answer: "text/html",
    ..Route::get("/", || get(home))
};

async fn home(State(app): State<App>) -> Response {
    page(&app, "Countersign", "Sign in on the command line:", &["countersign login"])
}
