//! Direct members of groups and role groups.

use countersign_core::directory;
use countersign_core::id::GroupId;
use countersign_core::state::State;
use countersign_store::Reader;
use schemars::JsonSchema;
use serde::Serialize;

use super::people::{Names, Person};
use crate::problem::Result;
use crate::schema::text;

/// A direct member: `{person}` or `{group}`.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Member {
    Person(Person),
    Group(MemberGroup),
}

/// A group as a member.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct MemberGroup {
    #[schemars(with = "text::GroupId")]
    id: GroupId,
    name: Option<String>,
}

/// Direct members by name.
pub(crate) fn members<'a>(
    reader: &dyn Reader,
    state: &State,
    members: impl Iterator<Item = &'a directory::Member>,
) -> Result<Vec<Member>> {
    let members: Vec<directory::Member> = members.copied().collect();
    let people = members.iter().filter_map(|member| match member {
        directory::Member::Person(id) => Some(*id),
        directory::Member::Group(_) => None,
    });
    let names = Names::load(reader, people)?;
    let shown = members.iter().map(|member| match member {
        directory::Member::Person(id) => Member::Person(names.show(*id)),
        directory::Member::Group(id) => {
            let name = state.directory.group(*id).map(|group| group.name.to_string());
            Member::Group(MemberGroup { id: *id, name })
        }
    });
    Ok(shown.collect())
}
