//! Votes, narrower statements, and the authorizations they add up to.

use super::{
    At, Judge,
    command::Step,
    later, stands,
    statement::Statement,
    world::{Asked, Authorization, Untold},
};
use crate::{
    Rule,
    form::{
        Actor, Approval, Assurance, AuthorizationEnd, AuthorizationEnded, AuthorizationGranted,
        RequestNarrowed, Subject, VoteCast,
    },
    report::Counts,
};

/// Grants remembered for each policy and person.
const RATE_MEMORY: usize = 100_000;

impl Judge {
    pub(super) fn vote_cast(&mut self, at: &At<'_>, body: &VoteCast, counts: &mut Counts) {
        counts.votes += 1;
        self.about(at, body.number);
        let Some(mut asked) = self.world.requests.remove(&body.number) else {
            return self.fault(Rule::G12, format!("R-{} is not pending", body.number));
        };
        let form = &asked.form;
        self.check(at.time < form.expires, Rule::G13, "the request had expired");
        self.check(
            form.statement == body.statement,
            Rule::G12,
            "the vote is on another statement than the current one",
        );
        let own = at.actor == Actor::Person { id: body.approver, token: None };
        self.check(own, Rule::Tokens, "people vote themselves, in a session and never with a token");
        self.check(!self.world.clock_suspect, Rule::G16, "the clock is suspect: approvals wait");
        self.voter(&asked, body);
        let assurance = form.terms.assurance.max(if self.world.second_factor() {
            Assurance::SecondFactor
        } else {
            Assurance::Session
        });
        self.check(
            body.assurance >= assurance,
            Rule::G11,
            "the vote was given with less assurance than is asked for",
        );
        asked.votes.insert(body.approver, body.stage);
        let filled = self.world.open_stage(&asked) != Some(body.stage);
        self.check(
            body.completes_stage == filled,
            Rule::G10,
            "whether it fills its stage is not what it says",
        );
        self.world.requests.insert(body.number, asked);
        self.commands.step(body.number, Step::Voted);
    }

    fn voter(&mut self, asked: &Asked, body: &VoteCast) {
        self.check(
            self.world.open_stage(asked) == Some(body.stage),
            Rule::G10,
            "the vote is for another stage than the current one",
        );
        let directory = &self.world.directory;
        let human = directory.human(body.approver);
        let requester = human == directory.human(asked.form.requester);
        let again = asked.votes.keys().any(|person| directory.human(*person) == human);
        let eligible = self.world.eligible(asked, body.approver, body.stage);
        self.check(!requester, Rule::G9, "the requester approved their own request");
        self.check(!again, Rule::G10, "the same person voted before");
        let sentence =
            "who voted is no enabled member of the stage's group without a break since before the request";
        self.check(eligible || requester, Rule::G11, sentence);
    }

    pub(super) fn request_narrowed(&mut self, at: &At<'_>, body: &RequestNarrowed) {
        self.about(at, body.number);
        let Some(mut asked) = self.world.requests.remove(&body.number) else {
            return self.fault(Rule::G12, format!("R-{} is not pending", body.number));
        };
        let person = at.actor.person().filter(|_| at.actor.token().is_none());
        let stage = self.world.open_stage(&asked);
        let eligible =
            person.zip(stage).is_some_and(|(person, stage)| self.world.eligible(&asked, person, stage));
        self.check(eligible, Rule::G11, "who narrowed it is no eligible approver of its current stage");
        self.check(
            asked.form.terms.approve_for_less,
            Rule::G12,
            "its policy does not allow approving for less",
        );
        self.check(
            asked.form.statement == body.from,
            Rule::G12,
            "it narrows another statement than the current one",
        );
        let shorter = body.duration > 0 && body.duration <= asked.form.duration;
        let fewer = match (body.uses, asked.form.uses) {
            (Some(uses), most) => uses > 0 && most.is_none_or(|most| uses <= most),
            (None, most) => most.is_none(),
        };
        self.check(shorter && fewer, Rule::G12, "it lasts longer or has more uses than before");
        let narrower = self.narrower(at, body, asked.statement.as_deref());
        asked.statement = narrower;
        asked.form.statement = body.to;
        asked.form.duration = body.duration;
        asked.form.uses = body.uses;
        self.world.requests.insert(body.number, asked);
        if let Some(person) = person {
            self.commands.step(body.number, Step::Narrowed(person));
        }
    }

    /// The new statement, compared field by field with the former while both exist.
    fn narrower(
        &mut self,
        at: &At<'_>,
        body: &RequestNarrowed,
        wider: Option<&Statement>,
    ) -> Option<Box<Statement>> {
        let statement = match Statement::read(at.values.get(&body.to)?) {
            Ok(statement) => statement,
            Err(why) => {
                self.fault(Rule::Parameters, why);
                return None;
            }
        };
        self.check(
            statement.asks() == (body.duration, body.uses),
            Rule::Parameters,
            "the statement says something else about duration or uses",
        );
        if let Some(wider) = wider {
            let exceeds = statement.exceeds(wider, body.from);
            if !exceeds.is_empty() {
                self.fault(
                    Rule::G12,
                    format!("the new statement is not contained in the former: {}", exceeds.join(", ")),
                );
            }
        }
        Some(Box::new(statement))
    }

