//! Shows an authorization.

use axum::extract::State;
use axum::routing::get;
use countersign_core::id::RequestNumber;

use crate::app::App;
use crate::json::{Answer, Id};
use crate::problem::{Problem, Result};
use crate::routes::{Route, json};
use crate::see::people::Names;
use crate::see::requests::{self, Authorization};
use crate::viewer::Viewer;

pub(crate) static ROUTE: Route = Route {
    summary: "An authorization: its window, uses, and how it ended. Its number is its request's.",
    answer: json::<Authorization>(),
    ..Route::get("/api/v1/authorizations/{number}", || get(show))
};

async fn show(
    State(app): State<App>,
    viewer: Viewer,
    Id(number): Id<RequestNumber>,
) -> Result<Answer<Authorization>> {
    let (state, now, person) = (app.state(), app.now(), viewer.person);
    app.read(move |reader| {
        let (row, _) = requests::find(&state, reader, person, number)?;
        let names = Names::load(reader, requests::people(&row))?;
        Authorization::of(&row, &names, now).map(Answer).ok_or_else(Problem::not_found)
    })
    .await
}
