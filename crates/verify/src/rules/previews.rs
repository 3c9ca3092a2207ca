//! Previews: executions that show what a request would do, to its requester and its approvers alone (G3, G19).

use countersign_ledger::Digest;

use super::{
    At, Judge, later, requests, stands,
    windows::open_at,
    world::{Asked, Covered, World},
};
use crate::{
    Rule,
    form::{Basis, ExecutionStarted, Person, PreviewHow, Target},
    report::Counts,
};

/// The longest that one may take: a minute.
const LONGEST: u64 = 60_000_000;
/// How many may run at once.
const MOST_AT_ONCE: usize = 16;

impl World {
    /// What a request rests on, whether it waits or was approved and lives.
    fn open(&self, number: u64) -> Option<&Asked> {
        let live = || self.authorizations.get(&number).map(|live| &live.asked);
        self.requests.get(&number).or_else(live)
    }

    /// Whether a statement is still what is asked, and somebody still its requester or an eligible approver.
    pub(super) fn shows(&self, number: u64, statement: Digest, person: Person) -> bool {
        self.open(number).is_some_and(|asked| {
            let requester = person == asked.form.requester && self.directory.enabled(person);
            let mut stages = (0_u16..).zip(&asked.form.stages);
            asked.form.statement == statement
                && (requester || stages.any(|(stage, _)| self.eligible(asked, person, stage)))
        })
    }
}

impl Judge {
    pub(super) fn by_preview(
        &mut self,
        at: &At<'_>,
        body: &ExecutionStarted,
        (number, statement): (u64, Digest),
        how: PreviewHow,
        counts: &mut Counts,
    ) {
        self.about(at, number);
        self.check(at.actor.token().is_none(), Rule::Tokens, "a token never makes a preview");
        let shows = self.world.shows(number, statement, body.person);
        self.check(
            shows,
            Rule::G19,
            "what it shows is not the current statement of an open request, or is not this person's to see",
        );
        self.check(body.matched == Some(statement), Rule::Parameters, "its values are another statement's");
        let task = self.world.catalog.tasks.get(&body.task);
        let made = task.is_some_and(|task| task.definition.previews(how));
        self.check(made, Rule::G3, "its task has no preview of this kind");
        self.check(
            body.deadline <= later(at.time, LONGEST),
            Rule::G15,
            "it may run longer than a preview may",
        );
        self.few_at_once(number);
        if let Some(pending) = self.world.requests.get(&number) {
            let in_time = at.time < pending.form.expires && body.deadline <= pending.form.expires;
            let stands = stands::request(&self.world, pending, at.time);
            self.check(in_time, Rule::G13, "it shows a request that is over");
            self.check(
                how != PreviewHow::Rollback,
                Rule::G3,
                "nothing is run and rolled back before an approval",
            );
            if let Err((rule, why)) = stands {
                self.fault(rule, format!("R-{number} no longer stood: {why}"));
            }
        } else if let Some(live) = self.world.authorizations.get(&number) {
            let in_time = at.time < live.until && body.deadline <= live.until;
            let form = &live.asked.form;
            let runs = at.time >= live.from
                && form.holder() == body.person
                && open_at(&form.terms.windows, at.time)
                && form.uses.is_none_or(|uses| live.used < uses);
            let stands = stands::authorization(&self.world, &live.asked, at.time);
            self.check(in_time, Rule::G13, "it shows an authorization that is over");
            self.check(
                how != PreviewHow::Rollback || runs,
                Rule::G3,
                "only who may run it now runs it and rolls it back",
            );
            if let Err((rule, why)) = stands {
                self.fault(rule, format!("R-{number} no longer stood: {why}"));
            }
        }
        self.shows_what_is_asked(at, body, number, counts);
    }

    /// What is shown is the task as it was asked for, with values that the request lets through.
    fn shows_what_is_asked(
        &mut self,
        at: &At<'_>,
        body: &ExecutionStarted,
        number: u64,
        counts: &mut Counts,
    ) {
        let Some(asked) = self.world.open(number) else { return };
        let listed = asked.covered(&body.task, body.digest);
        let covered = matches!(listed, Covered::Yes | Covered::Unknown);
        let single = asked.form.target == Target::Task(body.task.clone());
        let values = at.values.get(&body.values).and_then(requests::by_name);
        let wrong: Option<Vec<String>> = asked.statement.as_deref().zip(values).map(|(statement, values)| {
            let task = self.world.catalog.tasks.get(&body.task);
            let implied = task.map(|task| task.definition.implied()).unwrap_or_default();
            let wrong = statement.disallows(&values, |name, value| implied.get(name) == Some(value));
            // What it leaves out has no part in the preview.
            let wrong = wrong.into_iter();
            wrong.filter(|name| values.contains_key(name)).map(|name| name.as_str().to_owned()).collect()
        });
        self.check(
            covered && single,
            Rule::G7,
            "it shows another task than the request is for, or another version",
        );
        match wrong {
            None => counts.values_not_comparable += 1,
            Some(wrong) => {
                counts.values_compared += 1;
                if !wrong.is_empty() {
                    self.fault(Rule::Parameters, format!("not what was asked: {}", wrong.join(", ")));
                }
            }
        }
    }

    fn few_at_once(&mut self, number: u64) {
        let previews = self.world.executions.values().filter(|running| !running.unknown);
        let numbers: Vec<u64> = previews
            .filter_map(|running| match running.basis {
                Basis::Preview { number, .. } => Some(number),
                _ => None,
            })
            .collect();
        let few = numbers.len() < MOST_AT_ONCE && !numbers.contains(&number);
        self.check(few, Rule::G22, "too many previews run at once");
    }
}
