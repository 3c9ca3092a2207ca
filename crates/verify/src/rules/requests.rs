//! Access requests: who may ask, under which policy, within which bounds; and how they end undecided.

use serde_json::Value;

use super::{
    At, Judge,
    catalog::{CONTROL_PLANE, Governing},
    changes::ARBITRARY,
    command::Step,
    later, stands,
    statement::Statement,
    windows::open_at,
    world::{Asked, Untold},
};
use crate::{
    Rule,
    form::{Actor, Approval, RequestEnd, RequestEnded, Scope, Subject, Submitted, Target},
    report::Counts,
};

/// How far ahead a start may lie: 30 days.
const FARTHEST_START: i64 = 30 * 24 * 3_600_000_000;
/// Requests and authorizations that may live at once, those that only the control plane's may have beside them, and how
/// far their numbers may lie apart: one entry must be able to name them all.
const LIVE: usize = 10_000;
const FOR_CONTROL_PLANE: usize = 100;
const SPREAD: u64 = 1 << 24;
/// The rate of an Auto policy that names none: 10 in 24 hours.
const AUTO_RATE: (u32, u64) = (10, 24 * 3_600_000_000);

impl Judge {
    pub(super) fn request_submitted(&mut self, at: &At<'_>, body: &Submitted, counts: &mut Counts) {
        counts.requests += 1;
        self.about(at, body.number);
        let next = self.world.last_request + 1;
        self.check(body.number == next, Rule::Identity, "request numbers are counted without gaps");
        self.world.last_request = self.world.last_request.max(body.number);
        self.check(at.actor.person() == Some(body.requester), Rule::G4, "requests are for oneself");
        if let Some(account) = body.account {
            let own = self.world.directory.owns(body.requester, account);
            self.check(
                own && self.world.directory.enabled(account),
                Rule::G4,
                "it is for an account that its requester does not answer for",
            );
            let control = Self::control_plane(&body.target);
            self.check(!control, Rule::G17, "a service account never runs the control plane");
        }
        self.may_raise(at, body);
        self.check(!self.world.clock_suspect, Rule::G16, "the clock is suspect: requests wait");
        self.open_for_requests(at, body);
        match self.world.catalog.governing(&body.target, body.role.as_ref(), self.world.choices()) {
            None => self.fault(
                Rule::G5,
                format!("no policy governs {}, or several do and none is named", body.target),
            ),
            Some(governing) => self.under(at, body, &governing),
        }
        let asked = Asked {
            seq: at.seq,
            form: Box::new(body.clone()),
            votes: std::collections::BTreeMap::new(),
            statement: self.statement(at, body),
            list: self.covers(at, body, counts),
        };
        self.world.requests.insert(body.number, asked);
        self.commands.step(body.number, Step::Submitted);
    }

    fn may_raise(&mut self, at: &At<'_>, body: &Submitted) {
        let Some(token) = at.actor.token() else { return };
        let scope = if Self::control_plane(&body.target) { Scope::Raise } else { Scope::Request };
        let may = self.world.tokens.get(&token).is_some_and(|token| token.scopes.contains(&scope));
        self.check(may, Rule::Tokens, "the token may not ask for this");
    }

    fn open_for_requests(&mut self, at: &At<'_>, body: &Submitted) {
        let open = self.world.enforced(at.time)
            || (Self::control_plane(&body.target) && self.world.access != super::world::Access::SetUp);
        self.check(open, Rule::G21, "privileged access is not in force: there is nothing to ask for");
        if let Some(settings) = self.world.settings.clone() {
            let own =
                self.world.requests.values().filter(|asked| asked.form.requester == body.requester).count();
            let extra = if Self::control_plane(&body.target) { FOR_CONTROL_PLANE } else { 0 };
            let few = own < settings.open_requests_each as usize
                && self.world.requests.len() < settings.open_requests as usize + extra;
            self.check(few, Rule::G22, "too many requests are open");
            let live = self.world.requests.len() + self.world.authorizations.len();
            self.check(live < LIVE + extra, Rule::G22, "too many requests and authorizations live");
            let first =
                self.world.requests.keys().next().into_iter().chain(self.world.authorizations.keys().next());
            let apart = first.min().map_or(0, |first| body.number.saturating_sub(*first));
            self.check(apart < SPREAD, Rule::G22, "the numbers of what lives lie too far apart");
            let expires = later(at.time, settings.pending_for);
            self.check(body.expires == expires, Rule::G13, "it does not expire when the organization says");
            self.check(
                body.duration <= settings.max_duration,
                Rule::G13,
                "it lasts longer than the organization allows",
            );
        }
        self.check(body.duration > 0, Rule::G13, "it lasts no time");
        if let Some(start) = body.start {
            let ahead = start >= at.time && start <= at.time.saturating_add(FARTHEST_START);
            self.check(ahead, Rule::G13, "its start lies in the past, or more than 30 days ahead");
        }
        if let Some(number) = body.extends {
            let own = self.world.authorizations.get(&number).is_some_and(|live| {
                live.asked.form.requester == body.requester
                    && live.asked.form.account == body.account
                    && live.asked.form.target == body.target
            });
            self.check(own, Rule::G13, "it extends something else than a live authorization of its own requester for the same target");
        }
    }

