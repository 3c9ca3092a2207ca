//! One command after another: allowed or not, and what becomes of it.

use std::collections::BTreeSet;

use super::{Access, Basis, HOUR, Live, Model, Name, No, Policy, Request, Run, Step, What};

/// What the drive compares beyond "allowed".
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Done {
    /// The request made.
    pub(crate) request: Option<u64>,
    /// Whether an authorization came of it.
    pub(crate) granted: bool,
    /// The basis of a start.
    pub(crate) basis: Option<Basis>,
    /// Whether a start would have been refused, had privileged access been on.
    pub(crate) would_refuse: bool,
}

impl Model {
    /// Takes a command, or refuses it and stays as it was.
    pub(crate) fn step(&mut self, step: &Step) -> Result<Done, No> {
        self.step += 1;
        let before = self.clone();
        let done = self.take(step);
        if done.is_err() {
            *self = before;
        }
        done
    }

    fn take(&mut self, step: &Step) -> Result<Done, No> {
        let done = || Ok(Done::default());
        match step {
            Step::Ask { who, account, what, role, values, duration, start, uses } => {
                self.ask(who, *account, *what, *role, values, *duration, *start, *uses)
            }
            Step::Approve { who, number, statement, less } => self.approve(who, *number, *statement, *less),
            Step::Deny { who, number, statement } => {
                let request = self.votable(who, *number)?;
                if request.statement != *statement {
                    return Err(No::Changed);
                }
                self.requests.remove(number);
                done()
            }
            Step::Cancel { who, number } => {
                self.present(who)?;
                self.requests.get(number).filter(|request| request.who == *who).ok_or(No::NotTheirs)?;
                self.requests.remove(number);
                done()
            }
            Step::GiveBack { who, number } => {
                self.present(who)?;
                self.lives.get(number).filter(|live| live.request.who == *who).ok_or(No::NotTheirs)?;
                self.end(*number, false);
                done()
            }
            Step::Revoke { who, number } => {
                self.present(who)?;
                let live = self.lives.get(number).ok_or(No::NotTheirs)?;
                if !self.may_revoke(who, &live.request) {
                    return Err(No::NotTheirs);
                }
                self.end(*number, false);
                done()
            }
            Step::Run { who, task, value, cite } => {
                let (run, done) = self.gate(who, task, value, *cite)?;
                self.start(run);
                Ok(done)
            }
            Step::Administer { who, task, value, act } => {
                let (run, done) = self.gate(who, task, value, None)?;
                let id = self.start(run);
                self.act(act)?;
                self.runs.remove(&id);
                Ok(done)
            }
            Step::Stop { who, run } => {
                self.present(who)?;
                let people = &self.people;
                let theirs = |run: &&mut Run| run.who == *who || people[run.who].owner == Some(*who);
                let running = self.runs.get_mut(run).filter(theirs).ok_or(No::NotTheirs)?;
                running.stopping |= !running.unknown;
                done()
            }
            Step::Acknowledge { who, run } => {
                self.present(who)?;
                let running = self.runs.get(run).ok_or(No::NotTheirs)?;
                let voted = match &running.basis {
                    Basis::Authorization(number) => {
                        self.lives.get(number).is_some_and(|live| live.request.votes.contains_key(who))
                    }
                    _ => false,
                };
                let owner = self.people[running.who].owner == Some(*who);
                if running.who != *who && !owner && !voted {
                    return Err(No::NotTheirs);
                }
                if !running.unknown {
                    return Err(No::State);
                }
                self.runs.remove(run);
                self.accepted.insert(*run);
                done()
            }
            Step::Finish { run, unknown: false } if self.accepted.remove(run) => done(),
            Step::Finish { run, unknown } => {
                let running = self.runs.get_mut(run).ok_or(No::NotTheirs)?;
                if running.unknown && *unknown {
                    return Err(No::NotTheirs);
                }
                running.unknown = *unknown;
                if !unknown {
                    self.runs.remove(run);
                }
                done()
            }
            Step::Pass(micros) => {
                self.now += micros;
                done()
            }
            Step::Tick => {
                self.tick();
                done()
            }
            Step::Suspect => {
                self.suspect = true;
                done()
            }
            Step::Accept => {
                if !self.suspect {
                    return Err(No::State);
                }
                self.suspect = false;
                for number in self.lives.keys().copied().collect::<Vec<_>>() {
                    self.end(number, false);
                }
                done()
            }
        }
    }

    fn present(&self, who: Name) -> Result<(), No> {
        if self.enabled(who) { Ok(()) } else { Err(No::Disabled) }
    }

