//! Whether what was granted or asked still stands (G11, G14). Asked at every start, and about everything live after
//! every change: one rule, two moments.

mod once;

use std::collections::BTreeSet;
use std::rc::Rc;

use crate::directory::PersonKind;
use crate::event::body::{AuthorizationEnd, Ends, RequestEnd};
use crate::execution::{Basis, Execution, StopReason};
use crate::id::{GroupId, PersonId};
use crate::organization::SecondFactor;
use crate::policy::{Approvers, Human, Requesters, StageSeats, Target, Vote, is_tightened};
use crate::refusal::{Code, Refusal};
use crate::request::{Asked, Authorization, Request};
use crate::state::State;
use crate::tasks::{self, Governing};
use crate::touched::Touched;

use once::Once;

/// What is gone, whether the request still waits or was approved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Lost {
    Person,
    Ground,
    Policy,
    Definition,
    Access,
}

/// Whether an authorization still stands, time and uses aside.
///
/// # Errors
/// How it ends, if it does not.
pub fn authorization(state: &State, authorization: &Authorization) -> Result<(), AuthorizationEnd> {
    live(&mut Once::at(state), authorization)
}

fn live(once: &mut Once<'_>, authorization: &Authorization) -> Result<(), AuthorizationEnd> {
    let asked = &authorization.asked;
    common(once, asked).map_err(|lost| match lost {
        Lost::Person => AuthorizationEnd::PersonDisabled,
        Lost::Ground => AuthorizationEnd::NotEligible,
        Lost::Policy => AuthorizationEnd::PolicyChanged,
        Lost::Definition => AuthorizationEnd::DefinitionChanged,
        Lost::Access => AuthorizationEnd::AccessDisabled,
    })?;
    let eligible = once.eligible(asked);
    if filled(once.state, asked, &eligible) { Ok(()) } else { Err(AuthorizationEnd::QuorumLost) }
}

/// Whether a pending request can still be approved.
///
/// # Errors
/// How it ends, if it cannot.
pub fn request(state: &State, request: &Request) -> Result<(), RequestEnd> {
    pending(&mut Once::at(state), request)
}

fn pending(once: &mut Once<'_>, request: &Request) -> Result<(), RequestEnd> {
    common(once, &request.asked).map_err(|lost| match lost {
        Lost::Person => RequestEnd::PersonDisabled,
        Lost::Ground => RequestEnd::NotEligible,
        Lost::Policy => RequestEnd::PolicyChanged,
        Lost::Definition => RequestEnd::DefinitionChanged,
        Lost::Access => RequestEnd::AccessDisabled,
    })?;
    let votes = cast(once.state, &request.asked);
    let eligible = once.eligible(&request.asked);
    let seats = pools(&request.asked, &eligible);
    let requester = once.state.directory.human(request.asked.requester);
    if crate::policy::fillable(&seats, &votes, requester) { Ok(()) } else { Err(RequestEnd::Unfillable) }
}

/// Why a running execution must stop as things are now, whatever became of its authorization (G3, G15): a run may
/// outlive the authorization it began under, its person and privileged access it never does.
#[must_use]
pub fn execution(state: &State, execution: &Execution) -> Option<StopReason> {
    let by_countersign = matches!(execution.basis, Basis::TakeBack { .. });
    if !by_countersign && !state.directory.may_act(execution.person) {
        return Some(StopReason::PersonDisabled);
    }
    match &execution.basis {
        Basis::Authorization { .. } => {
            let control_plane = is_control_plane(state, &Target::Task(execution.task.clone()));
            let in_force = control_plane || state.organization.enforced(state.last);
            (!in_force).then_some(StopReason::AccessDisabled)
        }
        Basis::SetUp => None,
        Basis::Role { role } => holds(state, execution, role),
        Basis::Exemption { role } => {
            let exempt = state.organization.system_accounts.contains_key(&execution.person);
            if exempt { holds(state, execution, role) } else { Some(StopReason::Revoked) }
        }
        Basis::Preview { number, statement, .. } => {
            let asked = state.asked(*number).filter(|asked| asked.statement == *statement);
            let stands = asked.is_some_and(|asked| may_preview(state, asked, execution.person));
            (!stands).then_some(StopReason::Revoked)
        }
        // What only removes power goes on.
        Basis::TakeBack { .. } => None,
    }
}

/// Who may see what a request would do: its requester, and who is an eligible approver of any of its stages now.
#[must_use]
pub fn may_preview(state: &State, asked: &Asked, person: PersonId) -> bool {
    (person == asked.requester && state.directory.enabled(person)) || approves(state, asked, person)
}

/// Whether a person is an eligible approver of any stage.
#[must_use]
pub fn approves(state: &State, asked: &Asked, person: PersonId) -> bool {
    (0_u16..).zip(&asked.stages).any(|(stage, _)| is_eligible(state, asked, person, stage))
}

fn holds(state: &State, execution: &Execution, role: &crate::name::RoleName) -> Option<StopReason> {
    let held = state.catalog.holds_role(&state.directory, role, execution.person)
        && state.catalog.roles.get(role).is_some_and(|role| role.tasks.contains(&execution.task));
    (!held).then_some(StopReason::Revoked)
}

