//! Approving, denying, revoking.

use countersign_ledger::hash::Digest;

use super::submit::{grant, keep, policy_words, text};
use super::{Draft, Reply, RequestStatus};
use crate::actor::Authentication;
use crate::command::{Approve, Less};
use crate::event::Body;
use crate::event::body::{AuthorizationEnd, RequestEnd};
use crate::id::{PersonId, RequestNumber};
use crate::organization::SecondFactor;
use crate::parameter::{ConstraintForms, Constraints, cited};
use crate::policy::{Assurance, Target, needed_later};
use crate::refusal::{Code, Refusal};
use crate::request::{Asked, Request};
use crate::standing;
use crate::statement::Statement;
use crate::tasks::{self, Governing};

pub(super) fn approve(draft: &mut Draft<'_>, approve: &Approve) -> Result<Reply, Refusal> {
    let number = approve.number;
    let (approver, request, stage) = voter(draft, number)?;
    let assurance = sure_enough(draft, &request.asked, true)?;
    current(&request, number, approve.statement)?;
    if draft.state.organization.clock_suspect {
        return Err(Refusal::new(
            Code::ClockSuspect,
            "The server's clock is suspect; approvals wait until it is accepted.",
        ));
    }
    let human = draft.state.directory.human(approver);
    if request.asked.votes.keys().any(|voter| draft.state.directory.human(*voter) == human) {
        return Err(Refusal::new(
            Code::AlreadyVoted,
            format!("You have voted on {number} already; each vote is another person's."),
        ));
    }
    seats_remain(draft, &request, approver, stage)?;
    let comment = optional(&approve.comment)?;
    if let Some(less) = &approve.less {
        narrow(draft, number, less)?;
    }
    let Some(request) = draft.state.requests.get(&number).cloned() else {
        return Err(super::rest::not_found());
    };
    let seats = request.asked.stages.get(usize::from(stage)).map_or(1, |stage| stage.seats);
    let filled = standing::counting(&draft.state, &request.asked)
        .iter()
        .filter(|vote| vote.stage == usize::from(stage))
        .count();
    let completes_stage = filled + 1 >= usize::from(seats);
    let comment = draft.seal(&comment)?;
    draft.push(
        Some(number),
        Body::VoteCast {
            number,
            statement: request.asked.statement,
            approver,
            stage,
            assurance,
            comment,
            completes_stage,
        },
    );
    let statement = request.asked.statement;
    let status = conclude(draft, number)?;
    draft.stop_previews(number);
    Ok(Reply::Request { number, status, statement })
}

/// Grants it if that was the last seat.
fn conclude(draft: &mut Draft<'_>, number: RequestNumber) -> Result<RequestStatus, Refusal> {
    // Every stage's votes must stand now, not only when they were cast (G11).
    let filled = draft
        .state
        .requests
        .get(&number)
        .is_some_and(|request| standing::quorum(&draft.state, &request.asked));
    if !filled {
        return Ok(RequestStatus::Pending);
    }
    grant(draft, number)?;
    Ok(RequestStatus::Approved)
}

pub(super) fn deny(
    draft: &mut Draft<'_>,
    number: RequestNumber,
    statement: Digest,
    comment: &str,
) -> Result<Reply, Refusal> {
    let (_, request, _) = voter(draft, number)?;
    sure_enough(draft, &request.asked, false)?;
    current(&request, number, statement)?;
    let comment = text(comment, Code::CommentRequired, "A denial needs a comment.")?;
    let comment = draft.seal(&comment)?;
    draft.push(Some(number), Body::RequestEnded { number, how: RequestEnd::Denied, comment: Some(comment) });
    Ok(Reply::Request { number, status: RequestStatus::Denied, statement })
}

/// After the last approval a denial is a revocation, open to any currently eligible approver of the policy (G12).
pub(super) fn revoke(draft: &mut Draft<'_>, number: RequestNumber, comment: &str) -> Result<Reply, Refusal> {
    let person = super::rest::person(draft)?;
    no_token(draft)?;
    let Some(authorization) = draft.state.authorizations.get(&number).cloned() else {
        return Err(ended_or_unknown(draft, number, person));
    };
    if !may_revoke(draft, &authorization.asked, person) {
        return Err(ended_or_unknown(draft, number, person));
    }
    let comment = text(comment, Code::CommentRequired, "A revocation needs a comment.")?;
    let comment = draft.seal(&comment)?;
    draft.end_authorization(number, AuthorizationEnd::Revoked, Some(comment));
    Ok(Reply::Request { number, status: RequestStatus::Ended, statement: authorization.asked.statement })
}

