//! Shows an authorization.

use axum::extract::State;
use axum::routing::get;
use countersign_core::id::RequestNumber;
use serde_json::Value as Json;

use crate::app::App;
use crate::json::{Answer, Id};
use crate::problem::{Problem, Result};
use crate::routes::Route;
use crate::see::people::Names;
use crate::see::requests;
use crate::viewer::Viewer;

pub(crate) static ROUTE: Route = Route {
    summary: "An authorization: its window, uses, and how it ended. Its number is its request's.",
    ..Route::get("/api/v1/authorizations/{number}", || get(show))
};

async fn show(State(app): State<App>, viewer: Viewer, Id(number): Id<RequestNumber>) -> Result<Answer<Json>> {
    let (state, now, person) = (app.state(), app.now(), viewer.person);
    app.read(move |reader| {
        let (row, _) = requests::find(&state, reader, person, number)?;
        let names = Names::load(reader, requests::people(&row))?;
        match requests::authorization(&row, &names, now) {
            Json::Null => Err(Problem::not_found()),
            shown => Ok(Answer(shown)),
        }
    })
    .await
}