    #[expect(clippy::too_many_arguments, reason = "the fields of one form")]
    fn ask(
        &mut self,
        who: Name,
        account: Option<Name>,
        what: What,
        role: Option<Name>,
        values: &BTreeSet<String>,
        duration: Option<i64>,
        start: Option<i64>,
        uses: Option<u32>,
    ) -> Result<Done, No> {
        self.present(who)?;
        if let Some(account) = account {
            if self.people[account].owner != Some(who) || !self.people[account].enabled {
                return Err(No::NotTheirs);
            }
            if self.is_control_plane(what) {
                return Err(No::Wider);
            }
        }
        if self.sent.iter().filter(|(asker, at)| *asker == who && *at > self.now - HOUR).count() >= 120 {
            return Err(No::Rate);
        }
        if !self.protected(what) {
            return Err(No::NotProtected);
        }
        if !self.enforced() && !self.is_control_plane(what) {
            return Err(No::AccessOff);
        }
        let policy = self.governing(what, role).ok_or(No::Choose)?;
        if !self.may_ask(who, what, policy.terms.ask) {
            return Err(No::MayNotAsk);
        }
        if self.suspect {
            return Err(No::Clock);
        }
        let ceiling = policy.terms.hours.map_or(24, |hours| hours.min(24)) * HOUR;
        let duration = duration.unwrap_or(ceiling.min(4 * HOUR));
        if duration <= 0 || duration > ceiling {
            return Err(No::Duration);
        }
        if start.is_some_and(|start| start < self.now || start > self.now + 30 * 24 * HOUR) {
            return Err(No::Start);
        }
        let uses = match (uses, policy.terms.uses) {
            (Some(0), _) => return Err(No::Limit),
            (Some(uses), Some(most)) if uses > most => return Err(No::Limit),
            (uses, most) => uses.or(most),
        };
        let covers = self.opened(what, policy.id);
        if covers.is_empty() {
            return Err(No::NothingOpened);
        }
        let stages = self.resolved(&policy.terms);
        if !self.possible(&stages, None) || !self.possible(&stages, Some(self.human(who))) {
            return Err(No::Quorum);
        }
        let automatic = stages.is_empty();
        let day = self.now - 24 * HOUR;
        let recent = |at: &&(u64, Name, i64)| at.0 == policy.id && at.1 == who && at.2 > day;
        if automatic && self.granted.iter().filter(recent).count() >= 10 {
            return Err(No::Rate);
        }
        self.sent.push((who, self.now));
        let number = self.next_request;
        self.next_request += 1;
        let request = Request {
            who,
            account,
            what,
            role,
            policy,
            stages,
            asked: self.step,
            votes: Default::default(),
            stage: 0,
            covers,
            values: values.clone(),
            duration,
            start,
            uses,
            expires: self.now + 24 * HOUR,
            statement: 0,
        };
        self.requests.insert(number, request);
        if automatic {
            self.grant(number)?;
        }
        Ok(Done { request: Some(number), granted: automatic, ..Done::default() })
    }

    fn grant(&mut self, number: u64) -> Result<(), No> {
        let Some(request) = self.requests.remove(&number) else { return Err(No::NotTheirs) };
        let from = request.start.unwrap_or(self.now);
        let until = from + request.duration;
        if until <= self.now {
            return Err(No::NotTheirs);
        }
        if request.stages.is_empty() {
            self.granted.push((request.policy.id, request.who, self.now));
        }
        self.lives.insert(number, Live { request, from: from.max(self.now), until, used: 0 });
        Ok(())
    }

    fn votable(&self, who: Name, number: u64) -> Result<Request, No> {
        self.present(who)?;
        let request = self.requests.get(&number).ok_or(No::NotTheirs)?;
        if self.human(who) == self.human(request.who) {
            return Err(No::Own);
        }
        if self.now >= request.expires || !self.is_eligible(request, who, self.open(request)) {
            return Err(No::NotTheirs);
        }
        Ok(request.clone())
    }

    fn approve(
        &mut self,
        who: Name,
        number: u64,
        statement: u64,
        less: Option<(i64, u32)>,
    ) -> Result<Done, No> {
        let mut request = self.votable(who, number)?;
        if request.statement != statement {
            return Err(No::Changed);
        }
        if self.suspect {
            return Err(No::Clock);
        }
        if self.humans(request.votes.keys().copied()).contains(&self.human(who)) {
            return Err(No::Again);
        }
        let stage = self.open(&request);
        request.votes.insert(who, stage);
        if !self.fillable(&request) {
            return Err(No::NeededLater);
        }
        if let Some((duration, uses)) = less {
            if duration <= 0
                || duration > request.duration
                || uses == 0
                || request.uses.is_some_and(|most| uses > most)
            {
                return Err(No::Wider);
            }
            request.duration = duration;
            request.uses = Some(uses);
            request.statement += 1;
        }
        if self.counted(&request)[stage].len() >= request.stages[stage].1 {
            request.stage = stage + 1;
        }
        let over = self.quorum(&request);
        self.requests.insert(number, request);
        if over {
            self.grant(number)?;
        }
        Ok(Done { granted: over, ..Done::default() })
    }