/// Currently eligible approvers: members now, however long. Removing power asks for less than giving it.
fn may_revoke(draft: &Draft<'_>, asked: &Asked, person: PersonId) -> bool {
    let directory = &draft.state.directory;
    let default = draft.state.organization.default_approvers;
    let automatic = asked.stages.is_empty().then_some(default).flatten();
    directory.can_decide(person)
        && directory.human(person) != directory.human(asked.requester)
        && asked
            .stages
            .iter()
            .map(|stage| stage.group)
            .chain(automatic)
            .any(|group| directory.is_member(group, person))
}

/// The person, if they may decide on this request at this stage. Whoever has nothing to do with it learns nothing.
fn voter(draft: &Draft<'_>, number: RequestNumber) -> Result<(PersonId, Request, u16), Refusal> {
    let person = super::rest::person(draft)?;
    no_token(draft)?;
    let Some(request) = draft.state.requests.get(&number) else {
        return Err(ended_or_unknown(draft, number, person));
    };
    if draft.state.directory.human(person) == draft.state.directory.human(request.asked.requester) {
        return Err(Refusal::new(
            Code::SelfApproval,
            "Nobody decides on their own request, through no account of theirs.",
        ));
    }
    let stage = standing::open_stage(&draft.state, &request.asked).unwrap_or(request.stage);
    if standing::is_eligible(&draft.state, &request.asked, person, stage) {
        if draft.now >= request.expires {
            return Err(Refusal::new(
                Code::AlreadyFinal,
                format!("{number} expired at {}.", request.expires),
            ));
        }
        return Ok((person, request.clone(), stage));
    }
    let concerns = (0..request.asked.stages.len())
        .filter_map(|stage| u16::try_from(stage).ok())
        .any(|stage| standing::is_eligible(&draft.state, &request.asked, person, stage));
    let joined_later =
        request.asked.stages.iter().any(|stage| draft.state.directory.is_member(stage.group, person));
    if concerns || joined_later {
        Err(Refusal::new(
            Code::NotAnApprover,
            format!("You are not an eligible approver of {number}'s current stage."),
        )
        .governed_by(format!("stage {} of {}", stage + 1, request.asked.stages.len()))
        .hint("whoever joined an approver group after the request decides from the next request on"))
    } else {
        Err(ended_or_unknown(draft, number, person))
    }
}

fn ended_or_unknown(draft: &Draft<'_>, number: RequestNumber, person: PersonId) -> Refusal {
    // An approver of a live authorization is told that the decision has been made; others learn nothing.
    match draft.state.authorizations.get(&number) {
        Some(authorization) if may_revoke(draft, &authorization.asked, person) => Refusal::new(
            Code::AlreadyFinal,
            format!("{number} was approved already; it ends at {}.", authorization.until),
        )
        .hint(format!("revoke it: countersign authorization revoke {number} --comment '<why>'")),
        // Alike for what is over, somebody else's, or never was (G19).
        _ => Refusal::new(Code::AlreadyFinal, format!("{number} is not open, or not addressed to you.")),
    }
}

pub(super) fn no_token(draft: &Draft<'_>) -> Result<(), Refusal> {
    match draft.principal.authentication() {
        Authentication::Session { .. } => Ok(()),
        Authentication::Token { .. } | Authentication::Host | Authentication::System => Err(Refusal::new(
            Code::TokenNotAllowed,
            "Only people approve, deny and revoke, in a session of their own.",
        )),
    }
}

/// Assurance and its freshness are judged at the vote (G11). Denying asks for a session only.
fn sure_enough(draft: &Draft<'_>, asked: &Asked, approving: bool) -> Result<Assurance, Refusal> {
    let Authentication::Session { assurance, at } = draft.principal.authentication() else {
        return Err(Refusal::new(Code::TokenNotAllowed, "Only people approve, in a session of their own."));
    };
    if !approving {
        return Ok(*assurance);
    }
    if draft.state.organization.settings.second_factor == SecondFactor::Required
        && *assurance < Assurance::SecondFactor
    {
        return Err(Refusal::new(
            Code::SecondFactorRequired,
            "Approving needs a session with a second factor.",
        )
        .hint("sign in with your second factor, or set one up: countersign second-factor enroll"));
    }
    if *assurance < asked.terms.assurance {
        return Err(Refusal::new(
            Code::AssuranceTooLow,
            "The policy asks for a stronger proof than this session has.",
        )
        .governed_by(format!("minimum assurance: {:?}", asked.terms.assurance)));
    }
    if let Some(freshness) = asked.terms.freshness
        && draft.now.since(*at) > freshness
    {
        return Err(Refusal::new(
            Code::AssuranceTooLow,
            format!("The policy asks for a proof no older than {freshness}."),
        )
        .hint("confirm your second factor again: countersign login"));
    }
    Ok(*assurance)
}