/// Everything live that no longer stands.
#[must_use]
pub fn fallen(state: &State) -> Ends {
    fallen_among(state, &Touched::All)
}

/// The same, of what a change touches.
pub(crate) fn fallen_among(state: &State, touched: &Touched) -> Ends {
    let mut once = Once::at(state);
    let authorizations = touched.among(&state.authorizations).into_iter();
    let requests = touched.among(&state.requests).into_iter();
    Ends {
        authorizations: authorizations
            .filter_map(|(number, granted)| live(&mut once, granted).err().map(|how| (number, how)))
            .collect(),
        requests: requests
            .filter_map(|(number, waiting)| pending(&mut once, waiting).err().map(|how| (number, how)))
            .collect(),
    }
}

fn common(once: &mut Once<'_>, asked: &Asked) -> Result<(), Lost> {
    let state = once.state;
    let account = asked.account.is_none_or(|account| {
        state.directory.enabled(account) && state.directory.owns(asked.requester, account)
    });
    if !state.directory.enabled(asked.requester) || !account {
        return Err(Lost::Person);
    }
    // A pause that is over is over before any timer says so: what was asked since then stands.
    if !is_control_plane(state, &asked.target) && !state.organization.enforced(state.last) {
        return Err(Lost::Access);
    }
    if default_group_changed(state, asked) {
        return Err(Lost::Policy);
    }
    let governing = once.governing(asked).ok_or(Lost::Policy)?;
    if governing.policy != asked.policy
        || (governing.terms != asked.terms
            && is_tightened(&governing.terms, &asked.terms, state.organization.default_approvers))
    {
        return Err(Lost::Policy);
    }
    let as_asked = match &asked.target {
        // By the digest of its list alone: what stands does not hang on whether a list can be read.
        Target::Task(name) => once.list_of(name) == Some(asked.covers.list),
        Target::Role(role) => state.catalog.roles.contains_key(role),
        Target::RoleGroup(group) => state.catalog.role_groups.contains_key(group),
    };
    if !as_asked {
        return Err(Lost::Definition);
    }
    if once.may_ask(asked, &governing) { Ok(()) } else { Err(Lost::Ground) }
}

/// Whether the default approver group is another one than the request was put to: other people decide now, which
/// counts as tightened like any other change of a stage's group (G14).
fn default_group_changed(state: &State, asked: &Asked) -> bool {
    let stages = asked.terms.approval.stages().iter().zip(&asked.stages);
    stages.into_iter().any(|(stage, need)| {
        stage.approvers == Approvers::DefaultGroup && state.organization.default_approvers != Some(need.group)
    })
}

/// Whether the target is a task of the control plane.
#[must_use]
pub fn is_control_plane(state: &State, target: &Target) -> bool {
    match target {
        Target::Task(name) => tasks::find(state, name).is_some_and(|found| found.is_control_plane()),
        Target::Role(_) | Target::RoleGroup(_) => false,
    }
}

/// Who may ask (G4): the policy's requester group; else holders of a role containing the task, holders of the role,
/// members of the role group; everyone only where that is written.
#[must_use]
pub fn may_ask(state: &State, person: PersonId, target: &Target, governing: &Governing) -> bool {
    // A service account's requests are made by its owner; the account itself never asks.
    let member = state
        .directory
        .person(person)
        .is_some_and(|person| person.enabled && person.kind == PersonKind::Member);
    member
        && match &governing.terms.requesters {
            Requesters::Everyone => true,
            Requesters::Group(group) => state.directory.is_member(*group, person),
            Requesters::ByRole => match target {
                Target::Task(name) => state.catalog.role_for(&state.directory, name, person).is_some(),
                Target::Role(role) => state.catalog.holds_role(&state.directory, role, person),
                Target::RoleGroup(group) => state.catalog.in_role_group(&state.directory, group, person),
            },
        }
}

/// The humans eligible for each stage of what was asked (G11).
#[must_use]
pub fn eligible(state: &State, asked: &Asked) -> Vec<BTreeSet<Human>> {
    asked.stages.iter().map(|stage| state.directory.eligible(stage.group, asked.seq)).collect()
}

/// Pairs the stages with who is eligible for them.
#[must_use]
pub fn seats<'a>(asked: &Asked, eligible: &'a [BTreeSet<Human>]) -> Vec<StageSeats<'a>> {
    asked
        .stages
        .iter()
        .zip(eligible)
        .map(|(stage, eligible)| StageSeats { eligible, seats: stage.seats })
        .collect()
}

/// Every vote cast, whether or not it still counts: who voted once fills no other seat.
#[must_use]
pub fn cast(state: &State, asked: &Asked) -> Vec<Vote> {
    asked
        .votes
        .iter()
        .map(|(person, stage)| Vote { human: state.directory.human(*person), stage: usize::from(*stage) })
        .collect()
}

