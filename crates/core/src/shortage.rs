//! Policies under which somebody could ask and too few people could approve (G10): refused when they are written, and an
//! alarm when membership breaks one later. Nothing falls back to somebody else.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::event::Body;
use crate::id::PolicyId;
use crate::policy::{Human, PolicyTerms, Shortage, StageSeats, possible};
use crate::standing;
use crate::state::State;
use crate::tasks::{self, Governing};

/// Why a policy's seats cannot be filled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Short {
    /// A stage's group is not there.
    Group,
    /// Some stages have fewer people than seats, for everybody or for somebody who may ask.
    People(Shortage),
}

/// Whether for everybody who may ask, distinct people can fill every seat.
///
/// # Errors
/// What is short.
pub fn of(state: &State, terms: &PolicyTerms) -> Result<(), Short> {
    let directory = &state.directory;
    let mut groups = Vec::new();
    for stage in terms.approval.stages() {
        let group = stage.approvers.group(state.organization.default_approvers).ok_or(Short::Group)?;
        if directory.group(group).is_none() {
            return Err(Short::Group);
        }
        groups.push((directory.eligible(group, state.next_seq), stage.seats));
    }
    let seats: Vec<StageSeats<'_>> =
        groups.iter().map(|(eligible, seats)| StageSeats { eligible, seats: *seats }).collect();
    let governing = Governing { policy: tasks::DEFAULT_POLICY, version: 0, terms: Arc::new(terms.clone()) };
    // Only who could take a seat can leave one empty by asking, by whichever account.
    let could: BTreeSet<Human> = groups.iter().flat_map(|(eligible, _)| eligible).copied().collect();
    let asking = directory
        .people()
        .filter(|(id, _)| could.contains(&directory.human(*id)))
        .filter(|(id, _)| standing::may_ask(state, *id, &terms.target, &governing))
        .map(|(id, _)| directory.human(id))
        .collect::<BTreeSet<_>>();
    possible(&seats, asking).map_err(Short::People)
}

/// The policies that are short.
#[must_use]
pub fn all(state: &State) -> BTreeSet<PolicyId> {
    if state.organization.in_set_up() {
        return BTreeSet::new();
    }
    let short = state.policies.iter().filter(|(_, policy)| of(state, &policy.terms).is_err());
    short.map(|(id, _)| *id).collect()
}

/// Whether an event can make a policy short, or whole again.
pub(crate) const fn concerns(body: &Body) -> bool {
    matches!(
        body,
        Body::PersonDisabled { .. }
            | Body::PersonEnabled { .. }
            | Body::PeopleLinked { .. }
            | Body::PersonUnlinked { .. }
            | Body::GroupMembersChanged { .. }
            | Body::GroupRemoved { .. }
            | Body::RoleDefined { .. }
            | Body::RoleRemoved { .. }
            | Body::RoleGroupDefined { .. }
            | Body::RoleGroupMembersChanged { .. }
            | Body::RoleGroupRemoved { .. }
            | Body::OrganizationChanged { .. }
            | Body::AccessEnabled { .. }
    )
}
