//! Lists groups.

use axum::extract::State;
use axum::routing::get;
use serde_json::{Value as Json, json};

use crate::app::App;
use crate::json::Answer;
use crate::problem::Result;
use crate::routes::{CONFIGURATION, Route};
use crate::see::people::opened;
use crate::see::{config, page};
use crate::viewer::Viewer;

pub(crate) static ROUTE: Route = Route {
    reason: CONFIGURATION,
    summary: "Groups of people: those one belongs to, or all.",
    ..Route::get("/api/v1/groups", || get(list))
};

async fn list(State(app): State<App>, viewer: Viewer) -> Result<Answer<Json>> {
    let (state, now, person) = (app.state(), app.now(), viewer.person);
    let all = config::reads(&state, person, now);
    app.read(move |reader| {
        let mut items = Vec::new();
        for (id, group) in state.directory.groups() {
            let member = state.directory.is_member(id, person);
            if all || member {
                items.push(json!({
                    "id": id, "name": group.name, "mail": opened(reader, &group.mail)?, "member": member,
                    "people": state.directory.members(id).count(),
                }));
            }
        }
        Ok(Answer(page::whole(items, state.next_seq)))
    })
    .await
}
