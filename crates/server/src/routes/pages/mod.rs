//! The admin center: one page that draws every screen, and its files. Nothing changes by opening one.

pub(crate) mod home;
pub(crate) mod page;

use axum::http::header;
use axum::response::{IntoResponse, Response};

use crate::app::App;
use crate::problem::Result;
use crate::web;

/// The admin center's page, or one that says why there is none.
fn answer(app: &App) -> Result<Response> {
    match app.options().web.index() {
        Some(text) => web::index(text, app.seed()?),
        None => Ok(without()),
    }
}

/// The same words at every address, so that they tell nothing.
fn without() -> Response {
    const TEXT: &str = "<!doctype html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\">\
        <meta name=\"viewport\" content=\"width=device-width\"><title>Countersign</title></head>\n<body>\n\
        <h1>Countersign</h1>\n\
        <p>This binary was built without the admin center. To build it with the admin center:</p>\n\
        <pre>cd web\nnpm ci --ignore-scripts\nnpm run build\ncd ..\ncargo build --release</pre>\n\
        <p>Everything can be done on the command line. With a link from a mail, set your password:</p>\n\
        <pre>countersign invitation redeem</pre>\n\
        <p>Then sign in, and see what waits for you:</p>\n\
        <pre>countersign login\ncountersign request list --to-decide\ncountersign request show R-…</pre>\n\
        </body>\n</html>\n";
    ([(header::CONTENT_TYPE, "text/html; charset=utf-8")], TEXT).into_response()
}
