//! Executions: each has one ground that held when it started (G3), and ends when that goes (G15).

use std::collections::BTreeMap;

use super::{
    At, Judge,
    catalog::is_control_plane,
    changes::ARBITRARY,
    command::Inside,
    later, named, own, requests, stands,
    windows::open_at,
    world::{Access, Asked, Covered, Running},
};
use crate::{
    Rule,
    form::{
        Actor, Basis, Execution, ExecutionAcknowledged, ExecutionAdopted, ExecutionFinished,
        ExecutionReported, ExecutionStarted, Name, Outcome, Scope, StopReason, StopRequested, Target,
    },
    report::Counts,
};

/// The longest that one of Countersign's own tasks may take, and how long an exemption outlives its last use.
const HOUR: u64 = 3_600_000_000;
const UNUSED: i64 = 90 * 24 * 3_600_000_000;

impl Judge {
    pub(super) fn execution_started(&mut self, at: &At<'_>, body: &ExecutionStarted, counts: &mut Counts) {
        counts.executions += 1;
        self.new_id('x', body.execution.bytes());
        let takes_back = matches!(body.basis, Basis::TakeBack { .. });
        let own = body.task.own().map(own::find);
        if !takes_back {
            match at.actor {
                Actor::System {} => self.by_timer(body),
                _ => self.check(
                    at.actor.person() == Some(body.person),
                    Rule::G3,
                    "people run tasks for themselves",
                ),
            }
            self.task_is_current(body, own.is_some());
            self.may_start(at, body, own.flatten());
        }
        let longest =
            self.world.catalog.tasks.get(&body.task).map_or(HOUR, |task| task.definition.max_run_time());
        let bounded = body.deadline > at.time && body.deadline <= later(at.time, longest);
        self.check(takes_back || bounded, Rule::G15, "it may run longer than its task allows");
        match &body.basis {
            Basis::SetUp {} => self.by_set_up(body, own.is_some()),
            Basis::Role { role } => self.by_role(at, body, role),
            Basis::Exemption { role } => self.by_exemption(at, body, role),
            Basis::Authorization { number } => self.by_authorization(at, body, *number, counts),
            Basis::TakeBack { of } => self.by_take_back(at, body, *of),
            Basis::Preview { number, statement, how } => {
                self.by_preview(at, body, (*number, *statement), *how, counts);
            }
        }
        let preview = matches!(body.basis, Basis::Preview { .. });
        let run_to_end = !preview
            && self.world.catalog.tasks.get(&body.task).is_some_and(|task| task.definition.run_to_end());
        let running = Running {
            person: body.person,
            task: body.task.clone(),
            digest: body.digest,
            committed: body.values,
            values: at.values.get(&body.values).and_then(requests::by_name),
            started: at.time,
            deadline: body.deadline,
            basis: body.basis.clone(),
            run_to_end,
            stopping: false,
            unknown: false,
        };
        self.world.executions.insert(body.execution, running);
        if matches!(body.basis, Basis::Authorization { .. }) && self.lasting(&body.task) {
            self.commands.owe_taking_back(body.execution);
        }
        match own {
            Some(Some(task)) if self.commands.inside().is_none() => {
                let values = at.values.get(&body.values).and_then(requests::by_name);
                let named = values.as_ref().map(named::texts);
                let prints = values.filter(|_| task.makes_link()).map(|values| {
                    values.get(&Name::from(own::DELIVERY)).is_some_and(|value| value != own::MAILED)
                });
                let inside = Inside { execution: body.execution, actor: at.actor, task, prints };
                self.commands.enter(inside, named);
            }
            Some(Some(_)) => self.fault(Rule::G3, "it started inside another of Countersign's own tasks"),
            Some(None) => {
                self.fault(Rule::G3, "this verifier does not know this task of Countersign's own: upgrade it")
            }
            None => {}
        }
    }

    fn task_is_current(&mut self, body: &ExecutionStarted, own: bool) {
        if own {
            return;
        }
        match self.world.catalog.tasks.get(&body.task) {
            None => self.fault(Rule::G7, format!("there is no task `{}`", body.task)),
            Some(task) => {
                let current = task.version == body.version && task.digest == body.digest;
                self.check(current, Rule::G7, "it runs another version of its task than the current one");
            }
        }
    }

