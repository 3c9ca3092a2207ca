//! The admin center's files and, at every address that could be a screen's, its page.

use axum::extract::State;
use axum::http::{HeaderMap, Uri, header};
use axum::response::Response;
use axum::routing::get;

use super::answer;
use crate::app::App;
use crate::problem::{Problem, Result};
use crate::routes::{Access, Content, Route};
use crate::web;

pub(crate) static ROUTE: Route = Route {
    access: Access::Public,
    reason: "public: the same for everybody, whether or not there is what the address names",
    summary: "A file of the admin center, or its page where the address is one of its screens'.",
    answer: Content::Plain("text/html"),
    ..Route::get("/{*page}", || get(page).fallback(nothing))
};

/// First segments that are no screen's.
const OURS: [&str; 5] = ["api", "assets", "healthz", "readyz", "metrics"];

async fn page(State(app): State<App>, uri: Uri, headers: HeaderMap) -> Result<Response> {
    let path = uri.path().trim_start_matches('/');
    if let Some(file) = app.options().web.find(path) {
        return web::file(file, &headers);
    }
    if is_screen(path) && wants_page(&headers) { answer(&app) } else { Err(Problem::not_found()) }
}

async fn nothing() -> Problem {
    Problem::not_found()
}

/// A missing file is missing; a screen's address has no dot in its last segment.
fn is_screen(path: &str) -> bool {
    let mut segments = path.split('/');
    let first = segments.next().unwrap_or_default();
    !OURS.contains(&first) && !segments.next_back().unwrap_or(first).contains('.')
}

/// A browser that opens an address says that it reads HTML; a script that fetches one does not.
fn wants_page(headers: &HeaderMap) -> bool {
    let accepted = headers.get_all(header::ACCEPT).iter().filter_map(|value| value.to_str().ok());
    accepted.flat_map(|value| value.split(',')).any(|one| one.trim().starts_with("text/html"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn screens_have_no_dot_at_the_end_and_are_not_the_servers_own() {
        for yes in ["requests", "requests/R-1042", "tasks/Exchange.Online/New-MoveRequest", "apis"] {
            assert!(is_screen(yes), "{yes}");
        }
        for no in ["api", "api/v1/nothing", "assets/x", "favicon.ico", "a/b.js", "metrics/x", "healthz/"] {
            assert!(!is_screen(no), "{no}");
        }
    }
}
