//! What a request opens, within its bounds.

use super::Draft;
use crate::covers::{Covers, TaskList};
use crate::id::PolicyId;
use crate::policy::Target;
use crate::refusal::{Code, Refusal};
use crate::request::{KEPT_FOR_CONTROL_PLANE, MOST_COVERED, MOST_LISTED};
use crate::standing;
use crate::tasks;

/// What the target opens now: what the ledger is to say of it, the list, and the bytes to be kept.
pub(super) fn covers(
    draft: &Draft<'_>,
    target: &Target,
    policy: PolicyId,
) -> Result<(Covers, TaskList, Vec<u8>), Refusal> {
    let state = &draft.state;
    let (tasks, _) = tasks::opened(state, target, policy);
    let many = tasks.len();
    if many == 0 {
        return Err(Refusal::new(
            Code::NotCovered,
            format!("{target} opens no task: each is governed by a policy of its own or missing."),
        ));
    }
    if many > MOST_COVERED {
        return Err(Refusal::new(
            Code::LimitReached,
            format!("{target} opens {many} tasks; a request covers at most {MOST_COVERED}."),
        )
        .hint("ask for one of its roles, or for single tasks"));
    }
    let role_version = match target {
        Target::Role(role) => state.catalog.roles.get(role).map(|role| role.version),
        Target::Task(_) | Target::RoleGroup(_) => None,
    };
    let (list, bytes) = TaskList::new(tasks).map_err(|error| {
        Refusal::new(Code::InvalidInput, format!("The list of tasks cannot be written: {error}."))
    })?;
    // What puts a flood to an end is not kept out by it.
    let kept = if standing::is_control_plane(state, target) { 0 } else { KEPT_FOR_CONTROL_PLANE };
    if state.lists.get(&list.digest()).is_none() && state.lists.entries() + many > MOST_LISTED - kept {
        return Err(Refusal::new(
            Code::LimitReached,
            format!("What lives covers {} tasks already, by different lists.", state.lists.entries()),
        )
        .hint("give back what is no longer needed: countersign authorization give-back R-<number>"));
    }
    let covers = Covers { list: list.digest(), tasks: u32::try_from(many).unwrap_or(u32::MAX), role_version };
    Ok((covers, list, bytes))
}
