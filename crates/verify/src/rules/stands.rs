//! Whether what was asked or granted still stands (G11, G14): one rule for every start and after every change.

use super::{
    catalog::{Governing, is_control_plane},
    compare::tightened,
    world::{Asked, World},
};
use crate::{
    Rule,
    form::{Person, Requesters, Target, covers},
};

/// Why something no longer stands.
pub(super) type Lost = (Rule, String);

/// Whether a live authorization still stands, time and uses aside.
pub(super) fn authorization(world: &World, asked: &Asked, at: i64) -> Result<(), Lost> {
    common(world, asked, at)?;
    if world.quorum(asked) {
        return Ok(());
    }
    Err((Rule::G11, "the people whose votes it rests on no longer fill its seats".to_owned()))
}

/// Whether a pending request can still be approved.
pub(super) fn request(world: &World, asked: &Asked, at: i64) -> Result<(), Lost> {
    common(world, asked, at)?;
    if world.fillable(asked) {
        return Ok(());
    }
    Err((Rule::G11, "its seats can no longer be filled".to_owned()))
}

/// Who may ask (G4).
pub(super) fn may_ask(world: &World, person: Person, target: &Target, governing: &Governing) -> bool {
    world.directory.can_decide(person)
        && match governing.terms.requesters {
            Requesters::Everyone => true,
            Requesters::Group(group) => world.directory.is_member(group, person),
            Requesters::ByRole => world.catalog.holds_target(&world.directory, target, person),
        }
}

fn common(world: &World, asked: &Asked, at: i64) -> Result<(), Lost> {
    let form = &asked.form;
    let lost = |rule, why: &str| Err((rule, why.to_owned()));
    if !world.directory.enabled(form.requester) {
        return lost(Rule::G14, "its requester is disabled");
    }
    if form.account.is_some_and(|account| {
        !world.directory.enabled(account) || !world.directory.owns(form.requester, account)
    }) {
        return lost(Rule::G14, "the service account that it is for is disabled, or not its requester's");
    }
    let control = matches!(&form.target, Target::Task(task) if is_control_plane(task));
    if !control && !world.enforced(at) {
        return lost(Rule::G21, "privileged access is disabled");
    }
    let mut stages = form.terms.approval.stages().iter().zip(&form.stages);
    if stages.any(|(stage, need)| stage.approvers.group(world.approvers) != Some(need.group)) {
        return lost(Rule::G14, "the default approver group is another one than it was put to");
    }
    let governing = world.catalog.governing(&form.target, form.role.as_ref(), world.choices());
    let Some(governing) = governing.filter(|governing| governing.policy == form.policy) else {
        return lost(Rule::G14, "its policy is gone, or another one governs");
    };
    // What the control plane's built-in policy binds is in the program: all parameters.
    let mut terms = governing.terms.clone();
    if form.policy == super::catalog::CONTROL_PLANE {
        terms.bind.clone_from(&form.terms.bind);
    }
    if terms != form.terms && tightened(&terms, &form.terms, world.approvers) {
        return lost(Rule::G14, "its policy was tightened");
    }
    if let Target::Task(task) = &form.target
        && task.own().is_none()
    {
        let now = world.catalog.tasks.get(task).and_then(|now| covers::digest([(task, now.digest)]));
        if now != Some(form.covers.list) {
            return lost(Rule::G7, "its task was redefined or removed");
        }
    }
    if !matches!(form.target, Target::Task(_)) && !world.catalog.exists(&form.target) {
        return lost(Rule::G7, "its role or role group is gone");
    }
    if may_ask(world, form.requester, &form.target, &governing) {
        return Ok(());
    }
    lost(Rule::G4, "its requester may no longer ask for it")
}