    fn may_start(&mut self, at: &At<'_>, body: &ExecutionStarted, own: Option<&own::OwnTask>) {
        let harmless = own.is_some_and(|task| !task.control_plane);
        self.check(
            !self.world.clock_suspect || harmless,
            Rule::G16,
            "the clock is suspect: nothing starts but what only removes power or reads",
        );
        if let Some(token) = at.actor.token() {
            let needed = if own.is_some_and(|task| task.only_reads) { Scope::Read } else { Scope::Execute };
            let may = self.world.tokens.get(&token).is_some_and(|token| token.scopes.contains(&needed));
            self.check(may && !is_control_plane(&body.task), Rule::Tokens, "the token may not start this");
        }
        let set_up = matches!(body.basis, Basis::SetUp {});
        let fits = set_up == (self.world.access == Access::SetUp);
        self.check(
            fits,
            Rule::SetUp,
            "in set-up mode, and only then, the first administrator acts without another ground",
        );
    }

    fn by_set_up(&mut self, body: &ExecutionStarted, own: bool) {
        let first = self.world.first_administrator == Some(body.person);
        self.check(
            first && own,
            Rule::SetUp,
            "only the first administrator acts in set-up mode, on Countersign itself alone",
        );
    }

    /// A role is a ground for what no policy protects (G2, G3).
    fn by_role(&mut self, at: &At<'_>, body: &ExecutionStarted, role: &Name) {
        self.holds(body, role);
        let arbitrary = self.world.catalog.is_arbitrary(&body.task);
        self.check(!arbitrary, Rule::G3, "a role is not enough to run arbitrary code");
        let lasting = self.lasting(&body.task);
        self.check(!lasting, Rule::G3, "what ends with an authorization needs one");
        if !self.world.catalog.protected(&body.task, self.world.choices()) {
            return;
        }
        if is_control_plane(&body.task) {
            self.fault(Rule::G17, "the control plane is protected, and there was no authorization");
        } else if self.world.enforced(at.time) {
            self.fault(Rule::G3, "the task is protected, and there was no authorization");
        }
    }

    fn by_exemption(&mut self, at: &At<'_>, body: &ExecutionStarted, role: &Name) {
        self.holds(body, role);
        self.check(
            !is_control_plane(&body.task),
            Rule::G8,
            "no account is exempt from the control plane's rules",
        );
        let arbitrary = self.world.catalog.is_arbitrary(&body.task);
        self.check(!arbitrary, Rule::G8, "no account is exempt where arbitrary code runs");
        let lasting = self.lasting(&body.task);
        self.check(!lasting, Rule::G8, "what ends with an authorization needs one");
        let exempt = match self.world.system_accounts.get_mut(&body.person) {
            None => false,
            Some(account) => {
                let live = at.time < account.until
                    && at.time.saturating_sub(account.last_used) < UNUSED
                    && body.deadline <= account.until;
                account.last_used = at.time;
                live
            }
        };
        let service = self.world.directory.is_service(body.person);
        self.check(exempt && service, Rule::G8, "the account is not exempt, or no longer");
    }

    fn holds(&mut self, body: &ExecutionStarted, role: &Name) {
        let catalog = &self.world.catalog;
        let held =
            catalog.role_has(role, &body.task) && catalog.holds(&self.world.directory, role, body.person);
        self.check(held, Rule::G2, "the person does not hold the role, or it does not contain the task");
    }

    fn by_authorization(&mut self, at: &At<'_>, body: &ExecutionStarted, number: u64, counts: &mut Counts) {
        self.about(at, number);
        let Some(mut live) = self.world.authorizations.remove(&number) else {
            return self.fault(
                Rule::G3,
                format!("R-{number} is no live authorization: it was never granted, or ended"),
            );
        };
        let form = &live.asked.form;
        self.check(form.holder() == body.person, Rule::G3, "it is somebody else's authorization");
        self.check(
            at.time >= live.from && at.time < live.until,
            Rule::G13,
            "it started outside the authorization's window",
        );
        let covered = live.asked.covered(&body.task, body.digest);
        self.check(covered != Covered::No, Rule::G7, "the authorization does not cover this task");
        self.check(covered != Covered::Otherwise, Rule::G7, "the task was redefined since the request");
        let opens = self.world.catalog.opens(&form.target, form.policy, &body.task, live.asked.seq);
        self.check(
            opens,
            Rule::G5,
            "the authorization does not open this task: a closer policy governs, or it left the role",
        );
        if let Err((rule, why)) = stands::authorization(&self.world, &live.asked, at.time) {
            self.fault(rule, format!("R-{number} no longer stood: {why}"));
        }
        self.check(self.world.catalog.enough(&body.task, &form.terms), Rule::G10, ARBITRARY);
        self.check(
            open_at(&form.terms.windows, at.time),
            Rule::G13,
            "it started outside its policy's weekly windows",
        );
        live.used = live.used.saturating_add(1);
        self.check(
            form.uses.is_none_or(|uses| live.used <= uses),
            Rule::G6,
            "all uses of the authorization were taken",
        );
        let taken = self.world.executions.values().filter(|running| running.number() == Some(number)).count();
        self.check(
            taken < live.parallel as usize,
            Rule::G6,
            "as many as may run at once were running, or unknown",
        );
        let run_to_end =
            self.world.catalog.tasks.get(&body.task).is_some_and(|task| task.definition.run_to_end());
        self.check(
            run_to_end || body.deadline <= live.until,
            Rule::G13,
            "it may run past the end of its authorization",
        );
        self.check(
            body.matched == Some(form.statement),
            Rule::Parameters,
            "its values were compared with another statement",
        );
        let values = at.values.get(&body.values).and_then(requests::by_name);
        self.as_approved(&live.asked, &body.task, values.as_ref(), counts);
        self.world.authorizations.insert(number, live);
    }