    fn may_revoke(&self, who: Name, request: &Request) -> bool {
        let groups = if request.stages.is_empty() {
            vec![super::APPROVERS]
        } else {
            request.stages.iter().map(|(group, _)| *group).collect()
        };
        self.human(who) != self.human(request.who)
            && groups.iter().any(|group| self.eligible(group, u64::MAX).contains(who))
    }

    fn exemption(&self, who: Name, task: Name) -> Option<Name> {
        let exempt = self.exempt.get(who)?;
        let idle = self.now - exempt.last_used >= 90 * 24 * HOUR;
        if self.tasks[task].control_plane || self.now >= exempt.until || idle {
            return None;
        }
        self.role_for(who, task)
    }

    fn gate(&self, who: Name, task: Name, value: &str, cite: Option<u64>) -> Result<(Run, Done), No> {
        self.present(who)?;
        let known = &self.tasks[task];
        if self.suspect && (known.control_plane || !known.ours) {
            return Err(No::Clock);
        }
        let protected = self.protected(What::Task(task));
        let run = |basis, deadline: i64| Run {
            who,
            task,
            basis,
            deadline: deadline.min(self.now + HOUR),
            run_to_end: known.run_to_end,
            stopping: false,
            unknown: false,
        };
        let exempt = || {
            let role = self.exemption(who, task)?;
            Some(run(Basis::Exemption(role), self.exempt[who].until))
        };
        let covering = || {
            let mut mine = self.lives.iter().filter(|(number, _)| cite.is_none_or(|cite| cite == **number));
            let (number, live) = mine.find(|(number, live)| self.covers(**number, live, who, task, value))?;
            let until = if known.run_to_end { i64::MAX } else { live.until };
            Some(run(Basis::Authorization(*number), until))
        };
        let done = |run: Run, would_refuse| {
            let basis = Some(run.basis.clone());
            (run, Done { basis, would_refuse, ..Done::default() })
        };
        if protected && (known.control_plane || self.enforced()) {
            return exempt().or_else(covering).map(|run| done(run, false)).ok_or(No::Protected);
        }
        let role = self.role_for(who, task).ok_or(No::Role)?;
        let observed = self.access == Access::Observe && protected;
        let would_refuse = observed && exempt().is_none() && covering().is_none();
        Ok(done(run(Basis::Role(role), i64::MAX), would_refuse))
    }

    fn covers(&self, number: u64, live: &Live, who: Name, task: Name, value: &str) -> bool {
        let request = &live.request;
        let slots = self.runs.values().filter(|run| run.basis == Basis::Authorization(number)).count();
        request.account.unwrap_or(request.who) == who
            && request.covers.get(task) == Some(&self.tasks[task].version)
            && self.still_opens(request, task)
            && live.from <= self.now
            && self.now < live.until
            && self.live_stands(request).is_ok()
            && request.uses.is_none_or(|uses| live.used < uses)
            && slots < request.policy.terms.parallel
            && (!matches!(request.what, What::Task(_)) || request.values.contains(value))
    }

    fn start(&mut self, run: Run) -> usize {
        match &run.basis {
            Basis::Authorization(number) => {
                if let Some(live) = self.lives.get_mut(number) {
                    live.used += 1;
                }
            }
            Basis::Exemption(_) => {
                if let Some(exempt) = self.exempt.get_mut(run.who) {
                    exempt.last_used = self.now;
                }
            }
            Basis::Role(_) => {}
        }
        let id = self.next_run;
        self.next_run += 1;
        self.runs.insert(id, run);
        id
    }

    /// Ends an authorization; `gently` spares what must run to its end.
    pub(crate) fn end(&mut self, number: u64, gently: bool) {
        self.lives.remove(&number);
        for run in self.runs.values_mut().filter(|run| run.basis == Basis::Authorization(number)) {
            if !(gently && run.run_to_end) {
                run.stopping |= !run.unknown;
            }
        }
    }

    fn tick(&mut self) {
        let now = self.now;
        if let Access::Until(until) = self.access
            && now >= until
        {
            self.access = Access::On;
        }
        self.requests.retain(|_, request| request.expires > now);
        let over: Vec<u64> =
            self.lives.iter().filter(|(_, live)| live.until <= now).map(|(number, _)| *number).collect();
        for number in over {
            self.end(number, true);
        }
        for run in self.runs.values_mut().filter(|run| run.deadline <= now) {
            run.stopping |= !run.unknown;
        }
    }

    pub(crate) fn policy_for(&self, what: What) -> Option<Policy> {
        self.policies.get(&what).cloned()
    }
}