/// The votes that count now: of people still eligible, never the requester, each human once (G9 to G11).
#[must_use]
pub fn counting(state: &State, asked: &Asked) -> Vec<Vote> {
    let requester = state.directory.human(asked.requester);
    let mut seen = BTreeSet::from([requester]);
    let mut votes = Vec::new();
    for (person, stage) in &asked.votes {
        let human = state.directory.human(*person);
        if is_eligible(state, asked, *person, *stage) && seen.insert(human) {
            votes.push(Vote { human, stage: usize::from(*stage) });
        }
    }
    votes
}

/// The stage whose seats are the next to fill: stages go in order, and a vote that no longer counts opens its seat
/// again.
#[must_use]
pub fn open_stage(state: &State, asked: &Asked) -> Option<u16> {
    let votes = counting(state, asked);
    let open = asked.stages.iter().enumerate().find(|(index, stage)| {
        votes.iter().filter(|vote| vote.stage == *index).count() < usize::from(stage.seats)
    });
    open.and_then(|(index, _)| u16::try_from(index).ok())
}

/// Whether a person is an eligible approver of a stage of what was asked (G9, G11).
#[must_use]
pub fn is_eligible(state: &State, asked: &Asked, person: PersonId, stage: u16) -> bool {
    let Some(need) = asked.stages.get(usize::from(stage)) else { return false };
    state.directory.can_decide(person)
        && state.directory.human(person) != state.directory.human(asked.requester)
        && state.directory.member_since(need.group, person).is_some_and(|since| since < asked.seq)
}

/// Whether the votes that count now fill every seat (G11).
#[must_use]
pub fn quorum(state: &State, asked: &Asked) -> bool {
    filled(state, asked, &Once::at(state).eligible(asked))
}

fn filled(state: &State, asked: &Asked, eligible: &[Rc<BTreeSet<Human>>]) -> bool {
    let requester = state.directory.human(asked.requester);
    crate::policy::standing(&pools(asked, eligible), &counting(state, asked), requester)
}

fn pools<'a>(asked: &Asked, eligible: &'a [Rc<BTreeSet<Human>>]) -> Vec<StageSeats<'a>> {
    let stages = asked.stages.iter().zip(eligible);
    stages.map(|(stage, eligible)| StageSeats { eligible, seats: stage.seats }).collect()
}

/// Whether a person belongs to a group that decides under some policy, or by default.
#[must_use]
pub fn approves_something(state: &State, person: PersonId) -> bool {
    let default = state.organization.default_approvers;
    let written = state.policies.values().flat_map(|policy| policy.terms.approval.stages());
    let groups = written.filter_map(|stage| stage.approvers.group(default)).chain(default);
    let human = state.directory.human(person);
    let asked: BTreeSet<GroupId> = groups.collect();
    asked
        .into_iter()
        .any(|group| state.directory.members(group).any(|(member, _)| state.directory.human(member) == human))
}

/// Whether a person is a default approver who could decide today.
#[must_use]
pub fn is_default_approver(state: &State, person: PersonId) -> bool {
    let group = state.organization.default_approvers;
    state.directory.can_decide(person) && group.is_some_and(|group| state.directory.is_member(group, person))
}

/// Whether a person could sign in as strongly as deciding asks for.
#[must_use]
pub fn has_working_credentials(state: &State, id: PersonId) -> bool {
    let second = state.organization.settings.second_factor == SecondFactor::Required;
    state.directory.person(id).is_some_and(|person| {
        person.kind == PersonKind::Member
            && person.credentials.password.is_some()
            && (!second || person.credentials.totp.is_some())
    })
}

/// The distinct humans of a group who could decide today.
#[must_use]
pub fn working(state: &State, group: GroupId) -> BTreeSet<Human> {
    state
        .directory
        .members(group)
        .filter(|(id, _)| state.directory.can_decide(*id) && has_working_credentials(state, *id))
        .map(|(id, _)| state.directory.human(id))
        .collect()
}

/// The last enabled administrator with a working credential can't be removed, whichever way (set-up and lock-out).
///
/// # Errors
/// The refusal, if the step from `before` to `after` would.
pub fn keep_an_administrator(before: &State, after: &State) -> Result<(), Refusal> {
    let any = |state: &State| {
        state.directory.people().any(|(id, person)| {
            person.enabled
                && has_working_credentials(state, id)
                && crate::builtin::roles::is_administrator(state, id)
        })
    };
    if any(after) || !any(before) {
        return Ok(());
    }
    Err(Refusal::new(Code::LastPeople, "No administrator who can sign in would remain.")
        .hint("make somebody else an administrator first"))
}

/// Nothing may leave the default approver group with fewer than two distinct people with working credentials (G17).
///
/// # Errors
/// The refusal, if the step from `before` to `after` would.
pub fn keep_two_deciders(before: &State, after: &State) -> Result<(), Refusal> {
    let count =
        |state: &State| state.organization.default_approvers.map_or(0, |group| working(state, group).len());
    if before.organization.in_set_up() || count(after) >= 2 || count(after) >= count(before) {
        return Ok(());
    }
    Err(Refusal::new(
        Code::LastPeople,
        "The default approver group would be left with fewer than two people who could decide.",
    )
    .governed_by("the rule that two distinct people with working credentials remain")
    .hint("add somebody to the group first"))
}
