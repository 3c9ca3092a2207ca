//! Lists role groups.

use axum::extract::State;
use axum::routing::get;
use countersign_core::directory::Member;
use countersign_core::policy::Target;
use countersign_core::{standing, tasks};
use serde_json::{Value as Json, json};

use crate::app::App;
use crate::json::Answer;
use crate::problem::Result;
use crate::routes::{CONFIGURATION, Route};
use crate::see::people::Names;
use crate::see::{config, page};
use crate::viewer::Viewer;

pub(crate) static ROUTE: Route = Route {
    reason: CONFIGURATION,
    summary: "Role groups with their roles: one's own, or all of them with their members.",
    ..Route::get("/api/v1/role-groups", || get(list))
};

async fn list(State(app): State<App>, viewer: Viewer) -> Result<Answer<Json>> {
    let (state, now, person) = (app.state(), app.now(), viewer.person);
    let all = config::reads(&state, person, now);
    app.read(move |reader| {
        let mut items = Vec::new();
        for (name, group) in &state.catalog.role_groups {
            let held = state.catalog.in_role_group(&state.directory, name, person);
            let target = Target::RoleGroup(name.clone());
            let may_ask = tasks::governing(&state, &target)
                .iter()
                .any(|governing| standing::may_ask(&state, person, &target, governing));
            if !(all || held || may_ask) {
                continue;
            }
            let members = if all { members(reader, &state, group.members.iter())? } else { Json::Null };
            items.push(json!({
                "name": name, "roles": group.roles, "held": held, "may_ask": may_ask, "members": members,
            }));
        }
        Ok(Answer(page::whole(items, state.next_seq)))
    })
    .await
}

/// Direct members: people by name, groups by name.
pub(crate) fn members<'a>(
    reader: &dyn countersign_store::Reader,
    state: &countersign_core::state::State,
    members: impl Iterator<Item = &'a Member>,
) -> Result<Json> {
    let members: Vec<Member> = members.copied().collect();
    let people = members.iter().filter_map(|member| match member {
        Member::Person(id) => Some(*id),
        Member::Group(_) => None,
    });
    let names = Names::load(reader, people)?;
    let shown = members.iter().map(|member| match member {
        Member::Person(id) => json!({ "person": names.show(*id) }),
        Member::Group(id) => {
            let name = state.directory.group(*id).map(|group| group.name.to_string());
            json!({ "group": { "id": id, "name": name } })
        }
    });
    Ok(shown.collect())
}