    pub(super) fn authorization_granted(
        &mut self,
        at: &At<'_>,
        body: &AuthorizationGranted,
        counts: &mut Counts,
    ) {
        counts.authorizations += 1;
        self.about(at, body.number);
        let Some(asked) = self.world.requests.remove(&body.number) else {
            return self.fault(
                Rule::G3,
                format!("R-{} is not pending: nothing was asked, or it ended", body.number),
            );
        };
        let form = &asked.form;
        let automatic = form.terms.approval == Approval::Auto;
        let expected = if automatic { Step::Submitted } else { Step::Voted };
        let follows = self.commands.before(body.number) == Some(expected);
        self.check(
            follows,
            Rule::G3,
            "it does not follow its last vote, or its automatic request, in the same command",
        );
        self.check(!self.world.clock_suspect, Rule::G16, "the clock is suspect: approvals wait");
        self.check(body.counted == asked.votes, Rule::G10, "other votes are counted than were cast");
        self.check(
            self.world.quorum(&asked),
            Rule::G10,
            "its votes do not fill every seat by distinct eligible people",
        );
        if let Err((rule, why)) = stands::authorization(&self.world, &asked, at.time)
            && rule != Rule::G11
        {
            self.fault(rule, format!("it was granted although {why}"));
        }
        let begins = form.start.unwrap_or(at.time);
        let until = later(begins, form.duration);
        self.check(
            body.from == begins.max(at.time),
            Rule::G13,
            "it begins at another instant than its request says",
        );
        self.check(
            body.until == until && body.until > at.time,
            Rule::G13,
            "it ends at another instant than its request says",
        );
        self.check(body.uses == form.uses, Rule::G6, "it has other uses than its request");
        self.check(
            body.parallel == form.terms.limits.parallel.max(1),
            Rule::G6,
            "more may run at once than its policy allows",
        );
        if automatic || form.terms.limits.rate.is_some() {
            let times = self.world.granted.entry((form.policy, form.requester)).or_default();
            times.push_back(at.time);
            if times.len() > RATE_MEMORY {
                times.pop_front();
            }
        }
        let AuthorizationGranted { number, from, until, parallel, .. } = *body;
        self.world.authorizations.insert(number, Authorization { asked, from, until, used: 0, parallel });
    }

    pub(super) fn authorization_ended(&mut self, at: &At<'_>, body: &AuthorizationEnded) {
        self.about(at, body.number);
        if self.world.untold.get(&body.number) == Some(&Untold::Authorization) {
            self.by_system(at);
            self.world.untold.remove(&body.number);
            return;
        }
        let Some(live) = self.world.authorizations.remove(&body.number) else {
            return self.fault(
                Rule::G12,
                format!("R-{} is no live authorization: its end came before", body.number),
            );
        };
        self.over(Subject::Request { number: body.number }, at.time);
        match body.how {
            AuthorizationEnd::Expired => {
                self.check(at.time >= live.until, Rule::G13, "it expired before its time");
            }
            AuthorizationEnd::GivenBack => {
                let own = at.actor.person() == Some(live.asked.form.requester);
                self.check(own, Rule::G12, "only its requester gives it back");
            }
            AuthorizationEnd::Revoked if self.commands.inside().is_some() => {
                self.inside_task(at, "AuthorizationEnded")
            }
            AuthorizationEnd::Revoked => {
                self.check(
                    self.may_revoke(at, &live),
                    Rule::G12,
                    "who revoked it is no eligible approver of its policy",
                );
                self.check(body.comment.is_some(), Rule::G12, "a revocation has a comment");
            }
            _ => {
                let fallen = stands::authorization(&self.world, &live.asked, at.time).is_err();
                self.check(
                    fallen && (at.actor == Actor::System {} || self.commands.inside().is_some()),
                    Rule::G14,
                    "it still stood: nothing before this ended it",
                );
            }
        }
        self.owe_stops(body.number, body.how);
    }

    /// Members now, however long: removing power asks for less than giving it.
    fn may_revoke(&self, at: &At<'_>, live: &Authorization) -> bool {
        let directory = &self.world.directory;
        let form = &live.asked.form;
        let automatic = self.world.approvers.filter(|_| form.stages.is_empty());
        let mut groups = form.stages.iter().map(|need| need.group).chain(automatic);
        at.actor.token().is_none()
            && at.actor.person().is_some_and(|person| {
                directory.can_decide(person)
                    && directory.human(person) != directory.human(form.requester)
                    && groups.any(|group| directory.is_member(group, person))
            })
    }
}
