//! What ends with its authorization: that it is owed, that only what is owed is taken back, and when that is settled (G13).

use super::{At, Judge, later, world::Owed};
use crate::{
    Rule,
    form::{
        Actor, Basis, Execution, ExecutionStarted, Name, ObligationIncurred, ObligationSettled, Outcome,
        Settled,
    },
};

/// The longest that one try may take: five minutes.
const LONGEST: u64 = 5 * 60_000_000;

impl Judge {
    pub(super) fn lasting(&self, task: &Name) -> bool {
        self.world.catalog.tasks.get(task).is_some_and(|task| task.definition.lasting())
    }

    pub(super) fn obligation_incurred(&mut self, at: &At<'_>, body: &ObligationIncurred) {
        self.about(at, body.number);
        let fits = self.commands.incurred(body.execution);
        self.check(fits, Rule::G13, "no execution that ends with its authorization began before it");
        let Some(running) = self.world.executions.get(&body.execution) else { return };
        let under = running.number() == Some(body.number);
        let owed = Owed {
            number: body.number,
            person: running.person,
            task: running.task.clone(),
            digest: running.digest,
            values: running.committed,
            failed: false,
        };
        self.world.owed.insert(body.execution, owed);
        self.check(under, Rule::G13, "it ran under another authorization");
    }

    pub(super) fn by_take_back(&mut self, at: &At<'_>, body: &ExecutionStarted, of: Execution) {
        self.check(at.actor == Actor::System {}, Rule::G3, "only Countersign itself takes back");
        let runs = self.world.executions.get(&of).is_some_and(|running| !running.unknown);
        let tried = self.world.executions.values().any(|running| {
            !running.unknown && matches!(running.basis, Basis::TakeBack { of: other } if other == of)
        });
        let Some(owed) = self.world.owed.get(&of) else {
            return self.fault(Rule::G3, format!("nothing of {of} is to be taken back"));
        };
        let same = owed.person == body.person && owed.task == body.task && owed.digest == body.digest;
        let over = owed.failed || !self.world.authorizations.contains_key(&owed.number);
        let values = at.values.get(&owed.values).zip(at.values.get(&body.values));
        let alike = values.is_none_or(|(then, now)| then == now);
        let number = owed.number;
        self.about(at, number);
        self.check(same, Rule::G7, "it takes back something else than what was run");
        self.check(alike, Rule::Parameters, "it takes back with other values than it was run with");
        self.check(over, Rule::G13, "its authorization lives");
        self.check(!runs && !tried, Rule::G6, "it is running, or being taken back already");
        self.check(body.deadline <= later(at.time, LONGEST), Rule::G15, "it may run longer than a try may");
    }

    /// Takes note of what an outcome proves, for the event that must follow it.
    pub(super) fn prove(&mut self, execution: Execution, outcome: &Outcome) {
        let of = self.world.executions.get(&execution).and_then(|running| match running.basis {
            Basis::TakeBack { of } => Some(of),
            _ => None,
        });
        self.world.proved = match (of, outcome) {
            (Some(of), Outcome::Succeeded {}) => Some((of, Settled::TakenBack)),
            (_, Outcome::Failed { reason, .. }) if reason.starts_with("not_started_") => {
                Some((execution, Settled::NothingDone))
            }
            _ => None,
        };
        if let (Some(owed), Outcome::Failed { .. } | Outcome::Stopped { .. }) =
            (self.world.owed.get_mut(&execution), outcome)
        {
            owed.failed = true;
        }
    }

    pub(super) fn obligation_settled(&mut self, at: &At<'_>, body: &ObligationSettled) {
        let Some(owed) = self.world.owed.remove(&body.execution) else {
            return self.fault(Rule::G13, format!("nothing of {} is to be taken back", body.execution));
        };
        self.about(at, owed.number);
        if body.how == Settled::ByHand {
            return self.inside_task(at, "ObligationSettled");
        }
        self.by_system(at);
        let proved = self.world.proved.take() == Some((body.execution, body.how));
        self.check(proved, Rule::G13, "nothing before it says that nothing of it is left");
    }
}
