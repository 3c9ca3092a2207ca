//! Erasures: only of what nobody acts by any more, and only after the organization's retention.

use super::{At, Judge, later};
use crate::{Rule, form::Subject};

impl Judge {
    pub(super) fn erased(&mut self, at: &At<'_>, subject: Subject) {
        self.effect(at, "Erased");
        let live = match subject {
            Subject::Person { person } => {
                self.check(self.world.directory.has(person), Rule::Identity, "there is no such person");
                self.world.directory.enabled(person)
            }
            Subject::Request { number } => {
                self.world.requests.contains_key(&number)
                    || self.world.authorizations.contains_key(&number)
                    || self.world.untold.contains_key(&number)
                    || self.world.executions.values().any(|running| running.number() == Some(number))
            }
        };
        self.check(!live, Rule::Erasure, "what is in use was erased");
        let retention = self.world.settings.as_ref().map_or(u64::MAX, |settings| settings.output_retention);
        let kept = self.world.over.get(&subject).is_some_and(|over| at.time >= later(*over, retention));
        self.check(kept, Rule::Erasure, "it was erased before the organization's retention was over");
    }

    /// Somebody was disabled, or a request is over.
    pub(super) fn over(&mut self, subject: Subject, time: i64) {
        self.world.over.entry(subject).or_insert(time);
    }
}
