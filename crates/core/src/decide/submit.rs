//! Asking for access.

use std::collections::BTreeMap;

use countersign_ledger::hash::{Digest, sha256};
use countersign_ledger::json;

use super::{Draft, Reply, RequestStatus};
use crate::actor::{Authentication, Scope};
use crate::budget::{self, Budget};
use crate::command::Submit;
use crate::event::Body;
use crate::id::{PersonId, RequestNumber};
use crate::parameter::{ConstraintForms, Constraints};
use crate::policy::{Approval, Target, open_at, possible};
use crate::refusal::{Code, Refusal};
use crate::request::{KEPT_FOR_CONTROL_PLANE, MOST_LIVE, MOST_SPREAD, StageNeed};
use crate::standing;
use crate::state::State;
use crate::statement::{self, Statement};
use crate::tasks::{self, Governing};
use crate::time::{Instant, Span};

/// The longest reason, comment or question, in characters.
pub(super) const MAX_TEXT: usize = 4_000;
/// How far ahead a start may lie (G13).
const FARTHEST_START: Span = Span::from_hours(24 * 30);
/// The duration when none is asked for.
const DEFAULT_DURATION: Span = Span::from_hours(4);

pub(super) fn submit(draft: &mut Draft<'_>, submit: &Submit) -> Result<Reply, Refusal> {
    let requester = super::rest::person(draft)?;
    let reason = text(&submit.reason, Code::ReasonRequired, "A request needs a reason.")?;
    let account = account(draft, requester, submit)?;
    budget::left(&draft.state, draft.now, requester, Budget::Requests)?;
    bounds(draft, requester, submit)?;
    let governing = governing(draft, submit)?;
    if !standing::may_ask(&draft.state, requester, &submit.target, &governing) {
        return Err(Refusal::new(
            Code::NotEligibleToRequest,
            format!("You may not ask for {}.", submit.target),
        )
        .governed_by(policy_words(&governing)));
    }
    token_may_raise(draft, submit)?;
    if draft.state.organization.clock_suspect {
        return Err(Refusal::new(
            Code::ClockSuspect,
            "The server's clock is suspect; requests wait until it is accepted.",
        ));
    }
    let terms = &governing.terms;
    let duration = duration(&draft.state, submit.duration, &governing)?;
    let start = start(draft, submit, &governing)?;
    let ticket = ticket(submit.ticket.as_deref(), &governing)?;
    let uses = uses(submit, &governing)?;
    let (covers, list, bytes) = super::covers::covers(draft, &submit.target, governing.policy)?;
    let constraints = constraints(draft, submit, &governing)?;
    super::files::own(draft, requester, &super::files::in_limits(&submit.constraints))?;
    let stages = stages(&draft.state, &governing)?;
    fillable(&draft.state, requester, &stages)?;

    let number = RequestNumber::new(draft.state.next_request);
    let pending_for = draft.state.organization.settings.pending_for;
    let expires = draft.now.plus(pending_for);
    let latest_end = start.unwrap_or(expires).max(draft.now).plus(duration);
    let same = same(requester, submit).ok_or_else(|| {
        Refusal::new(Code::InvalidInput, "The request's parameters cannot be written as canonical JSON.")
    })?;
    let statement = Statement {
        kind: statement::TYPE.to_owned(),
        salt: hex::encode(draft.random()),
        ledger: draft.state.organization.ledger.clone(),
        number,
        requester,
        account,
        target: submit.target.clone(),
        role: submit.role.clone(),
        covers,
        constraints,
        reason: reason.clone(),
        ticket: ticket.clone(),
        duration,
        start,
        latest_end,
        uses,
        policy: governing.policy,
        policy_version: governing.version,
        extends: submit.extends,
        narrows: None,
    };
    let digest = keep(draft, &statement)?;
    let reason = draft.seal(&reason)?;
    let ticket = ticket.map(|ticket| draft.seal(&ticket)).transpose()?;
    let automatic = matches!(terms.approval, Approval::Auto);
    rate(draft, requester, &governing)?;
    extends(draft, requester, submit)?;
    draft.keep_list(list, bytes);
    draft.push(
        Some(number),
        Body::RequestSubmitted {
            number,
            requester,
            account,
            target: submit.target.clone(),
            role: submit.role.clone(),
            statement: digest,
            policy: governing.policy,
            policy_version: governing.version,
            terms: (**terms).clone(),
            covers,
            stages,
            duration,
            start,
            uses,
            expires,
            reason,
            ticket,
            extends: submit.extends,
            denied_before: draft.facts.denied_before,
            same,
        },
    );
    let status = if automatic {
        grant(draft, number)?;
        RequestStatus::Approved
    } else {
        RequestStatus::Pending
    };
    Ok(Reply::Request { number, status, statement: digest })
}