    /// Compares a run's values with what was approved, as long as both exist.
    fn as_approved(
        &mut self,
        asked: &Asked,
        task: &Name,
        values: Option<&BTreeMap<Name, serde_json::Value>>,
        counts: &mut Counts,
    ) {
        if !matches!(asked.form.target, Target::Task(_)) {
            return;
        }
        let Some((statement, values)) = asked.statement.as_deref().zip(values) else {
            counts.values_not_comparable += 1;
            return;
        };
        counts.values_compared += 1;
        let own = task.own().and_then(own::find);
        let implied: Option<BTreeMap<_, _>> =
            self.world.catalog.tasks.get(task).map(|task| task.definition.implied());
        let wrong = statement.disallows(values, |name, value| match (&implied, own) {
            (Some(implied), _) => implied.get(name) == Some(value),
            (None, Some(own)) => own.implies(name, value),
            (None, None) => false,
        });
        if !wrong.is_empty() {
            let names: Vec<&str> = wrong.iter().map(Name::as_str).collect();
            self.fault(Rule::Parameters, format!("not what was approved: {}", names.join(", ")));
        }
    }

    pub(super) fn execution_finished(&mut self, at: &At<'_>, body: &ExecutionFinished) {
        self.commands.settle(body.execution);
        match self.commands.inside() {
            Some(inside) if inside.execution == body.execution => {
                self.check(at.actor == inside.actor, Rule::G3, "somebody else recorded its outcome");
                self.commands.leave();
                // Enabling names no endings: what no longer stands under it is ended one by one, before its outcome.
                if inside.task.effects.contains(&"AccessEnabled") {
                    for (number, why) in self.fallen(at.time) {
                        self.fault(Rule::G14, format!("R-{number} was not ended, although {why}"));
                    }
                }
            }
            Some(_) => self.fault(Rule::G3, "it ended inside another of Countersign's own tasks"),
            None => self.by_system(at),
        }
        self.outcome(body.execution, &body.outcome, false);
    }

    pub(super) fn execution_reported(&mut self, at: &At<'_>, body: &ExecutionReported) {
        self.by_system(at);
        self.outcome(body.execution, &body.outcome, true);
    }

    /// An outcome is recorded once; only an unknown one is reported later.
    fn outcome(&mut self, execution: Execution, outcome: &Outcome, late: bool) {
        let unknown = matches!(outcome, Outcome::Unknown { .. });
        self.prove(execution, outcome);
        if let (Some((_, succeeded)), Outcome::Succeeded {}) =
            (self.world.standing_lists.get_mut(&execution), outcome)
        {
            *succeeded = true;
        }
        match self.world.executions.get_mut(&execution) {
            None if late && !unknown && self.world.acknowledged.remove(&execution) => {}
            None => self.fault(Rule::G15, "it is not running: it never started, or ended before"),
            Some(running) => {
                let fits = running.unknown == late && !(late && unknown);
                running.unknown |= unknown;
                if !unknown {
                    self.world.executions.remove(&execution);
                }
                self.check(
                    fits,
                    Rule::G15,
                    "an outcome is recorded once, and reported later only if it was unknown",
                );
            }
        }
    }

