//! Access requests: whom they are for, and how they are shown.

use countersign_core::event::body::AuthorizationEnd;
use countersign_core::id::{PersonId, RequestNumber};
use countersign_core::policy::Approvers;
use countersign_core::request::Asked;
use countersign_core::standing;
use countersign_core::state::State;
use countersign_core::tasks::CONTROL_PLANE_POLICY;
use countersign_core::time::Instant;
use countersign_core::view::rows::{request, vote};
use countersign_core::view::{AuthorizationStatus, Column as _};
use countersign_store::{Condition, ListQuery, Reader, get, list};
use serde_json::{Value as Json, json};

use super::people::Names;
use super::{at, maybe_at};
use crate::problem::{Problem, Result};

/// How a person stands to a request. Nobody else may know of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Standing {
    Requester,
    Approver,
}

/// What the live state knows of a request.
pub(crate) fn asked(state: &State, number: RequestNumber) -> Option<&Asked> {
    let pending = state.requests.get(&number).map(|request| &request.asked);
    pending.or_else(|| state.authorizations.get(&number).map(|live| &live.asked))
}

/// Whether a live request is addressed to a person: an eligible approver of one of its stages.
pub(crate) fn addressed(state: &State, asked: &Asked, person: PersonId) -> bool {
    let stages = u16::try_from(asked.stages.len()).unwrap_or(0);
    asked.votes.contains_key(&person)
        || (0..stages).any(|stage| standing::is_eligible(state, asked, person, stage))
}

/// How a person stands to a request, live or over.
pub(crate) fn standing_of(
    state: &State,
    reader: &dyn Reader,
    person: PersonId,
    row: &request::Row,
) -> Result<Option<Standing>> {
    if row.requester == person || row.account == Some(person) {
        return Ok(Some(Standing::Requester));
    }
    let approver = match asked(state, row.number) {
        Some(asked) => addressed(state, asked, person),
        None => {
            was_addressed(state, person, row)
                || get::<vote::Row>(reader, &[row.number.to_cell(), person.to_cell()])?.is_some()
        }
    };
    Ok(approver.then_some(Standing::Approver))
}

/// Whether a request that is over was addressed to a person: a member since before it of a group that its policy names.
fn was_addressed(state: &State, person: PersonId, row: &request::Row) -> bool {
    let default = state.organization.default_approvers;
    let directory = &state.directory;
    let since_before = |group| directory.member_since(group, person).is_some_and(|since| since < row.seq);
    let human = directory.human(person) != directory.human(row.requester) && directory.can_decide(person);
    let group = match state.policies.get(&row.policy) {
        Some(policy) => policy.terms.approval.stages().iter().any(|stage| match stage.approvers {
            Approvers::DefaultGroup => default.is_some_and(since_before),
            Approvers::Group(group) => since_before(group),
        }),
        None => row.policy == CONTROL_PLANE_POLICY && default.is_some_and(since_before),
    };
    human && group
}

/// The request, if the person may know of it.
pub(crate) fn find(
    state: &State,
    reader: &dyn Reader,
    person: PersonId,
    number: RequestNumber,
) -> Result<(request::Row, Standing)> {
    let row = get::<request::Row>(reader, &[number.to_cell()])?.ok_or_else(Problem::not_found)?;
    let standing = standing_of(state, reader, person, &row)?.ok_or_else(Problem::not_found)?;
    Ok((row, standing))
}

/// Requests that are addressed to a person: live ones, and those they voted on.
pub(crate) fn addressed_to(
    state: &State,
    reader: &dyn Reader,
    person: PersonId,
) -> Result<Vec<RequestNumber>> {
    const MOST: usize = 1_000;
    let live = state.requests.iter().map(|(number, request)| (*number, &request.asked));
    let live = live.chain(state.authorizations.iter().map(|(number, live)| (*number, &live.asked)));
    let mut numbers: Vec<RequestNumber> =
        live.filter(|(_, asked)| addressed(state, asked, person)).map(|(number, _)| number).collect();
    let votes = ListQuery { limit: MOST, ..ListQuery::all() }.with(Condition::Is(vote::approver(&person)));
    numbers.extend(list::<vote::Row>(reader, &votes)?.rows.into_iter().map(|vote| vote.number));
    numbers.sort_unstable_by(|a, b| b.cmp(a));
    numbers.dedup();
    numbers.truncate(MOST);
    Ok(numbers)
}

/// Requests that wait for a person's decision now.
pub(crate) fn to_decide(state: &State, person: PersonId) -> Vec<RequestNumber> {
    let human = state.directory.human(person);
    state
        .requests
        .iter()
        .filter(|(_, request)| {
            standing::is_eligible(state, &request.asked, person, request.stage)
                && !request.asked.votes.keys().any(|voter| state.directory.human(*voter) == human)
        })
        .map(|(number, _)| *number)
        .collect()
}

/// One line of a list.
pub(crate) fn line(row: &request::Row, names: &Names, now: Instant) -> Json {
    json!({
        "number": row.number.to_string(),
        "status": row.status,
        "requester": names.show(row.requester),
        "account": names.maybe(row.account),
        "target": { "type": row.target_kind, "name": row.target },
        "role": row.role,
        "reason": row.reason,
        "ticket": row.ticket,
        "duration_secs": row.duration.as_secs(),
        "start": maybe_at(row.start),
        "created": at(row.created),
        "expires": at(row.expires),
        "stage": row.stage,
        "stages": row.stages,
        "votes": row.votes,
        "decided": maybe_at(row.decided),
        "decided_by": names.maybe(row.decided_by),
        "comment": row.comment,
        "extends": row.extends.map(|number| number.to_string()),
        "denied_before": row.denied_before.map(|number| number.to_string()),
        "statement": row.statement,
        "policy": row.policy,
        "policy_version": row.policy_version,
        "authorization": authorization(row, names, now),
    })
}

/// The people a line mentions.
pub(crate) fn people(row: &request::Row) -> impl Iterator<Item = PersonId> {
    [Some(row.requester), row.account, row.decided_by, row.ended_by].into_iter().flatten()
}

/// What the request became. The end of its time counts when it comes.
pub(crate) fn authorization(row: &request::Row, names: &Names, now: Instant) -> Json {
    let Some(status) = row.authorization else { return Json::Null };
    let over = row.until.is_some_and(|until| now >= until);
    let status = if status == AuthorizationStatus::Active && over {
        AuthorizationStatus::Ended(AuthorizationEnd::Expired)
    } else {
        status
    };
    json!({
        "number": row.number.to_string(),
        "status": status,
        "requester": names.show(row.requester),
        "target": { "type": row.target_kind, "name": row.target },
        "from": maybe_at(row.from),
        "until": maybe_at(row.until),
        "uses": row.uses,
        "used": row.used,
        "parallel": row.parallel,
        "ended": maybe_at(row.ended),
        "ended_by": names.maybe(row.ended_by),
        "end_comment": row.end_comment,
    })
}