/// Writes a statement beside the ledger and gives its digest.
pub(super) fn keep(draft: &mut Draft<'_>, statement: &Statement) -> Result<Digest, Refusal> {
    let bytes = statement.to_bytes().map_err(|error| {
        Refusal::new(Code::InvalidInput, format!("The statement cannot be written: {error}."))
    })?;
    let digest = sha256(&bytes);
    draft.keep_statement(digest, bytes);
    Ok(digest)
}

/// Opens the window: approval + duration, or start + duration for a later start (G13).
pub(super) fn grant(draft: &mut Draft<'_>, number: RequestNumber) -> Result<(), Refusal> {
    let Some(request) = draft.state.requests.get(&number).cloned() else {
        return Err(super::rest::not_found());
    };
    let from = request.start.unwrap_or(draft.now);
    let end = from.plus(request.duration);
    let from = from.max(draft.now);
    let counted: BTreeMap<PersonId, u16> = request.asked.votes.clone();
    let parallel = request.asked.terms.limits.parallel.max(1);
    let until = if request.start.is_some() { end } else { draft.now.plus(request.duration) };
    if until <= draft.now {
        return Err(Refusal::new(
            Code::AlreadyFinal,
            format!("The time asked for in {number} is over: {until}."),
        )
        .hint("the requester may send it again with a later start"));
    }
    draft.push(
        Some(number),
        Body::AuthorizationGranted { number, from, until, uses: request.asked.uses, parallel, counted },
    );
    Ok(())
}

pub(super) fn text(given: &str, code: Code, missing: &str) -> Result<String, Refusal> {
    let text = given.trim();
    if text.is_empty() {
        return Err(Refusal::new(code, missing));
    }
    if text.chars().count() > MAX_TEXT {
        return Err(Refusal::new(
            Code::LimitReached,
            format!("The text is longer than {MAX_TEXT} characters."),
        ));
    }
    if text.contains('\0') {
        return Err(Refusal::new(Code::InvalidInput, "The text holds a NUL character."));
    }
    Ok(text.to_owned())
}

/// A service account's requests are made by its owner, who counts as requester (G4, G9). It never runs the control plane,
/// so nobody asks for that on its behalf.
fn account(draft: &Draft<'_>, requester: PersonId, submit: &Submit) -> Result<Option<PersonId>, Refusal> {
    let Some(account) = submit.account else { return Ok(None) };
    if !draft.state.directory.owns(requester, account) || !draft.state.directory.enabled(account) {
        return Err(super::rest::not_found().hint("ask for a service account that you own"));
    }
    if standing::is_control_plane(&draft.state, &submit.target) {
        return Err(Refusal::new(Code::Forbidden, "A service account never runs the control plane."));
    }
    Ok(Some(account))
}

