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
    Seats::of(state, terms)?.filled_without(None).map_err(Short::People)
}

/// Whether one person's leaving would make it short: the last moment to add somebody.
#[must_use]
pub fn hangs_on_one(state: &State, terms: &PolicyTerms) -> bool {
    let Ok(seats) = Seats::of(state, terms) else { return false };
    // A group with a person to spare for every seat, the requester and the one who leaves is never the reason.
    let enough = seats.total() + 2;
    let few: BTreeSet<Human> = seats
        .stages
        .iter()
        .filter(|(group, _)| group.len() < enough)
        .flat_map(|(group, _)| group)
        .copied()
        .collect();
    seats.filled_without(None).is_ok() && few.iter().any(|human| seats.filled_without(Some(*human)).is_err())
}

/// Who may fill a policy's seats, and who of them may ask.
struct Seats {
    stages: Vec<(BTreeSet<Human>, u16)>,
    asking: BTreeSet<Human>,
}

impl Seats {
    fn of(state: &State, terms: &PolicyTerms) -> Result<Self, Short> {
        let directory = &state.directory;
        let mut stages = Vec::new();
        for stage in terms.approval.stages() {
            let group = stage.approvers.group(state.organization.default_approvers).ok_or(Short::Group)?;
            if directory.group(group).is_none() {
                return Err(Short::Group);
            }
            stages.push((directory.eligible(group, state.next_seq), stage.seats));
        }
        let governing =
            Governing { policy: tasks::DEFAULT_POLICY, version: 0, terms: Arc::new(terms.clone()) };
        // Only who could take a seat can leave one empty by asking, by whichever account.
        let could: BTreeSet<Human> = stages.iter().flat_map(|(eligible, _)| eligible).copied().collect();
        let asking = directory
            .people()
            .filter(|(id, _)| could.contains(&directory.human(*id)))
            .filter(|(id, _)| standing::may_ask(state, *id, &terms.target, &governing))
            .map(|(id, _)| directory.human(id))
            .collect();
        Ok(Self { stages, asking })
    }

    fn total(&self) -> usize {
        self.stages.iter().map(|(_, seats)| usize::from(*seats)).sum()
    }

    fn filled_without(&self, gone: Option<Human>) -> Result<(), Shortage> {
        let without = |group: &BTreeSet<Human>| -> BTreeSet<Human> {
            group.iter().filter(|human| Some(**human) != gone).copied().collect()
        };
        let groups: Vec<_> = match gone {
            None => Vec::new(),
            Some(_) => self.stages.iter().map(|(group, seats)| (without(group), *seats)).collect(),
        };
        let stages = if gone.is_none() { &self.stages } else { &groups };
        let seats: Vec<StageSeats<'_>> =
            stages.iter().map(|(eligible, seats)| StageSeats { eligible, seats: *seats }).collect();
        possible(&seats, self.asking.iter().copied().filter(|human| Some(*human) != gone))
    }
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
