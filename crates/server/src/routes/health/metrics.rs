//! Figures for Prometheus, on loopback only.

use axum::Extension;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use crate::app::App;
use crate::client_address::ClientAddress;
use crate::problem::{Problem, Result};
use crate::routes::{Access, Content, Route};

pub(crate) static ROUTE: Route = Route {
    access: Access::Public,
    reason: "public on loopback only: counts without names",
    summary: "Figures in Prometheus' text format; answered on loopback only.",
    answer: Content::Plain("text/plain"),
    ..Route::get("/metrics", || get(metrics))
};

async fn metrics(
    State(app): State<App>,
    Extension(ClientAddress(address)): Extension<ClientAddress>,
) -> Result<Response> {
    if !address.to_canonical().is_loopback() {
        return Err(Problem::not_found());
    }
    let engine = app.engine().clone();
    let health = tokio::task::spawn_blocking(move || engine.health()).await.map_err(Problem::internal)?;
    let text = app.metrics().text(&app.state(), &health);
    Ok(([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], text).into_response())
}
