//! Who could run what, and through what: for people before they act.

use std::collections::{BTreeMap, BTreeSet};

use crate::id::{PersonId, PolicyId};
use crate::name::{RoleName, TaskName};
use crate::policy::{Human, Target};
use crate::standing;
use crate::state::State;
use crate::tasks;
use crate::time::Instant;

/// How somebody could come to run a task.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Way {
    /// At once, as the first administrator while the organization is being set up.
    SetUp,
    /// At once, by a role, because no policy protects the task.
    Role {
        /// Which role.
        role: RoleName,
    },
    /// At once, as an exempt system account.
    Exemption {
        /// By which role.
        role: RoleName,
    },
    /// By asking under a policy.
    Request {
        /// Which policy.
        policy: PolicyId,
        /// How many other people must decide; 0 for Auto.
        approvers: usize,
    },
}

impl Way {
    /// How many distinct people it takes, the one who runs among them.
    #[must_use]
    pub const fn people(&self) -> usize {
        match self {
            Self::SetUp | Self::Role { .. } | Self::Exemption { .. } => 1,
            Self::Request { approvers, .. } => 1 + *approvers,
        }
    }
}

/// Who could run a task, through what, and how many people together it takes at least.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WhoCould {
    /// Each enabled person with every way of theirs.
    pub people: BTreeMap<PersonId, Vec<Way>>,
    /// The smallest number of distinct people who together could run it; `None` if nobody could.
    pub together: Option<usize>,
}

/// Answers exactly: over finite data there is nothing to guess.
#[must_use]
pub fn who_could(state: &State, task: &TaskName, now: Instant) -> WhoCould {
    let mut people: BTreeMap<PersonId, Vec<Way>> = BTreeMap::new();
    let mut together = None;
    let Some(found) = tasks::find(state, task) else { return WhoCould { people, together } };
    let target = Target::Task(task.clone());
    let protected = crate::gate::is_protected(state, task, now);
    for (person, account) in state.directory.people().filter(|(_, account)| account.enabled) {
        let mut ways = Vec::new();
        if state.organization.in_set_up() {
            if found.builtin.is_some() && state.organization.first_administrator == Some(person) {
                people.insert(person, vec![Way::SetUp]);
                together = Some(1);
            }
            continue;
        }
        let role = state.catalog.role_for(&state.directory, task, person);
        // What runs whatever it is given is opened by no role and no exemption (G2, G8).
        let role = role.filter(|_| !found.definition.arbitrary_code);
        if let (false, Some(role)) = (protected, &role) {
            ways.push(Way::Role { role: role.clone() });
        }
        let exempt = state.organization.system_accounts.get(&person).is_some_and(|exempt| now < exempt.until);
        if let (true, false, Some(role)) = (exempt && protected, found.is_control_plane(), role) {
            ways.push(Way::Exemption { role });
        }
        if protected && account.kind == crate::directory::PersonKind::Member {
            ways.extend(requests(state, &target, person));
        }
        let least = ways.iter().map(Way::people).min();
        together = together.into_iter().chain(least).min();
        if !ways.is_empty() {
            people.insert(person, ways);
        }
    }
    WhoCould { people, together }
}

/// Every policy by which a person could get an authorization that opens a task: for the task itself, and for roles and
/// role groups that contain it.
fn requests(state: &State, target: &Target, person: PersonId) -> Vec<Way> {
    let Target::Task(task) = target else { return Vec::new() };
    let Some(found) = tasks::find(state, task) else { return Vec::new() };
    let roles: BTreeSet<RoleName> = state.catalog.roles_with(task).cloned().collect();
    let groups: BTreeSet<_> =
        roles.iter().flat_map(|role| state.catalog.role_groups_with(role).cloned()).collect();
    let targets = std::iter::once(target.clone())
        .chain(roles.into_iter().map(Target::Role))
        .chain(groups.into_iter().map(Target::RoleGroup));
    let mut ways = Vec::new();
    for asked in targets {
        for governing in tasks::governing(state, &asked) {
            let opens = tasks::opens(state, &asked, governing.policy, task, &found, u64::MAX);
            let enough = tasks::is_strong_enough(&found, &governing.terms);
            if !opens || !enough || !standing::may_ask(state, person, &asked, &governing) {
                continue;
            }
            let seats: usize =
                governing.terms.approval.stages().iter().map(|stage| usize::from(stage.seats)).sum();
            let way = Way::Request { policy: governing.policy, approvers: seats };
            if fillable(state, person, &governing) && !ways.contains(&way) {
                ways.push(way);
            }
        }
    }
    ways
}

fn fillable(state: &State, person: PersonId, governing: &tasks::Governing) -> bool {
    let default = state.organization.default_approvers;
    let mut groups = Vec::new();
    for stage in governing.terms.approval.stages() {
        let Some(group) = stage.approvers.group(default) else { return false };
        groups.push((state.directory.eligible(group, state.next_seq), stage.seats));
    }
    let seats: Vec<crate::policy::StageSeats<'_>> = groups
        .iter()
        .map(|(eligible, seats)| crate::policy::StageSeats { eligible, seats: *seats })
        .collect();
    let requester: Human = state.directory.human(person);
    crate::policy::satisfiable(&seats, Some(requester))
}
