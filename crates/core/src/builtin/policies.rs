//! Approval policies.

mod terms;

use std::collections::BTreeMap;

use serde_json::Value as Json;

use super::spec::{names, optional, text};
use super::{Builtin, Call};
use crate::event::Body;
use crate::event::body::Ends;
use crate::id::{GroupId, PolicyId};
use crate::name::TaskName;
use crate::organization::ControlPlane;
use crate::policy::{Assurance, PolicyTerms, Target, control_plane_terms, is_weaker_or_incomparable};
use crate::refusal::{Code, Refusal};
use crate::shortage::{self, Short};
use crate::state::State;
use crate::tasks;

pub(super) static TASKS: &[Builtin] = &[
    Builtin {
        name: "New-ElevatedAccessApprovalPolicy",
        title: "Make an approval policy",
        description: "From then on the task, role or role group needs an authorization.",
        control_plane: true,
        only_removes_power: false,
        only_reads: false,
        parameters: || {
            let mut all = vec![
                optional(text("Task", "Task", 129)),
                optional(names("Tasks", "Tasks, each with a policy of its own, in one act")),
                optional(text("Role", "Role", 129)),
                optional(text("RoleGroup", "Role group", 129)),
            ];
            all.extend(terms::specs());
            all
        },
        effect: create,
    },
    Builtin {
        name: "Set-ElevatedAccessApprovalPolicy",
        title: "Change an approval policy",
        description: "Replaces the terms of a policy. A tightening ends what was granted under the old ones.",
        control_plane: true,
        only_removes_power: false,
        only_reads: false,
        parameters: || {
            let mut all = vec![text("Identity", "Policy (id)", 64)];
            all.extend(terms::specs());
            all
        },
        effect: change,
    },
    Builtin {
        name: "Remove-ElevatedAccessApprovalPolicy",
        title: "Remove an approval policy",
        description: "What it protected is then protected by nothing more than roles, or by a less specific policy.",
        control_plane: true,
        only_removes_power: false,
        only_reads: false,
        parameters: || vec![text("Identity", "Policy (id)", 64)],
        effect: |call| {
            let policy = existing(call)?;
            call.change(Body::PolicyRemoved { policy, ends: Ends::default() })
        },
    },
];

/// The values of `New-ElevatedAccessApprovalPolicy` that make a policy of these terms; `named` says what a group is
/// called. Lengths of time are exact ones.
#[must_use]
pub fn parameters(terms: &PolicyTerms, named: &dyn Fn(GroupId) -> String) -> BTreeMap<&'static str, Json> {
    terms::write(terms, named)
}

/// One policy, or one for each of several tasks with the same terms: all of them or none.
fn create(call: &mut Call<'_, '_>) -> Result<(), Refusal> {
    let mut made = Vec::new();
    for target in targets(call)? {
        if call.draft.state.policy_for.contains_key(&target) {
            return Err(Refusal::new(Code::PolicyExists, format!("There is a policy for {target} already."))
                .hint("change it: Countersign\\Set-ElevatedAccessApprovalPolicy"));
        }
        let terms = terms::read(call, target)?;
        check(call, &terms)?;
        let policy = PolicyId::from_bytes(call.draft.random());
        call.change(Body::PolicyCreated { policy, terms, ends: Ends::default() })?;
        made.push(policy.to_string());
    }
    let name = if made.len() == 1 { "policy" } else { "policies" };
    call.made.insert(name.to_owned(), made.join(" "));
    Ok(())
}

fn change(call: &mut Call<'_, '_>) -> Result<(), Refusal> {
    let policy = existing(call)?;
    let Some(old) = call.draft.state.policies.get(&policy).cloned() else { return Err(unknown()) };
    let terms = terms::read(call, old.terms.target.clone())?;
    check(call, &terms)?;
    call.change(Body::PolicyChanged { policy, version: old.version + 1, terms, ends: Ends::default() })
}

fn existing(call: &Call<'_, '_>) -> Result<PolicyId, Refusal> {
    let policy: PolicyId = call.parse("Identity")?;
    if call.draft.state.policies.contains_key(&policy) { Ok(policy) } else { Err(unknown()) }
}

fn unknown() -> Refusal {
    Refusal::new(Code::NotFound, "There is no such policy.").hint("countersign policy list")
}

fn targets(call: &Call<'_, '_>) -> Result<Vec<Target>, Refusal> {
    let state = &call.draft.state;
    let several = call.list("Tasks");
    let targets = match (call.text("Task"), call.text("Role"), call.text("RoleGroup"), several.as_slice()) {
        (Some(_), None, None, []) => vec![task_of(state, call.parse("Task")?)],
        (None, Some(_), None, []) => vec![Target::Role(call.parse("Role")?)],
        (None, None, Some(_), []) => vec![Target::RoleGroup(call.parse("RoleGroup")?)],
        (None, None, None, [_, ..]) => several
            .iter()
            .map(|task| {
                let task = task.parse().map_err(|error| super::call::invalid("Tasks", &error))?;
                Ok(task_of(state, task))
            })
            .collect::<Result<_, Refusal>>()?,
        _ => {
            return Err(Refusal::new(
                Code::ParameterInvalid,
                "Name exactly one of `Task`, `Tasks`, `Role` and `RoleGroup`.",
            ));
        }
    };
    match targets.iter().find(|target| !exists(state, target)) {
        None => Ok(targets),
        Some(target) => Err(Refusal::new(Code::NotFound, format!("There is no {target}."))),
    }
}

