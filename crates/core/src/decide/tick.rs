//! What is due: effects come from comparing instants, events only record them.

use super::{Draft, Reply};
use crate::event::Body;
use crate::event::body::{AuthorizationEnd, RequestEnd};
use crate::execution::StopReason;
use crate::id::{ExecutionId, RequestNumber};
use crate::obligation;
use crate::organization::Access;
use crate::refusal::Refusal;
use crate::state::State;
use crate::time::{Instant, Span};

/// How much one tick records; the next goes on.
const BATCH: usize = 256;
/// How many tries to take something back begin with one tick.
pub(super) const TAKEN_BACK_AT_ONCE: usize = 16;
/// How long before the end people are reminded.
const REMIND_AUTHORIZATION: Span = Span::from_mins(15);
const REMIND_REQUEST: Span = Span::from_hours(4);

pub(super) fn tick(draft: &mut Draft<'_>) -> Result<Reply, Refusal> {
    if let Access::OffUntil { until } = draft.state.organization.access
        && draft.now >= until
    {
        draft.push(None, Body::AccessResumed {});
    }
    let now = draft.now;
    super::appoint::due(draft)?;
    for number in due(&draft.state.requests, |request| request.expires <= now) {
        draft.push(Some(number), Body::RequestEnded { number, how: RequestEnd::Expired, comment: None });
    }
    super::adopt::adopt(draft);
    for number in due(&draft.state.authorizations, |authorization| authorization.until <= now) {
        draft.end_authorization(number, AuthorizationEnd::Expired, None);
    }
    for number in
        due(&draft.state.requests, |request| !request.reminded && request.expires <= now.plus(REMIND_REQUEST))
    {
        draft.push(Some(number), Body::ReminderDue { number });
    }
    for number in due(&draft.state.authorizations, |authorization| reminder(authorization, now)) {
        draft.push(Some(number), Body::ReminderDue { number });
    }
    let overdue: Vec<ExecutionId> = draft
        .state
        .executions
        .iter()
        .filter(|(_, execution)| {
            execution.stopping.is_none() && !execution.unknown && execution.deadline <= now
        })
        .map(|(id, _)| *id)
        .take(BATCH)
        .collect();
    for execution in overdue {
        super::execute::request_stop(draft, execution, StopReason::Deadline);
    }
    super::take_back::due(draft)?;
    let stale: Vec<_> = draft
        .state
        .invitations
        .iter()
        .filter(|(_, link)| link.until <= now)
        .map(|(id, _)| *id)
        .take(BATCH)
        .collect();
    for invitation in stale {
        draft.push(None, Body::InvitationUsed { invitation });
    }
    draft.tell(BATCH);
    Ok(Reply::Done)
}

/// Short windows need no warning of their end.
fn reminder(authorization: &crate::request::Authorization, now: Instant) -> bool {
    !authorization.reminded
        && authorization.until.since(authorization.from) > REMIND_AUTHORIZATION.max(Span::from_hours(1))
        && authorization.until <= now.plus(REMIND_AUTHORIZATION)
}

fn due<T: Clone>(all: &imbl::OrdMap<RequestNumber, T>, is_due: impl Fn(&T) -> bool) -> Vec<RequestNumber> {
    all.iter().filter(|(_, item)| is_due(item)).map(|(number, _)| *number).take(BATCH).collect()
}

/// The next instant at which a tick has something to record, if any is known.
#[must_use]
pub fn next_due(state: &State) -> Option<Instant> {
    let access = match state.organization.access {
        Access::OffUntil { until } => Some(until),
        _ => None,
    };
    let untold = (!state.untold.is_empty()).then_some(state.last);
    let requests = state.requests.values().map(|request| {
        if request.reminded { request.expires } else { request.expires.minus(REMIND_REQUEST) }
    });
    let authorizations = state.authorizations.values().map(|authorization| {
        let warns =
            !authorization.reminded && authorization.until.since(authorization.from) > Span::from_hours(1);
        if warns { authorization.until.minus(REMIND_AUTHORIZATION) } else { authorization.until }
    });
    let executions = state
        .executions
        .values()
        .filter(|execution| execution.stopping.is_none() && !execution.unknown)
        .map(|execution| execution.deadline);
    let obligations = state.obligations.iter().filter_map(|(of, owed)| obligation::due(state, *of, owed));
    let invitations = state.invitations.values().map(|link| link.until);
    let appointed = state.organization.appointed.values().copied();
    access
        .into_iter()
        .chain(appointed)
        .chain(untold)
        .chain(requests)
        .chain(authorizations)
        .chain(executions)
        .chain(super::adopt::possible(state).into_iter().map(|possible| possible.due))
        .chain(invitations)
        .chain(obligations)
        .min()
}