fn current(request: &Request, number: RequestNumber, statement: Digest) -> Result<(), Refusal> {
    if request.asked.statement == statement {
        return Ok(());
    }
    Err(Refusal::new(Code::StatementChanged, format!("{number} has a new statement since you read it."))
        .hint(format!("read it again: countersign request show {number}")))
}

fn seats_remain(draft: &Draft<'_>, request: &Request, approver: PersonId, stage: u16) -> Result<(), Refusal> {
    let eligible = standing::eligible(&draft.state, &request.asked);
    let seats = standing::seats(&request.asked, &eligible);
    let votes = standing::cast(&draft.state, &request.asked);
    let requester = draft.state.directory.human(request.asked.requester);
    let voter = draft.state.directory.human(approver);
    if needed_later(&seats, &votes, requester, voter, usize::from(stage)) {
        return Err(Refusal::new(
            Code::NeededLater,
            "A later stage could not be filled without you: leave this one to somebody else.",
        ));
    }
    Ok(())
}

fn optional(comment: &str) -> Result<String, Refusal> {
    if comment.trim().is_empty() { Ok(String::new()) } else { text(comment, Code::CommentRequired, "") }
}

/// Approving for less: a new statement that cites the former's digest, contained in it field by field.
fn narrow(draft: &mut Draft<'_>, number: RequestNumber, less: &Less) -> Result<(), Refusal> {
    let Some(request) = draft.state.requests.get(&number).cloned() else {
        return Err(super::rest::not_found());
    };
    if !request.asked.terms.approve_for_less {
        let governing = Governing { policy: request.asked.policy, version: 0, terms: request.asked.terms };
        return Err(Refusal::new(Code::Forbidden, "The policy does not allow approving for less.")
            .governed_by(policy_words(&governing)));
    }
    let Some(wider) = draft.facts.statements.get(&number).cloned() else {
        return Err(Refusal::new(
            Code::EvidenceMissing,
            format!("The statement of {number} is missing or was altered."),
        ));
    };
    let from = request.asked.statement;
    let duration = less.duration.unwrap_or(wider.duration);
    let constraints = narrower(draft, &wider, &request, less)?;
    let statement = Statement {
        salt: hex::encode(draft.random()),
        duration,
        uses: less.uses.or(wider.uses),
        constraints,
        latest_end: wider.latest_end.minus(crate::time::Span::from_micros(
            wider.duration.as_micros().saturating_sub(duration.as_micros()),
        )),
        narrows: Some(from),
        ..wider.clone()
    };
    if !statement.narrows(&wider, from) {
        return Err(Refusal::new(
            Code::InvalidInput,
            "Approving for less may only lower duration or uses, or add constraints.",
        ));
    }
    let to = keep(draft, &statement)?;
    draft.push(
        Some(number),
        Body::RequestNarrowed { number, from, to, duration: statement.duration, uses: statement.uses },
    );
    Ok(())
}

/// The former constraints, with those the approver names in their place.
fn narrower(
    draft: &Draft<'_>,
    wider: &Statement,
    request: &Request,
    less: &Less,
) -> Result<Constraints, Refusal> {
    let mut constraints = wider.constraints.clone();
    if less.constraints == ConstraintForms::default() {
        return Ok(constraints);
    }
    let Target::Task(name) = &wider.target else {
        return Err(Refusal::new(
            Code::ParameterInvalid,
            "Parameters are bound in a request for a task, not for a role.",
        ));
    };
    let Some(found) = tasks::find(&draft.state, name) else { return Err(super::rest::not_found()) };
    // An approver chooses among the files that were put to them; naming another's digest must not show its content.
    let shown = serde_json::to_value(&wider.constraints).map(|json| cited(&json)).unwrap_or_default();
    if super::files::in_limits(&less.constraints).iter().any(|file| !shown.contains(file)) {
        return Err(Refusal::new(
            Code::ParameterInvalid,
            "The request cites no such file: an approval for less cites only files that it was put with.",
        ));
    }
    let named = less
        .constraints
        .read_named(&found.definition.parameters)
        .map_err(|faults| super::submit::invalid_parameters(&faults))?;
    for (name, constraint) in named {
        match constraint {
            Some(constraint) => constraints.insert(name, constraint),
            None => constraints.remove(&name),
        }
    }
    constraints
        .check(&found.definition.parameters, &request.asked.terms.bind)
        .map_err(|faults| super::submit::invalid_parameters(&faults))?;
    Ok(constraints)
}
