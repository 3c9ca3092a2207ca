//! What only the host, or two default approvers, bring about beside every task: epochs, and appointed approvers.

use std::collections::BTreeSet;

use super::{At, Judge};
use crate::{
    Rule,
    form::{Actor, EpochOpened, GroupMembersChanged, Member, Person},
};

/// How long everybody who was told of an appointment has to object, in microseconds.
const NOTICE: u64 = 24 * 3_600_000_000;

impl Judge {
    /// A new epoch cites the head that was served before it, and is accepted by the host or by two default approvers, the
    /// second of whom it is.
    pub(super) fn epoch_opened(&mut self, at: &At<'_>, body: &EpochOpened) {
        let humans: BTreeSet<Person> = body
            .accepted
            .iter()
            .filter(|person| self.default_approver(**person))
            .map(|person| self.world.directory.human(*person))
            .collect();
        let one = at.actor.person().is_some_and(|person| body.accepted.contains(&person));
        let by_host = at.actor == (Actor::Host {}) && body.accepted.is_empty();
        let by_two = one && at.actor.token().is_none() && humans.len() >= 2;
        self.check(
            by_host || by_two,
            Rule::Epochs,
            "neither the host's own account nor two default approvers accepted the copy",
        );
        let all = body.accepted.iter().all(|person| self.default_approver(*person));
        self.check(all, Rule::Epochs, "it names somebody as accepting who is no default approver");
        self.check(!body.doubts.is_empty(), Rule::Epochs, "it does not say what was wrong with the copy");
        self.check(
            body.epoch > self.world.epoch,
            Rule::Epochs,
            "epochs go on, each with a number of its own",
        );
        let cites = &body.cites.origin;
        let before =
            cites.ledger() == self.world.ledger && (self.world.epoch..body.epoch).contains(&cites.epoch());
        self.check(before, Rule::Epochs, "it cites no head of an earlier epoch of this ledger");
        self.world.epoch = body.epoch;
    }

    pub(super) fn appointed(&mut self, at: &At<'_>, person: Person, from: i64) {
        let able = self.world.directory.can_decide(person) && self.world.approvers.is_some();
        self.check(able, Rule::SetUp, "recovery appoints nobody who could not decide");
        let when = from == at.time || from == super::later(at.time, NOTICE);
        self.check(when, Rule::SetUp, "an appointment takes effect at once or after a day");
        self.world.appointed.insert(person, from);
    }

    /// Whether a change of members is what an appointment on the host brings about: one person, in the default approver
    /// group, when the time has come.
    pub(super) fn appoints(&mut self, at: &At<'_>, body: &GroupMembersChanged) -> bool {
        let [Member::Person(person)] = body.added.as_slice() else { return false };
        let own = matches!(at.actor, Actor::Host {} | Actor::System {}) && body.removed.is_empty();
        let due = self.world.appointed.get(person).is_some_and(|from| *from <= at.time);
        own && due && self.world.approvers == Some(body.group)
    }

    /// Who became a default approver, whichever way, is not appointed any more; nor is who was disabled.
    pub(super) fn settled(&mut self, group: crate::form::Group, added: &[Member]) {
        if self.world.approvers == Some(group) {
            for member in added {
                if let Member::Person(person) = member {
                    self.world.appointed.remove(person);
                }
            }
        }
    }
}