    pub(super) fn execution_acknowledged(&mut self, at: &At<'_>, body: &ExecutionAcknowledged) {
        let Some(running) = self.world.executions.remove(&body.execution) else {
            return self.fault(Rule::G6, "it is not running: it never started, or ended before");
        };
        self.check(running.unknown, Rule::G6, "only an unknown outcome is acknowledged");
        self.world.acknowledged.insert(body.execution);
        let live = running.number().and_then(|number| self.world.authorizations.get(&number));
        let may = at.actor.token().is_none()
            && at.actor.person().is_some_and(|person| {
                person == running.person
                    || self.world.directory.owns(person, running.person)
                    || live.is_some_and(|live| live.asked.votes.contains_key(&person))
            });
        self.check(may, Rule::G6, "only who ran it, or an approver, acknowledges it");
    }

    pub(super) fn stop_requested(&mut self, at: &At<'_>, body: &StopRequested) {
        self.commands.settle(body.execution);
        let Some(running) = self.world.executions.get_mut(&body.execution) else {
            return self.fault(Rule::G15, "it is not running: it never started, or ended before");
        };
        running.stopping = true;
        let takes_back = matches!(running.basis, Basis::TakeBack { .. });
        let lives = running.number().is_some_and(|number| self.world.authorizations.contains_key(&number));
        let ended = !matches!(body.why, StopReason::Asked | StopReason::Deadline);
        let whose = running.person;
        self.check(
            !takes_back || body.why == StopReason::Deadline,
            Rule::G15,
            "what takes power back is stopped by nobody",
        );
        let own = body.why == StopReason::Asked
            && at
                .actor
                .person()
                .is_some_and(|person| person == whose || self.world.directory.owns(person, whose));
        if !own && at.actor != (Actor::System {}) {
            self.inside_task(at, "StopRequested");
        }
        self.check(
            !(lives && ended),
            Rule::G15,
            "its authorization lives: it was stopped for an end that did not come",
        );
    }

    /// An extension takes over what runs under the authorization that it extends, for one use (G13). It asks of that what
    /// it would ask of a start.
    pub(super) fn execution_adopted(&mut self, at: &At<'_>, body: &ExecutionAdopted, counts: &mut Counts) {
        self.about(at, body.number);
        self.by_system(at);
        let Some(mut live) = self.world.authorizations.remove(&body.number) else {
            return self.fault(Rule::G13, format!("R-{} is no live authorization", body.number));
        };
        let Some(mut running) = self.world.executions.remove(&body.execution) else {
            self.world.authorizations.insert(body.number, live);
            return self.fault(Rule::G13, "there is no such execution");
        };
        let form = &live.asked.form;
        let extends = running.number().is_some()
            && running.number() == form.extends
            && running.person == form.holder()
            && !running.stopping
            && !running.unknown;
        self.check(extends, Rule::G13, "it does not extend the authorization that this runs under");
        self.check(
            !self.world.clock_suspect,
            Rule::G16,
            "the clock is suspect: nothing goes on past its end",
        );
        self.check(
            at.time >= live.from && at.time < live.until && open_at(&form.terms.windows, at.time),
            Rule::G13,
            "it was taken over outside the authorization's window",
        );
        let task = self.world.catalog.tasks.get(&running.task);
        let current = task.is_some_and(|task| task.digest == running.digest);
        let listed = live.asked.covered(&running.task, running.digest);
        let covered = matches!(listed, Covered::Yes | Covered::Unknown) && current;
        let longest = task.map_or(HOUR, |task| task.definition.max_run_time());
        self.check(covered, Rule::G7, "the authorization does not cover what runs");
        let opens = self.world.catalog.opens(&form.target, form.policy, &running.task, live.asked.seq);
        self.check(opens, Rule::G5, "the authorization does not open this task");
        if let Err((rule, why)) = stands::authorization(&self.world, &live.asked, at.time) {
            self.fault(rule, format!("R-{} no longer stood: {why}", body.number));
        }
        let taken =
            self.world.executions.values().filter(|other| other.number() == Some(body.number)).count();
        self.check(taken < live.parallel as usize, Rule::G6, "as many as may run at once were running");
        live.used = live.used.saturating_add(1);
        let within = live.asked.form.uses.is_none_or(|uses| live.used <= uses);
        self.check(within, Rule::G6, "all uses of the authorization were taken");
        let bounded = body.deadline >= running.deadline
            && body.deadline <= later(running.started, longest)
            && (running.run_to_end || body.deadline <= live.until.max(running.deadline));
        self.check(bounded, Rule::G15, "it may run longer than its task and the authorization allow");
        self.as_approved(&live.asked, &running.task, running.values.as_ref(), counts);
        running.basis = Basis::Authorization { number: body.number };
        running.deadline = body.deadline;
        self.world.executions.insert(body.execution, running);
        self.world.authorizations.insert(body.number, live);
    }
}