    /// The policy that governs is the one it says, as it is now.
    fn under(&mut self, at: &At<'_>, body: &Submitted, governing: &Governing) {
        let mut terms = governing.terms.clone();
        if governing.policy == CONTROL_PLANE {
            // Which parameters there are is in the program.
            terms.bind.clone_from(&body.terms.bind);
        }
        self.check(governing.policy == body.policy, Rule::G5, "another policy governs");
        let newest = governing.version == body.policy_version && terms == body.terms;
        self.check(newest, Rule::G5, "its terms are not those of the newest version of its policy");
        let may = stands::may_ask(&self.world, body.requester, &body.target, governing);
        self.check(may, Rule::G4, "its requester may not ask for it");
        let limits = &terms.limits;
        self.check(
            limits.max_duration.is_none_or(|most| body.duration <= most),
            Rule::G13,
            "it lasts longer than its policy allows",
        );
        let uses = match (body.uses, limits.max_uses) {
            (Some(uses), most) => uses > 0 && most.is_none_or(|most| uses <= most),
            (None, most) => most.is_none(),
        };
        self.check(uses, Rule::G6, "it asks for more uses than its policy allows, or for none");
        self.check(terms.ticket.is_none() || body.ticket.is_some(), Rule::G4, "its policy asks for a ticket");
        let open = body.start.is_none_or(|start| open_at(&terms.windows, start));
        self.check(open, Rule::G13, "its start lies outside its policy's weekly windows");
        if let Target::Task(task) = &body.target {
            self.check(self.world.catalog.enough(task, &terms), Rule::G10, ARBITRARY);
        }
        self.stages_are(body, &terms.approval);
        let auto = (terms.approval == Approval::Auto).then_some(AUTO_RATE);
        if let Some((count, per)) = limits.rate.map(|rate| (rate.count, rate.per)).or(auto) {
            let since = at.time.saturating_sub_unsigned(per);
            let directory = &self.world.directory;
            let human = directory.human(body.requester);
            let theirs = |policy, person| policy == body.policy && directory.human(person) == human;
            let granted = self.world.granted.iter().filter(|((policy, person), _)| theirs(*policy, *person));
            let recent = granted.flat_map(|(_, times)| times).filter(|time| **time > since).count();
            let pending = self.world.requests.values();
            let pending = pending.filter(|asked| theirs(asked.form.policy, asked.form.requester)).count();
            self.check(
                recent + pending < count as usize,
                Rule::G22,
                "its requester was given more of it, or waits for more, than its policy's rate",
            );
        }
    }

    fn stages_are(&mut self, body: &Submitted, approval: &Approval) {
        let approvers = self.world.approvers;
        let needed =
            approval.stages().iter().map(|stage| Some((stage.approvers.group(approvers)?, stage.seats)));
        let same = needed.eq(body.stages.iter().map(|need| Some((need.group, need.seats))));
        self.check(same, Rule::G10, "its stages are not those of its policy");
        let kind = (*approval == Approval::Auto) == body.stages.is_empty();
        self.check(kind, Rule::G10, "a manual approval has stages, and an automatic one none");
    }

