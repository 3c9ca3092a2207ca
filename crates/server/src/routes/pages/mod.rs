//! Plain pages that links in mails lead to: they say what to do on the command line. Nothing changes by opening one.

pub(crate) mod home;
pub(crate) mod invitation;
pub(crate) mod request;

use axum::http::header;
use axum::response::{IntoResponse, Response};

use crate::app::App;

/// A page of fixed words; `commands` are shown as they are to be typed.
fn page(app: &App, title: &str, words: &str, commands: &[&str]) -> Response {
    let organization = escape(&app.state().organization.name);
    let commands: String = commands.iter().map(|command| format!("<pre>{}</pre>", escape(command))).collect();
    let body = format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width\"><title>{title} - Countersign</title></head>\
         <body><h1>{title}</h1><p>{organization}</p><p>{words}</p>{commands}</body></html>\n",
        title = escape(title),
        words = escape(words),
    );
    ([(header::CONTENT_TYPE, "text/html; charset=utf-8")], body).into_response()
}

fn escape(text: &str) -> String {
    let visible = countersign_text::visible(text);
    visible.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
