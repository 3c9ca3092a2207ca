//! What judging many objects at one state asks again and again, each found once: thousands of requests share a few
//! policies, groups and people. It lives as long as one judgement of one state, so nothing in it can be stale.

use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::rc::Rc;

use countersign_ledger::hash::Digest;

use crate::covers::TaskList;
use crate::id::{GroupId, PersonId, PolicyId};
use crate::name::{RoleName, TaskName};
use crate::policy::{Human, Target};
use crate::request::Asked;
use crate::state::State;
use crate::tasks::{self, Governing};

/// One judgement of one state.
pub(super) struct Once<'s> {
    pub(super) state: &'s State,
    governing: BTreeMap<(Target, Option<RoleName>), Option<Governing>>,
    /// Who of a group could decide, in the order in which they came.
    deciders: BTreeMap<GroupId, Vec<(u64, Human)>>,
    /// The first so many of them.
    eligible: BTreeMap<(GroupId, usize), Rc<BTreeSet<Human>>>,
    lists: BTreeMap<String, Option<Digest>>,
    may_ask: BTreeMap<(PersonId, Target, PolicyId), bool>,
}

impl<'s> Once<'s> {
    pub(super) fn at(state: &'s State) -> Self {
        Self {
            state,
            governing: BTreeMap::new(),
            deciders: BTreeMap::new(),
            eligible: BTreeMap::new(),
            lists: BTreeMap::new(),
            may_ask: BTreeMap::new(),
        }
    }

    /// The policy that governs now what was asked.
    pub(super) fn governing(&mut self, asked: &Asked) -> Option<Governing> {
        let key = (asked.target.clone(), asked.role.clone());
        let find = || tasks::chosen(self.state, &asked.target, asked.role.as_ref());
        self.governing.entry(key).or_insert_with(find).clone()
    }

    /// The digest of the list that a request for this task, so spelt, would cite now.
    pub(super) fn list_of(&mut self, task: &TaskName) -> Option<Digest> {
        let find = || TaskList::digest_of_one(task, tasks::find(self.state, task)?.digest);
        *self.lists.entry(task.to_string()).or_insert_with(find)
    }

    /// Whether who asked may still ask (G4).
    pub(super) fn may_ask(&mut self, asked: &Asked, governing: &Governing) -> bool {
        let key = (asked.requester, asked.target.clone(), governing.policy);
        let ask = || super::may_ask(self.state, asked.requester, &asked.target, governing);
        *self.may_ask.entry(key).or_insert_with(ask)
    }

    /// The humans eligible for each stage of what was asked (G11).
    pub(super) fn eligible(&mut self, asked: &Asked) -> Vec<Rc<BTreeSet<Human>>> {
        asked.stages.iter().map(|stage| self.members(stage.group, asked.seq)).collect()
    }

    fn members(&mut self, group: GroupId, before: u64) -> Rc<BTreeSet<Human>> {
        let directory = &self.state.directory;
        let deciders = self.deciders.entry(group).or_insert_with(|| {
            let able = directory.members(group).filter(|(person, _)| directory.can_decide(*person));
            let mut able: Vec<(u64, Human)> =
                able.map(|(person, since)| (since, directory.human(person))).collect();
            able.sort_unstable();
            able
        });
        let many = deciders.partition_point(|(since, _)| *since < before);
        let first = || Rc::new(deciders.iter().take(many).map(|(_, human)| *human).collect());
        Rc::clone(self.eligible.entry((group, many)).or_insert_with(first))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn g11_who_is_eligible_is_what_the_directory_says() {
        let state = State::default();
        let mut once = Once::at(&state);
        let nobody = GroupId::from_bytes([1; 16]);
        assert_eq!(*once.members(nobody, 5), state.directory.eligible(nobody, 5));
    }
}
