//! Where the mail with a single-use link leads. Its secret stands behind the `#`, which browsers do not send.

use axum::extract::State;
use axum::response::Response;
use axum::routing::get;

use super::page;
use crate::app::App;
use crate::routes::{Access, Route};

pub(crate) static ROUTE: Route = Route {
    access: Access::Public,
    reason: "public: the same words for everybody; the secret is not sent by opening it",
    summary: "A page that says how to set a password by a link.",
    answer: "text/html",
    ..Route::get("/invitation", || get(invitation))
};

async fn invitation(State(app): State<App>) -> Response {
    let words = "Set your password on the command line, with the whole address of this page as the link. It works once.";
    page(&app, "Set your password", words, &["countersign invitation redeem"])
}
