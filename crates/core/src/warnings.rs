//! What is to be said of an approval policy: where it asks for less than one it stands before (G5), and whether enough
//! people could approve (G10).

use std::collections::BTreeSet;

use crate::name::TaskName;
use crate::policy::{Exception, PolicyTerms, Target};
use crate::shortage;
use crate::state::State;
use crate::tasks;

/// What is to be said of a policy. Nothing is good.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warnings {
    /// Where it is weaker than one that it shadows, or than one of equal rank.
    pub exceptions: BTreeSet<Exception>,
    /// Too few people could approve for somebody who may ask.
    pub short: bool,
    /// One person's leaving would make it so.
    pub hangs_on_one: bool,
}

/// What is to be said of a policy with these terms.
#[must_use]
pub fn of(state: &State, terms: &PolicyTerms) -> Warnings {
    Warnings {
        exceptions: exceptions(state, &terms.target),
        short: shortage::of(state, terms).is_err(),
        hangs_on_one: shortage::hangs_on_one(state, terms),
    }
}

/// Where the policy of a target governs and is weaker than another that covers the same: of the target itself, and of
/// each task that it contains.
fn exceptions(state: &State, target: &Target) -> BTreeSet<Exception> {
    let default = state.organization.default_approvers;
    let mut found = tasks::written(state, target).exceptions(default);
    let tasks: BTreeSet<TaskName> = match target {
        Target::Task(_) => BTreeSet::new(),
        Target::Role(role) => {
            state.catalog.roles.get(role).map(|role| role.tasks.clone()).unwrap_or_default()
        }
        Target::RoleGroup(group) => state.catalog.tasks_of_group(group),
    };
    for task in tasks {
        found.extend(tasks::written(state, &Target::Task(task)).exceptions(default));
    }
    found.retain(|exception| exception.policy == *target);
    found
}
