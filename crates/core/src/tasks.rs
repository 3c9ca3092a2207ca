//! Finding a task, Countersign's own or the catalog's, and what protects it (G1, G5).

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use countersign_ledger::hash::Digest;

use crate::builtin::{self, Builtin};
use crate::id::PolicyId;
use crate::name::{COUNTERSIGN, RoleGroupName, RoleName, TaskName};
use crate::organization::{ControlPlane, Unprotected};
use crate::policy::{
    self, Containers, Covering, PolicyTerms, Target, control_plane_terms,
    default_approvers_decide_arbitrary_code_terms, default_approvers_decide_terms,
};
use crate::state::State;
use crate::task::TaskDefinition;

/// The built-in policy of the control plane. It can't be removed or made Auto (G17).
pub const CONTROL_PLANE_POLICY: PolicyId = PolicyId::from_bytes([0; 16]);
/// The built-in policy of tasks that no other covers, where the organization chose so (G1).
pub const DEFAULT_POLICY: PolicyId = PolicyId::from_bytes([1; 16]);

/// A task as it is now.
#[derive(Debug, Clone)]
pub struct Found {
    /// Its version.
    pub version: u64,
    /// Of what changes execution.
    pub digest: Digest,
    /// Its definition.
    pub definition: Arc<TaskDefinition>,
    /// What runs it, if Countersign itself does.
    pub builtin: Option<&'static Builtin>,
    /// The event since which it has been so without a break; 0 for what is built in.
    pub since: u64,
}

impl Found {
    /// Whether the task changes who may do what (G17).
    #[must_use]
    pub fn is_control_plane(&self) -> bool {
        self.builtin.is_some_and(|builtin| builtin.control_plane)
    }
}

/// Finds a task.
#[must_use]
pub fn find(state: &State, name: &TaskName) -> Option<Found> {
    if is_countersign(name) {
        let builtin = builtin::find(name)?;
        let definition = builtin.definition();
        return Some(Found {
            version: 1,
            digest: definition.digest(),
            definition,
            builtin: Some(builtin),
            since: 0,
        });
    }
    let task = state.catalog.tasks.get(name)?;
    Some(Found {
        version: task.version,
        digest: task.digest,
        definition: Arc::clone(&task.definition),
        builtin: None,
        since: task.since,
    })
}

/// Whether the task is one of Countersign's own.
#[must_use]
pub fn is_countersign(name: &TaskName) -> bool {
    name.workload().as_str().eq_ignore_ascii_case(COUNTERSIGN)
}

/// All parameters of a task: what the control plane's policy binds.
#[must_use]
pub fn all_parameters(definition: &TaskDefinition) -> BTreeSet<crate::name::ParameterName> {
    definition.parameters.iter().map(|spec| spec.name.clone()).collect()
}

/// A policy that governs.
#[derive(Debug, Clone)]
pub struct Governing {
    /// Which.
    pub policy: PolicyId,
    /// Its version.
    pub version: u64,
    /// What it says.
    pub terms: Arc<PolicyTerms>,
}

/// The policies that cover a target at its most specific rank: none if it is unprotected; several only between roles
/// (or role groups) of equal rank (G5). What people wrote comes before what is built in.
#[must_use]
pub fn governing(state: &State, target: &Target) -> Vec<Governing> {
    let covering = written(state, target);
    if covering.is_protected() {
        return covering.most_specific().iter().filter_map(|terms| by_target(state, &terms.target)).collect();
    }
    built_in(state, target).into_iter().collect()
}

/// The governing policy, given the role that the request names where there is a choice (G5).
#[must_use]
pub fn chosen(state: &State, target: &Target, role: Option<&RoleName>) -> Option<Governing> {
    let named = role.map(|role| Target::Role(role.clone()));
    match written(state, target).govern(named.as_ref()) {
        policy::Governing::Policy(terms) => by_target(state, &terms.target),
        policy::Governing::Unprotected => built_in(state, target),
        policy::Governing::Choose(_) | policy::Governing::NotAmong(_) => None,
    }
}

/// The policies that people wrote and that cover a target, by rank.
#[must_use]
pub fn written<'a>(state: &'a State, target: &Target) -> Covering<'a> {
    let catalog = &state.catalog;
    let groups =
        |role: &RoleName| -> BTreeSet<RoleGroupName> { catalog.role_groups_with(role).cloned().collect() };
    let containers: Containers = match target {
        Target::Task(name) => catalog.roles_with(name).map(|role| (role.clone(), groups(role))).collect(),
        Target::Role(role) => Containers::from([(role.clone(), groups(role))]),
        Target::RoleGroup(_) => Containers::new(),
    };
    policy::covering(target, containers, |target| state.policy_of(target).map(|(_, policy)| &*policy.terms))
}

