//! What a request covers (G7): a list beside the ledger, held against what its target opens.

use std::sync::Arc;

use super::{At, Judge};
use crate::{
    Rule,
    form::{
        List, Submitted, Target,
        covers::{digest, read},
    },
    report::Counts,
};

/// The most tasks that one request may cover.
const MOST: usize = 10_000;

impl Judge {
    /// The list that a request cites; none if nobody can know it. It has what the target opens now, by the digests of now.
    pub(super) fn covers(&mut self, at: &At<'_>, body: &Submitted, counts: &mut Counts) -> Option<Arc<List>> {
        let opened = self.world.catalog.opened(&body.target, body.policy);
        let version = match &body.target {
            Target::Role(role) => self.world.catalog.roles.get(role).map(|role| role.version),
            Target::Task(_) | Target::RoleGroup(_) => None,
        };
        let many = opened.len() == body.covers.tasks as usize && version == body.covers.role_version;
        self.check(many, Rule::G7, "it says another number of tasks, or version of its role, than there is");
        self.check(opened.len() <= MOST, Rule::G22, "it covers more tasks than a request may");
        let stored = self.stored(at, body);
        let made = || {
            let tasks = &self.world.catalog.tasks;
            let now: Option<List> =
                opened.iter().map(|task| Some((task.clone(), tasks.get(task)?.digest))).collect();
            let now = now.filter(|now| {
                digest(now.iter().map(|(task, digest)| (task, *digest))) == Some(body.covers.list)
            });
            now.map(Arc::new)
        };
        let Some(list) = stored.or_else(made) else {
            counts.lists_unknown += 1;
            return None;
        };
        let same = !opened.is_empty() && opened.iter().eq(list.keys());
        self.check(same, Rule::G7, "it does not cover what its target opens");
        let digests = list.iter().all(|(task, digest)| {
            task.own().is_some()
                || self.world.catalog.tasks.get(task).is_some_and(|task| task.digest == *digest)
        });
        self.check(digests, Rule::G7, "it covers a task by another digest than the task has");
        // What nothing live holds any more is let go, now and then.
        let live = self.world.requests.len() + self.world.authorizations.len();
        if self.world.lists.len() > 2 * live + 64 {
            self.world.lists.retain(|_, list| Arc::strong_count(list) > 1);
        }
        self.world.lists.insert(body.covers.list, Arc::clone(&list));
        Some(list)
    }

    /// The list as it is beside the ledger. That one is missing or was changed is found where values are opened.
    fn stored(&mut self, at: &At<'_>, body: &Submitted) -> Option<Arc<List>> {
        let wanted = body.covers.list;
        let value = at.values.get(&wanted)?;
        if let Some(list) = self.world.lists.get(&wanted) {
            return Some(Arc::clone(list));
        }
        let list = read(value).map(Arc::new);
        self.check(list.is_some(), Rule::G7, "what it cites as its list of tasks is none");
        list
    }
}