    /// Reads the statement, if its bytes exist, and compares it with the event.
    fn statement(&mut self, at: &At<'_>, body: &Submitted) -> Option<Box<Statement>> {
        let statement = match Statement::read(at.values.get(&body.statement)?) {
            Ok(statement) => statement,
            Err(why) => {
                self.fault(Rule::Parameters, why);
                return None;
            }
        };
        let differs = statement.differs(body, &self.world.ledger);
        if !differs.is_empty() {
            self.fault(
                Rule::Parameters,
                format!("the statement says something else than the request about: {}", differs.join(", ")),
            );
        }
        let reason =
            at.values.get(&body.reason).is_none_or(|reason| reason.as_str() == Some(&statement.reason));
        let ticket = body.ticket.and_then(|ticket| at.values.get(&ticket));
        let ticket = ticket.is_none_or(|ticket| ticket.as_str() == statement.ticket.as_deref());
        self.check(
            reason && ticket,
            Rule::Parameters,
            "the statement has another reason or ticket than the request",
        );
        Some(Box::new(statement))
    }

    pub(super) fn request_ended(&mut self, at: &At<'_>, body: &RequestEnded) {
        self.about(at, body.number);
        if self.world.untold.get(&body.number) == Some(&Untold::Request) {
            self.by_system(at);
            self.world.untold.remove(&body.number);
            return;
        }
        let Some(asked) = self.world.requests.remove(&body.number) else {
            return self.fault(Rule::G12, format!("R-{} is not pending: its end came before", body.number));
        };
        self.over(Subject::Request { number: body.number }, at.time);
        self.owe_previews(body.number, at.time);
        let form = &asked.form;
        match body.how {
            RequestEnd::Denied => {
                let person = at.actor.person().filter(|_| at.actor.token().is_none());
                let stage = self.world.open_stage(&asked);
                let eligible = person
                    .zip(stage)
                    .is_some_and(|(person, stage)| self.world.eligible(&asked, person, stage));
                self.check(eligible, Rule::G12, "who denied it is no eligible approver of its current stage");
                self.check(body.comment.is_some(), Rule::G12, "a denial has a comment");
                self.check(at.time < form.expires, Rule::G13, "it had expired");
            }
            RequestEnd::Cancelled => {
                self.check(
                    at.actor.person() == Some(form.requester),
                    Rule::G12,
                    "only its requester cancels a request",
                );
            }
            RequestEnd::Expired => {
                self.check(at.time >= form.expires, Rule::G13, "it expired before its time");
                self.check(at.actor == Actor::System {}, Rule::G12, "nobody makes a request expire");
            }
            _ => {
                let fallen = stands::request(&self.world, &asked, at.time).is_err();
                self.check(
                    fallen && (at.actor == Actor::System {} || self.commands.inside().is_some()),
                    Rule::G14,
                    "it still stood: nothing before this ended it",
                );
            }
        }
    }

    /// An eligible approver of any stage, in a session of their own.
    pub(super) fn question_asked(&mut self, at: &At<'_>, number: u64) {
        self.about(at, number);
        let concerned = self.world.requests.get(&number).is_some_and(|asked| {
            let mut stages = (0_u16..).zip(&asked.form.stages).map(|(stage, _)| stage);
            at.actor.token().is_none()
                && at
                    .actor
                    .person()
                    .is_some_and(|person| stages.any(|stage| self.world.eligible(asked, person, stage)))
        });
        self.check(concerned, Rule::G12, "who asked is no eligible approver of a pending request");
    }

    pub(super) fn question_answered(&mut self, at: &At<'_>, number: u64) {
        self.about(at, number);
        let own = self
            .world
            .requests
            .get(&number)
            .is_some_and(|asked| at.actor.person() == Some(asked.form.requester));
        self.check(own, Rule::G12, "who answered is not the requester of a pending request");
    }

    pub(super) fn reminder_due(&mut self, at: &At<'_>, number: u64) {
        self.about(at, number);
        self.by_system(at);
    }

    /// The number around the event is the one in it.
    pub(super) fn about(&mut self, at: &At<'_>, number: u64) {
        self.check(at.request == Some(number), Rule::Identity, "it is filed under another request");
    }
}

/// Reads a run's values as a map by name.
pub(super) fn by_name(value: &Value) -> Option<std::collections::BTreeMap<crate::form::Name, Value>> {
    Some(value.as_object()?.iter().map(|(name, value)| (name.as_str().into(), value.clone())).collect())
}
