//! What a request opens, as it is shown: how many tasks, and some of their names.

use std::ops::Bound;

use countersign_core::covers::{Covers, TaskList};
use countersign_core::name::TaskName;
use countersign_core::state::State;
use countersign_ledger::hash::Digest;
use countersign_store::Reader;
use schemars::JsonSchema;
use serde::Serialize;

use crate::problem::Result;
use crate::schema::text;

/// The names that come with a request.
const FIRST: usize = 100;

/// The tasks that a request opens.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Opens {
    /// How many there are.
    count: u32,
    /// The version of the role that was asked for; null for a task or a role group.
    role_version: Option<u64>,
    /// SHA-256 of the list, which stands in the statement.
    #[schemars(with = "text::Digest")]
    list: Digest,
    /// The first hundred; null if the list is missing or was altered, and nothing is opened.
    #[schemars(with = "Option<Vec<text::TaskName>>")]
    first: Option<Vec<TaskName>>,
}

impl Opens {
    pub(crate) fn of(state: &State, reader: &dyn Reader, covers: &Covers) -> Result<Self> {
        Ok(Self {
            count: covers.tasks,
            role_version: covers.role_version,
            list: covers.list,
            first: some(state, reader, covers, None, FIRST)?.map(names),
        })
    }
}

/// So many tasks of a list with their digests, behind a name; none if the list is missing or was altered.
pub(crate) fn some(
    state: &State,
    reader: &dyn Reader,
    covers: &Covers,
    behind: Option<&TaskName>,
    most: usize,
) -> Result<Option<Vec<(TaskName, Digest)>>> {
    let cut = |list: &TaskList| {
        let from = behind.map_or(Bound::Unbounded, Bound::Excluded);
        let tasks = list.tasks().range::<TaskName, _>((from, Bound::Unbounded)).take(most);
        tasks.map(|(task, digest)| (task.clone(), *digest)).collect()
    };
    if let Some(list) = state.lists.get(&covers.list) {
        return Ok(Some(cut(list)));
    }
    let stored = reader.sealed(&[covers.list])?.into_iter().next();
    let list = stored.and_then(|stored| TaskList::from_bytes(&stored.value, covers.list).ok());
    Ok(list.as_ref().map(cut))
}

/// The digest that a task has in a list.
pub(crate) fn digest(
    state: &State,
    reader: &dyn Reader,
    covers: &Covers,
    task: &TaskName,
) -> Result<Option<Digest>> {
    if let Some(list) = state.lists.get(&covers.list) {
        return Ok(list.tasks().get(task).copied());
    }
    let stored = reader.sealed(&[covers.list])?.into_iter().next();
    let list = stored.and_then(|stored| TaskList::from_bytes(&stored.value, covers.list).ok());
    Ok(list.and_then(|list| list.tasks().get(task).copied()))
}

/// Their names alone.
pub(crate) fn names(tasks: Vec<(TaskName, Digest)>) -> Vec<TaskName> {
    tasks.into_iter().map(|(task, _)| task).collect()
}