fn bounds(draft: &Draft<'_>, requester: PersonId, submit: &Submit) -> Result<(), Refusal> {
    let state = &draft.state;
    let settings = &state.organization.settings;
    let own =
        state.requests.of(requester).filter(|(_, request)| request.asked.requester == requester).count();
    let control_plane = standing::is_control_plane(state, &submit.target);
    let kept = if control_plane { 0 } else { KEPT_FOR_CONTROL_PLANE };
    let open = state.requests.len();
    if open >= settings.open_requests as usize + KEPT_FOR_CONTROL_PLANE - kept
        || own >= settings.open_requests_each as usize
    {
        return Err(Refusal::new(Code::LimitReached, "Too many requests are open.")
            .hint("cancel one that is no longer needed: countersign request cancel R-<number>"));
    }
    if open + state.authorizations.len() >= MOST_LIVE - kept {
        return Err(Refusal::new(
            Code::LimitReached,
            format!("{} requests and authorizations live already.", MOST_LIVE - kept),
        )
        .hint("give back what is no longer needed: countersign authorization give-back R-<number>"));
    }
    let first = state.requests.get_min().map(|(number, _)| number.get());
    let oldest =
        first.into_iter().chain(state.authorizations.get_min().map(|(number, _)| number.get())).min();
    if let Some(oldest) = oldest.filter(|oldest| state.next_request.saturating_sub(*oldest) >= MOST_SPREAD) {
        return Err(Refusal::new(
            Code::LimitReached,
            format!("{MOST_SPREAD} requests have been made since the oldest that still lives."),
        )
        .governed_by(RequestNumber::new(oldest).to_string())
        .hint("that one has to end first: its requester, or an approver, can end it"));
    }
    Ok(())
}

fn governing(draft: &Draft<'_>, submit: &Submit) -> Result<Governing, Refusal> {
    let exists = match &submit.target {
        Target::Task(task) => tasks::find(&draft.state, task).is_some(),
        Target::Role(role) => draft.state.catalog.roles.contains_key(role),
        Target::RoleGroup(group) => draft.state.catalog.role_groups.contains_key(group),
    };
    if !exists {
        return Err(Refusal::new(Code::UnknownTask, format!("There is no {}.", submit.target))
            .hint("countersign task list"));
    }
    let all = tasks::governing(&draft.state, &submit.target);
    if all.is_empty() {
        return Err(Refusal::new(
            Code::NotProtected,
            format!("No policy covers {}: there is nothing to ask for.", submit.target),
        )
        .hint("whoever holds a role that contains it may run it"));
    }
    let enforced = draft.state.organization.enforced(draft.now);
    if !enforced && !standing::is_control_plane(&draft.state, &submit.target) {
        return Err(Refusal::new(
            Code::AlreadyInState,
            "Privileged access is disabled: there is nothing to ask for.",
        ));
    }
    if draft.state.organization.in_set_up() {
        return Err(Refusal::new(
            Code::SetUpMode,
            "The organization is being set up: nothing can be asked for yet.",
        ));
    }
    let chosen = tasks::chosen(&draft.state, &submit.target, submit.role.as_ref());
    if let (Some(chosen), Target::Task(task)) = (&chosen, &submit.target)
        && let Some(found) = tasks::find(&draft.state, task)
        && !tasks::is_strong_enough(&found, &chosen.terms)
    {
        return Err(Refusal::new(
            Code::PolicyTooWeak,
            format!("{task} runs arbitrary code: it needs two approvers, one use and bound parameters."),
        )
        .governed_by(policy_words(chosen))
        .hint("an administrator may give it a policy of its own with -Approvers 2 -MaximumUses 1"));
    }
    chosen.ok_or_else(|| {
        let roles: Vec<String> = all.iter().map(|governing| governing.terms.target.to_string()).collect();
        Refusal::new(
            Code::InvalidInput,
            format!("Several policies of equal rank cover {}: name one.", submit.target),
        )
        .governed_by(roles.join(", "))
        .hint("add -Role '<Workload\\Role>'")
    })
}

pub(super) fn policy_words(governing: &Governing) -> String {
    match governing.policy {
        policy if policy == tasks::CONTROL_PLANE_POLICY => "the control plane's built-in policy".to_owned(),
        policy if policy == tasks::DEFAULT_POLICY => {
            "the built-in policy for tasks without their own".to_owned()
        }
        _ => format!("the approval policy for {}", governing.terms.target),
    }
}