/// The catalog's spelling, not the caller's.
fn task_of(state: &State, task: TaskName) -> Target {
    Target::Task(tasks::find(state, &task).map_or(task, |found| found.definition.name.clone()))
}

fn exists(state: &State, target: &Target) -> bool {
    match target {
        Target::Task(task) => tasks::find(state, task).is_some(),
        Target::Role(role) => state.catalog.roles.contains_key(role),
        Target::RoleGroup(group) => state.catalog.role_groups.contains_key(group),
    }
}

/// G10: refused if for some possible requester no set of distinct people fills the seats. Section 8: arbitrary code
/// needs two approvers and one use. G17: the control plane's own policies are never weaker than the built-in one.
fn check(call: &Call<'_, '_>, terms: &PolicyTerms) -> Result<(), Refusal> {
    let state = &call.draft.state;
    if let Target::Task(name) = &terms.target
        && let Some(found) = tasks::find(state, name)
    {
        if !tasks::is_strong_enough(&found, terms) {
            return Err(Refusal::new(
                Code::PolicyTooWeak,
                "The task runs arbitrary code: it needs two approvers and one use.",
            )
            .hint("-Approvers 2 -MaximumUses 1"));
        }
        let built_in = control_plane_terms(name.clone(), tasks::all_parameters(&found.definition));
        if found.is_control_plane()
            && state.organization.control_plane == ControlPlane::Protected
            && is_weaker_or_incomparable(terms, &built_in, state.organization.default_approvers)
        {
            return Err(Refusal::new(
                Code::PolicyTooWeak,
                "A policy for the control plane must not be weaker than the built-in one.",
            ));
        }
        if found.is_control_plane() && terms.assurance > Assurance::SecondFactor {
            return Err(Refusal::new(
                Code::DefinitionInvalid,
                format!(
                    "Nobody here can sign in with {} yet: the task could never be run again.",
                    terms.assurance.words()
                ),
            )
            .hint("-MinimumAssurance SecondFactor"));
        }
    }
    if state.organization.control_plane == ControlPlane::Protected
        && reaches_control_plane(state, &terms.target)
    {
        return Err(Refusal::new(
            Code::PolicyTooWeak,
            "The control plane is never opened by way of a role: its tasks have their built-in policy, or one of their own.",
        ));
    }
    match shortage::of(state, terms) {
        Ok(()) => Ok(()),
        // The default group is named by enabling, which checks it.
        Err(Short::Group) if state.organization.in_set_up() => Ok(()),
        Err(Short::Group) => Err(Refusal::new(Code::QuorumImpossible, "There is no default approver group.")),
        Err(Short::People(shortage)) => Err(Refusal::new(
            Code::QuorumImpossible,
            format!(
                "Stage {} would need {} people and has {}, the requester left out.",
                shortage.stages.iter().map(|stage| (stage + 1).to_string()).collect::<Vec<_>>().join(" and "),
                shortage.seats,
                shortage.people
            ),
        )
        .hint("add people to the group, or ask for fewer approvers")),
    }
}

/// Whether a role or role group contains tasks of the control plane (G7, G17).
fn reaches_control_plane(state: &State, target: &Target) -> bool {
    let tasks = match target {
        Target::Task(_) => return false,
        Target::Role(role) => {
            state.catalog.roles.get(role).map(|role| role.tasks.clone()).unwrap_or_default()
        }
        Target::RoleGroup(group) => state.catalog.tasks_of_group(group),
    };
    tasks.iter().any(|task| tasks::find(state, task).is_some_and(|found| found.is_control_plane()))
}

/// The policies that people wrote for the control plane and that ask for less than the built-in one: none may be
/// there when the control plane comes under protection (G17).
pub(super) fn too_weak(state: &State, default_approvers: GroupId) -> Vec<&Target> {
    let weak = |terms: &PolicyTerms| match &terms.target {
        Target::Task(name) => tasks::find(state, name).is_some_and(|found| {
            let built_in = control_plane_terms(name.clone(), tasks::all_parameters(&found.definition));
            found.is_control_plane() && is_weaker_or_incomparable(terms, &built_in, Some(default_approvers))
        }),
        target => reaches_control_plane(state, target),
    };
    state
        .policies
        .values()
        .map(|policy| &*policy.terms)
        .filter(|terms| weak(terms))
        .map(|terms| &terms.target)
        .collect()
}
