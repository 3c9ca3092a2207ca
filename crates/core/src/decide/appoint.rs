//! The second form of host recovery: where too few people are left to decide, one is appointed.

use super::{Draft, Reply};
use crate::actor::Authentication;
use crate::command::Appointment;
use crate::directory::Member;
use crate::event::Body;
use crate::event::body::{Ends, Recovery};
use crate::id::PersonId;
use crate::refusal::{Code, Refusal};
use crate::standing;
use crate::time::Span;

/// How long everybody who was told has to object.
const NOTICE: Span = Span::from_hours(24);

/// Recorded and mailed to everyone at once; in force after a day, unless the person is disabled meanwhile, or at once.
pub(super) fn appoint(draft: &mut Draft<'_>, person: PersonId, when: Appointment) -> Result<Reply, Refusal> {
    if !matches!(draft.principal.authentication(), Authentication::Host) {
        return Err(Refusal::new(Code::Forbidden, "Recovery is a command on the host."));
    }
    if draft.state.organization.default_approvers.is_none() {
        return Err(Refusal::new(Code::SetUpMode, "There is no default approver group yet.")
            .hint("in set-up mode the first administrator makes one: countersign group new"));
    }
    if !draft.state.directory.can_decide(person) {
        return Err(Refusal::new(
            Code::Forbidden,
            "Recovery appoints an enabled person, no service account.",
        ));
    }
    if standing::is_default_approver(&draft.state, person) {
        return Err(Refusal::new(Code::AlreadyInState, "This person is a default approver."));
    }
    let from = match when {
        Appointment::AfterADay => draft.now.plus(NOTICE),
        Appointment::Now => draft.now,
    };
    draft.push(None, Body::RecoveryUsed { person, how: Recovery::Approver { from } });
    due(draft)?;
    Ok(Reply::Person { person })
}

/// Appointments whose time has come.
pub(super) fn due(draft: &mut Draft<'_>) -> Result<(), Refusal> {
    let Some(group) = draft.state.organization.default_approvers else { return Ok(()) };
    let now = draft.now;
    let due: Vec<PersonId> = draft
        .state
        .organization
        .appointed
        .iter()
        .filter(|(_, from)| **from <= now)
        .map(|(person, _)| *person)
        .collect();
    for person in due {
        let added = vec![Member::Person(person)];
        let ends = Ends::default();
        draft.change(Body::GroupMembersChanged { group, added, removed: Vec::new(), ends })?;
    }
    Ok(())
}
