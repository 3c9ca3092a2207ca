//! Revokes an API token of one's own.

use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::delete;
use countersign_core::command::Command;
use countersign_core::id::TokenId;

use crate::app::App;
use crate::json::Id;
use crate::problem::Result;
use crate::routes::Route;
use crate::viewer::Viewer;

pub(crate) static ROUTE: Route =
    Route { summary: "Revokes an API token.", ..Route::delete("/api/v1/tokens/{id}", || delete(revoke)) };

async fn revoke(State(app): State<App>, viewer: Viewer, Id(token): Id<TokenId>) -> Result<StatusCode> {
    app.carry_out(viewer.principal(), Command::RevokeToken { token }).await?;
    Ok(StatusCode::NO_CONTENT)
}