fn token_may_raise(draft: &Draft<'_>, submit: &Submit) -> Result<(), Refusal> {
    let Authentication::Token { token } = draft.principal.authentication() else { return Ok(()) };
    let scope =
        if standing::is_control_plane(&draft.state, &submit.target) { Scope::Raise } else { Scope::Request };
    match draft.state.tokens.get(token) {
        Some(token) if token.scopes.contains(&scope) => Ok(()),
        _ => Err(Refusal::new(Code::TokenNotAllowed, "This token may not ask for this.")),
    }
}

/// How long: what is asked for, within the policy's ceiling and the organization's (G13).
pub(crate) fn duration(state: &State, asked: Option<Span>, governing: &Governing) -> Result<Span, Refusal> {
    let organization = state.organization.settings.max_duration;
    let ceiling = governing.terms.limits.max_duration.unwrap_or(organization).min(organization);
    let duration = asked.unwrap_or(DEFAULT_DURATION.min(ceiling));
    if duration == Span::ZERO || duration > ceiling {
        return Err(Refusal::new(
            Code::DurationOutOfRange,
            format!("The duration must be more than nothing and at most {ceiling}."),
        )
        .governed_by(policy_words(governing)));
    }
    Ok(duration)
}

fn start(draft: &Draft<'_>, submit: &Submit, governing: &Governing) -> Result<Option<Instant>, Refusal> {
    match submit.start {
        None => Ok(None),
        Some(start) if start < draft.now || start > draft.now.plus(FARTHEST_START) => {
            Err(Refusal::new(Code::StartOutOfRange, "The start must lie ahead, by at most 30 days."))
        }
        Some(start) => opens_at(start, governing).map(|()| Some(start)),
    }
}

/// A later start lies within the policy's weekly windows.
pub(crate) fn opens_at(start: Instant, governing: &Governing) -> Result<(), Refusal> {
    if open_at(&governing.terms.windows, start) {
        return Ok(());
    }
    Err(Refusal::new(Code::OutsideWindow, "The start lies outside the policy's weekly windows.")
        .governed_by(policy_words(governing)))
}

/// The ticket, of the form that the policy asks for.
pub(crate) fn ticket(asked: Option<&str>, governing: &Governing) -> Result<Option<String>, Refusal> {
    let given = asked.map(str::trim).filter(|ticket| !ticket.is_empty());
    match (&governing.terms.ticket, given) {
        (Some(pattern), Some(ticket)) if pattern.matches(ticket) => Ok(Some(ticket.to_owned())),
        (Some(pattern), _) => Err(Refusal::new(
            Code::TicketRequired,
            format!("The policy asks for a ticket of the form `{}`.", pattern.as_str()),
        )
        .governed_by(policy_words(governing))),
        (None, Some(ticket)) if ticket.chars().count() > 200 => {
            Err(Refusal::new(Code::LimitReached, "A ticket has at most 200 characters."))
        }
        (None, ticket) => Ok(ticket.map(str::to_owned)),
    }
}

fn uses(submit: &Submit, governing: &Governing) -> Result<Option<u32>, Refusal> {
    let ceiling = governing.terms.limits.max_uses;
    match (submit.uses, ceiling) {
        (Some(0), _) => Err(Refusal::new(Code::LimitReached, "A request is for at least one use.")),
        (Some(uses), Some(most)) if uses > most => {
            Err(Refusal::new(Code::LimitReached, format!("The policy allows at most {most} uses."))
                .governed_by(policy_words(governing)))
        }
        (Some(uses), _) => Ok(Some(uses)),
        (None, most) => Ok(most),
    }
}

fn constraints(draft: &Draft<'_>, submit: &Submit, governing: &Governing) -> Result<Constraints, Refusal> {
    match &submit.target {
        Target::Task(name) => {
            let Some(found) = tasks::find(&draft.state, name) else { return Err(super::rest::not_found()) };
            submit
                .constraints
                .read(&found.definition.parameters, &governing.terms.bind)
                .map_err(|faults| invalid_parameters(&faults).hint(format!("countersign task show '{name}'")))
        }
        Target::Role(_) | Target::RoleGroup(_) if submit.constraints == ConstraintForms::default() => {
            Ok(Constraints::default())
        }
        Target::Role(_) | Target::RoleGroup(_) => Err(Refusal::new(
            Code::ParameterInvalid,
            "Parameters are bound in a request for a task, not for a role.",
        )),
    }
}

