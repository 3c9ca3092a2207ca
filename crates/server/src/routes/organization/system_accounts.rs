//! Lists exempt service accounts.

use axum::extract::State;
use axum::routing::get;
use countersign_core::directory::PersonKind;
use countersign_core::id::PersonId;
use countersign_core::view::Column as _;
use countersign_core::view::rows::{execution, system_account};
use countersign_store::{Condition, ListQuery, Reader, get as one, list};
use schemars::JsonSchema;
use serde::Serialize;

use crate::app::App;
use crate::json::Answer;
use crate::problem::{Problem, Result};
use crate::routes::{Route, json};
use crate::schema::text::At;
use crate::see::config;
use crate::see::page::Page;
use crate::see::people::{Names, Person};
use crate::viewer::Viewer;

pub(crate) static ROUTE: Route = Route {
    reason: "relation: for who may run Countersign\\Get-OrganizationConfig",
    summary: "Exempt service accounts: whose, why, until when, and when the exemption was last used.",
    answer: json::<Page<SystemAccount>>(),
    ..Route::get("/api/v1/organization/system-accounts", || get(show))
};

/// A service account that needs no approval for what its roles contain.
#[derive(Serialize, JsonSchema)]
struct SystemAccount {
    account: Person,
    owner: Option<Person>,
    /// Null once erased.
    reason: Option<String>,
    since: Option<At>,
    until: At,
    /// When it last ran something on the exemption; after 90 days without, the exemption ends.
    last_used: Option<At>,
}

async fn show(State(app): State<App>, viewer: Viewer) -> Result<Answer<Page<SystemAccount>>> {
    let (state, now) = (app.state(), app.now());
    if !config::reads(&state, viewer.person, now) {
        return Err(Problem::not_found());
    }
    app.read(move |reader| {
        let owner = |id: PersonId| match state.directory.person(id).map(|person| &person.kind) {
            Some(PersonKind::Service { owner }) => Some(*owner),
            _ => None,
        };
        let accounts = &state.organization.system_accounts;
        let people = accounts.keys().flat_map(|id| [Some(*id), owner(*id)]).flatten();
        let names = Names::load(reader, people)?;
        let mut items = Vec::new();
        for (id, known) in accounts {
            let row = one::<system_account::Row>(reader, &[id.to_cell()])?;
            items.push(SystemAccount {
                account: names.show(*id),
                owner: names.maybe(owner(*id)),
                since: row.as_ref().map(|row| row.created.into()),
                reason: row.and_then(|row| row.reason),
                until: known.until.into(),
                last_used: last_used(reader, *id)?,
            });
        }
        Ok(Answer(Page::whole(items, state.next_seq)))
    })
    .await
}

/// When an account last ran something on its exemption, among its newest 1,000 runs.
fn last_used(reader: &dyn Reader, id: PersonId) -> Result<Option<At>> {
    let query = ListQuery { limit: 1_000, ..ListQuery::all() };
    let rows = list::<execution::Row>(reader, &query.with(Condition::Is(execution::person(&id))))?.rows;
    Ok(rows.into_iter().find(|row| row.basis == "exemption").map(|row| row.started.into()))
}