/// The policy that no person wrote: the control plane's (G17), or the one for tasks without their own (G1).
fn built_in(state: &State, target: &Target) -> Option<Governing> {
    let Target::Task(name) = target else { return None };
    let found = find(state, name)?;
    let organization = &state.organization;
    if found.is_control_plane() {
        return (organization.control_plane == ControlPlane::Protected).then(|| Governing {
            policy: CONTROL_PLANE_POLICY,
            version: 1,
            terms: Arc::new(control_plane_terms(name.clone(), all_parameters(&found.definition))),
        });
    }
    let decided =
        found.builtin.is_none() && organization.settings.unprotected == Unprotected::DefaultApproversDecide;
    decided.then(|| Governing {
        policy: DEFAULT_POLICY,
        version: 1,
        terms: Arc::new(if found.definition.arbitrary_code {
            default_approvers_decide_arbitrary_code_terms(name.clone(), all_parameters(&found.definition))
        } else {
            default_approvers_decide_terms(name.clone())
        }),
    })
}

/// Whether a policy lets this task run at all: for arbitrary code it asks for two approvers, one use and bound
/// parameters, wherever the policy came from and whenever the task was so marked.
#[must_use]
pub fn is_strong_enough(found: &Found, terms: &PolicyTerms) -> bool {
    !found.definition.arbitrary_code || policy::enough_for_arbitrary_code(terms, &found.definition.parameters)
}

fn by_target(state: &State, target: &Target) -> Option<Governing> {
    state.policy_of(target).map(|(policy, found)| Governing {
        policy,
        version: found.version,
        terms: Arc::clone(&found.terms),
    })
}

/// The tasks that a request for a target opens, with their digests of now; and those that stay shut because they
/// have a more specific policy or may never be opened by a role (G5, G7, section 8).
#[must_use]
pub fn opened(
    state: &State,
    target: &Target,
    policy: PolicyId,
) -> (BTreeMap<TaskName, Digest>, BTreeSet<TaskName>) {
    let tasks: BTreeSet<TaskName> = match target {
        Target::Task(name) => BTreeSet::from([name.clone()]),
        Target::Role(role) => {
            state.catalog.roles.get(role).map(|role| role.tasks.clone()).unwrap_or_default()
        }
        Target::RoleGroup(group) => state.catalog.tasks_of_group(group),
    };
    let mut open = BTreeMap::new();
    let mut shut = BTreeSet::new();
    for name in tasks {
        let Some(found) = find(state, &name) else { continue };
        if opens(state, target, policy, &name, &found, u64::MAX) {
            open.insert(name, found.digest);
        } else {
            shut.insert(name);
        }
    }
    (open, shut)
}

/// Whether an authorization for `target` under `policy` opens this task as things are now, if it was asked for at the
/// event `before`.
#[must_use]
pub fn opens(
    state: &State,
    target: &Target,
    policy: PolicyId,
    name: &TaskName,
    found: &Found,
    before: u64,
) -> bool {
    match target {
        Target::Task(asked) => return asked == name,
        // Never by way of a role: the control plane (G7) and arbitrary code (section 8).
        Target::Role(_) | Target::RoleGroup(_)
            if found.is_control_plane() || found.definition.arbitrary_code =>
        {
            return false;
        }
        Target::Role(_) | Target::RoleGroup(_) => {}
    }
    let governor = state.policies.get(&policy).map(|policy| &policy.terms.target);
    still_in(state, target, name, found, before)
        && governor
            .is_some_and(|governor| written(state, &Target::Task(name.clone())).opened_by(governor).is_ok())
}

/// Whether a task has been in a target, as it is, since before this event without a break (G7): what left and came back
/// is not what was asked for.
#[must_use]
pub fn still_in(state: &State, target: &Target, name: &TaskName, found: &Found, before: u64) -> bool {
    let since = match target {
        Target::Task(asked) => return asked == name,
        Target::Role(role) => state.catalog.roles.get(role).map(|role| &role.since),
        Target::RoleGroup(group) => state.catalog.role_groups.get(group).map(|group| &group.since),
    };
    let since = since.and_then(|since| since.get(name));
    since.is_some_and(|since| *since < before) && found.since < before
}
