//! Where the mail about a request leads.

use axum::extract::State;
use axum::response::Response;
use axum::routing::get;
use countersign_core::id::RequestNumber;

use super::page;
use crate::app::App;
use crate::json::Id;
use crate::routes::{Access, Route};

pub(crate) static ROUTE: Route = Route {
    access: Access::Public,
    reason: "public: the same words for every number, whether or not there is such a request",
    summary: "A page that says how to see and decide a request.",
    answer: "text/html",
    ..Route::get("/requests/{number}", || get(request))
};

async fn request(State(app): State<App>, Id(number): Id<RequestNumber>) -> Response {
    let commands = [
        "countersign login".to_owned(),
        format!("countersign request show {number}"),
        format!("countersign request approve {number}"),
        format!("countersign request deny {number} --comment '<why>'"),
    ];
    let commands: Vec<&str> = commands.iter().map(String::as_str).collect();
    page(&app, &format!("Access request {number}"), "Sign in, read the request, then decide:", &commands)
}
