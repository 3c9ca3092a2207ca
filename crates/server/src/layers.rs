//! What lies around every route: the request's id, headers that protect, time and size limits, and the guard that
//! lets in whom the route's entry in the table says.

use std::time::Duration;

use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;
use countersign_core::actor::Scope;
use countersign_core::command::Closed;
use countersign_identity::session::CsrfToken;
use tracing::Instrument as _;

use crate::app::App;
use crate::client_address::{ClientAddress, Peer};
use crate::json::too_large;
use crate::problem::{Problem, Result};
use crate::routes::{Access, Route};
use crate::sign_in::session::Use;
use crate::viewer::{self, Carrier, Means, Viewer};

/// Largest body, in bytes.
pub(crate) const MAX_BODY: usize = 1 << 20;
/// How long a route may take until its answer begins.
const TIME: Duration = Duration::from_secs(30);

/// On every answer while the ledger is a restored copy that nobody has accepted.
const READ_ONLY: HeaderName = HeaderName::from_static("countersign-read-only");

const HEADERS: [(&str, &str); 8] = [
    (
        "content-security-policy",
        "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    ),
    ("x-frame-options", "DENY"),
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "no-referrer"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("permissions-policy", "camera=(), geolocation=(), microphone=()"),
    ("cache-control", "no-store"),
];

/// The outermost layer: names the request, measures it, and turns whatever went wrong into a problem.
pub(crate) async fn outermost(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let id = request_id(&app);
    let peer = request.extensions().get::<Peer>().map(|peer| peer.0.ip());
    let peer = peer.unwrap_or(std::net::Ipv4Addr::UNSPECIFIED.into());
    let client = app.options().trusted_proxies.client(peer, request.headers());
    request.extensions_mut().insert(ClientAddress(client));
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let began = app.now();
    // What is logged while it is answered carries the id that the answer shows.
    let span = tracing::info_span!("request", request_id = %id);
    let mut response = match tokio::time::timeout(TIME, next.run(request).instrument(span)).await {
        Ok(response) => complete(response, &id),
        Err(_) => {
            let late = Problem::new(StatusCode::SERVICE_UNAVAILABLE, "timeout", "This took too long.");
            late.answer(&id)
        }
    };
    let took = app.now().since(began);
    let route = response.extensions().get::<MatchedPath>().map_or("", MatchedPath::as_str).to_owned();
    app.metrics().answered(&method, &route, response.status(), took);
    tracing::info!(
        request_id = %id, method = %method, path = %shown(&path), status = response.status().as_u16(),
        client = %client, micros = took.as_micros(), "answered"
    );
    let headers = response.headers_mut();
    for (name, value) in HEADERS {
        let name = HeaderName::from_static(name);
        if !headers.contains_key(&name) {
            headers.insert(name, HeaderValue::from_static(value));
        }
    }
    if app.engine().restored().is_some() {
        headers.insert(READ_ONLY, HeaderValue::from_static("restored-copy"));
    }
    if let Ok(value) = HeaderValue::from_str(&id) {
        headers.insert(HeaderName::from_static("x-request-id"), value);
    }
    if app.options().transport == countersign_identity::session::Transport::Https {
        let lasting = HeaderValue::from_static("max-age=31536000");
        headers.insert(header::STRICT_TRANSPORT_SECURITY, lasting);
    }
    response
}

fn request_id(app: &App) -> String {
    let seed = app.seed().unwrap_or_default();
    hex::encode(seed.first_chunk::<8>().unwrap_or(&[0; 8]))
}

/// Paths hold ids and names, never secrets; what hides in them is made visible, and they are cut.
fn shown(path: &str) -> String {
    countersign_text::visible(&path.chars().take(200).collect::<String>())
}

/// Problems get their body here; errors of the framework become problems.
fn complete(mut response: Response, id: &str) -> Response {
    let problem = match response.extensions_mut().remove::<Problem>() {
        Some(problem) => problem,
        // A handler's own answer, of whatever status, is not the framework's.
        None if is_json(&response) => return response,
        None if response.status().is_client_error() || response.status().is_server_error() => {
            unnamed(response.status())
        }
        None => return response,
    };
    let mut answer = problem.answer(id);
    if let Some(allow) = response.headers().get(header::ALLOW) {
        answer.headers_mut().insert(header::ALLOW, allow.clone());
    }
    if let Some(path) = response.extensions().get::<MatchedPath>() {
        answer.extensions_mut().insert(path.clone());
    }
    answer
}

fn is_json(response: &Response) -> bool {
    let kind = response.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    kind.is_some_and(|kind| kind.starts_with("application/json"))
}

fn unnamed(status: StatusCode) -> Problem {
    match status {
        StatusCode::NOT_FOUND => Problem::not_found(),
        StatusCode::PAYLOAD_TOO_LARGE => too_large(),
        StatusCode::METHOD_NOT_ALLOWED => {
            Problem::new(status, "method_not_allowed", "This path does not take this method.")
        }
        status if status.is_client_error() => {
            Problem::new(status, "invalid_input", "The request is malformed.")
        }
        status => Problem::new(status, "internal", "Something failed inside the server."),
    }
}

/// The guard in front of one route: no handler behind it runs for whom its entry does not let in.
pub(crate) async fn guard(
    State((app, route)): State<(App, &'static Route)>,
    mut request: Request,
    next: Next,
) -> Response {
    let matched = request.extensions().get::<MatchedPath>().cloned();
    let entered = enter(&app, route, &mut request).await;
    let mut response = match entered {
        Ok(()) => next.run(request).await,
        Err(problem) => axum::response::IntoResponse::into_response(problem),
    };
    if let Some(matched) = matched {
        response.extensions_mut().insert(matched);
    }
    response
}

async fn enter(app: &App, route: &'static Route, request: &mut Request) -> Result<()> {
    let changes = !matches!(*request.method(), Method::GET | Method::HEAD);
    if changes {
        same_site(app, request.headers())?;
    }
    if route.access == Access::Public {
        return Ok(());
    }
    let (viewer, carrier) = viewer::recognize(app, request.headers(), Use::Counts).await?;
    if changes && carrier == Carrier::Cookie {
        meant(app, &viewer, request.headers())?;
    }
    let state = app.state();
    match (&viewer.means, route.access) {
        (Means::Token(token), access) => {
            let reach: &[Scope] = match access {
                Access::Relation { token: Some(scope) } | Access::Task { token: Some(scope), .. } => &[scope],
                Access::Asking => &[Scope::Request, Scope::Raise],
                _ => &[],
            };
            if !reach.iter().any(|scope| viewer::has_scope(&state, *token, *scope)) {
                return Err(viewer::turn_away(app, &viewer, route, Closed::Scope).await);
            }
        }
        (Means::Session(_), Access::Begun) => {}
        (Means::Session(live), _) if live.awaits_second_factor(&state) => {
            return Err(Problem::new(
                StatusCode::FORBIDDEN,
                "second_factor_required",
                "Finish signing in with your second factor.",
            ));
        }
        (Means::Session(_), _) => {}
    }
    request.extensions_mut().insert(viewer);
    Ok(())
}

/// A browser says which page a change comes from; another site's changes nothing.
fn same_site(app: &App, headers: &HeaderMap) -> Result<()> {
    let refused =
        || Problem::new(StatusCode::FORBIDDEN, "wrong_origin", "This comes from another site's page.");
    let mut origins = headers.get_all(header::ORIGIN).iter();
    if let Some(origin) = origins.next() {
        let origin = origin.to_str().map_err(|_| refused())?;
        if origins.next().is_some() || !is_ours(app, origin) {
            return Err(refused());
        }
    }
    let site = headers.get("sec-fetch-site").and_then(|value| value.to_str().ok());
    match site {
        None | Some("same-origin" | "none") => Ok(()),
        Some(_) => Err(refused()),
    }
}

/// Our own pages' origins: the public address, and on loopback the address listened on. Never what `Host` says.
fn is_ours(app: &App, origin: &str) -> bool {
    let options = app.options();
    let public = options.public_url.as_ref().map(ToString::to_string);
    if public.is_some_and(|url| origin_of(&url).eq_ignore_ascii_case(origin)) {
        return true;
    }
    let (address, port) = (options.listen.ip(), options.listen.port());
    address.is_loopback()
        && ["localhost", "127.0.0.1", "[::1]"].iter().any(|host| origin == format!("http://{host}:{port}"))
}

/// `scheme://host[:port]` of an address.
fn origin_of(url: &str) -> String {
    let (scheme, rest) = url.split_once("://").unwrap_or(("", url));
    let authority = rest.split('/').next().unwrap_or_default();
    format!("{scheme}://{authority}")
}

/// A cookie is sent by the browser whoever asked; the page of ours that asked also knows the session's token.
fn meant(app: &App, viewer: &Viewer, headers: &HeaderMap) -> Result<()> {
    let live = viewer.session()?;
    let sent = headers.get("x-csrf-token").and_then(|value| value.to_str().ok()).unwrap_or_default();
    if CsrfToken::derive(app.key(), &live.hash).matches(sent) {
        return Ok(());
    }
    Err(Problem::new(
        StatusCode::FORBIDDEN,
        "csrf_refused",
        "The session's CSRF token is missing or another's: send it as X-CSRF-Token.",
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn w1_origins_are_compared_whole() {
        assert_eq!(origin_of("https://pam.contoso.example/path"), "https://pam.contoso.example");
        assert_eq!(origin_of("http://127.0.0.1:8470"), "http://127.0.0.1:8470");
    }

    #[test]
    fn paths_in_logs_are_visible_and_cut() {
        assert_eq!(shown(&format!("/{}", "x".repeat(900))).len(), 200);
    }
}