pub(crate) fn invalid_parameters(faults: &[crate::parameter::Fault]) -> Refusal {
    let faults: Vec<String> = faults.iter().map(ToString::to_string).collect();
    Refusal::new(Code::ParameterInvalid, faults.join("; "))
}

/// The groups whose members decide, resolved now.
pub(crate) fn stages(state: &State, governing: &Governing) -> Result<Vec<StageNeed>, Refusal> {
    governing
        .terms
        .approval
        .stages()
        .iter()
        .map(|stage| {
            let group = stage.approvers.group(state.organization.default_approvers);
            group.map(|group| StageNeed { group, seats: stage.seats }).ok_or_else(|| {
                Refusal::new(Code::QuorumImpossible, "The policy's approver group is not there.")
                    .governed_by(policy_words(governing))
            })
        })
        .collect()
}

/// A request that nobody could approve is refused at once rather than left to expire (G10).
pub(crate) fn fillable(state: &State, requester: PersonId, stages: &[StageNeed]) -> Result<(), Refusal> {
    let eligible: Vec<_> =
        stages.iter().map(|stage| state.directory.eligible(stage.group, state.next_seq)).collect();
    let seats: Vec<crate::policy::StageSeats<'_>> = stages
        .iter()
        .zip(&eligible)
        .map(|(stage, eligible)| crate::policy::StageSeats { eligible, seats: stage.seats })
        .collect();
    possible(&seats, std::iter::once(state.directory.human(requester))).map_err(|_| {
        Refusal::new(Code::QuorumImpossible, "Too few people could approve this: you are never one of them.")
            .hint("ask an administrator to add people to the policy's approver groups")
    })
}

fn rate(draft: &Draft<'_>, requester: PersonId, governing: &Governing) -> Result<(), Refusal> {
    let automatic = matches!(governing.terms.approval, Approval::Auto);
    let Some(rate) = governing.terms.limits.rate.or(automatic.then_some(crate::policy::Rate::AUTO_DEFAULT))
    else {
        return Ok(());
    };
    if recent(&draft.state, draft.now.minus(rate.per), requester, governing) >= rate.count as usize {
        return Err(Refusal::new(
            Code::RateLimited,
            format!("The policy grants at most {} in {}.", rate.count, rate.per),
        )
        .governed_by(policy_words(governing))
        .hint("what waits for approval counts as well: countersign request list"));
    }
    Ok(())
}

/// What a human was granted under a policy since then, and what waits and may still be: through every account of theirs.
fn recent(state: &State, since: Instant, requester: PersonId, governing: &Governing) -> usize {
    let directory = &state.directory;
    let human = directory.human(requester);
    let granted = state.granted.get(&governing.policy).into_iter().flatten();
    let granted = granted.filter(|(person, _)| directory.human(**person) == human);
    let granted = granted.flat_map(|(_, times)| times).filter(|time| **time > since).count();
    let theirs = |request: &&crate::request::Request| {
        request.asked.policy == governing.policy && directory.human(request.asked.requester) == human
    };
    granted + state.requests.values().filter(theirs).count()
}

/// Only one's own live authorization for the same target is extended (G13).
fn extends(draft: &Draft<'_>, requester: PersonId, submit: &Submit) -> Result<(), Refusal> {
    let Some(number) = submit.extends else { return Ok(()) };
    match draft.state.authorizations.get(&number) {
        Some(live)
            if live.asked.requester == requester
                && live.asked.account == submit.account
                && live.asked.target == submit.target =>
        {
            Ok(())
        }
        _ => {
            Err(super::rest::not_found().hint("extend a live authorization of your own, for the same target"))
        }
    }
}

/// What makes two requests the same, before anything is looked up: who, what, with which parameters.
pub(super) fn same(requester: PersonId, submit: &Submit) -> Option<Digest> {
    let what = (requester, submit.account, &submit.target, &submit.constraints);
    json::canonical(&("countersign/same-request/v1", what)).map(|bytes| sha256(&bytes)).ok()
}
