//! Standing access is listed by itself: on whose ground, how often, and what becomes an alarm.

use countersign_core::actor::{Actor, Principal};
use countersign_core::audience::{Audience, notices};
use countersign_core::command::{Command, Listed};
use countersign_core::decide::Reply;
use countersign_core::event::Body;
use countersign_core::execution::{Basis, Outcome};
use countersign_core::id::{ExecutionId, PersonId};
use countersign_core::name::WorkloadName;
use countersign_core::refusal::Code;
use countersign_core::standing_access::{Listing, due};
use countersign_core::task::TaskDefinition;
use countersign_core::time::Span;
use serde_json::{Value as Json, json};

use crate::cross_check::{findings, holds};
use crate::world::{DISK, World, disk, execution, task};

const LIST: &str = "Host\\Get-StandingAccess";

fn list() -> TaskDefinition {
    let mut list = task(LIST, &[]);
    list.read_only = true;
    list
}

/// Protected by a policy; an exempt service account of sam's holds it by a role, and is named.
fn world() -> (World, PersonId) {
    let mut world = World::prepared();
    world.import(&[list()]);
    let tasks = json!({"Name": "Host\\Lists", "Task": [LIST]});
    world.run("ada", "New-ManagementRole", tasks);
    world.run("ada", "New-RoleGroup", json!({"Name": "Host\\Listers", "Role": ["Host\\Lists"]}));
    let sam = world.id("sam").to_string();
    let made = json!({"UserPrincipalName": "svc@fabrikam.example", "DisplayName": "svc", "Owner": sam});
    let account: PersonId = world.run("ada", "New-ServiceAccount", made)["person"].parse().unwrap();
    world.people.insert("svc".to_owned(), account);
    let id = account.to_string();
    world.run("ada", "Add-RoleGroupMember", json!({"Identity": "Host\\Listers", "Member": [id]}));
    world.run("ada", "Add-SystemAccount", json!({"Identity": id, "Reason": "lists", "Days": 300}));
    world.run("ada", "New-ElevatedAccessApprovalPolicy", json!({"Task": LIST, "ApproverGroup": "Approvers"}));
    world.run("ada", "Enable-ElevatedAccessControl", json!({"AdminGroup": "Approvers"}));
    let named = json!({"StandingAccessAccount": id});
    world.act("ada", "bob", "Set-OrganizationConfig", named).unwrap();
    (world, account)
}

fn run(world: &mut World, account: PersonId, task: &str) -> Result<ExecutionId, Code> {
    with(world, account, task, json!({}))
}

fn with(world: &mut World, account: PersonId, task: &str, values: Json) -> Result<ExecutionId, Code> {
    match world.send(&Principal::scheduled(account), &execution(task, values)) {
        Ok(Reply::Started { execution, .. }) => Ok(execution),
        Ok(other) => panic!("{other:?}"),
        Err(refusal) => Err(refusal.code),
    }
}

/// Runs it and records a list with so many entries that were not there before.
fn listed(world: &mut World, account: PersonId, before: Option<ExecutionId>, appeared: u32) -> ExecutionId {
    let execution = run(world, account, LIST).unwrap();
    world.finish(execution);
    let listed = Listed { execution, before, holders: 3, appeared, gone: 0 };
    world.send(&Principal::system(), &Command::ListStandingAccess(listed)).unwrap();
    execution
}

fn known(world: &World) -> Listing {
    world.state.standing[&"Host".parse::<WorkloadName>().unwrap()].clone()
}

fn alarms(world: &World) -> bool {
    let event = world.events.last().unwrap();
    notices(event, &[], &world.state).iter().any(|notice| notice.to == Audience::Overseers)
}

#[test]
fn g8_a_timer_runs_the_list_for_the_named_account_by_its_exemption_and_says_so() {
    let (mut world, account) = world();
    assert_eq!(due(&world.state, world.now), [(LIST.parse().unwrap(), account)]);
    let execution = run(&mut world, account, LIST).unwrap();
    let event = world.events.last().unwrap();
    assert_eq!(event.actor, Actor::System, "no person did it, and no token");
    let Body::ExecutionStarted { basis, person, .. } = &event.body else { panic!() };
    assert!(matches!(basis, Basis::Exemption { .. }) && *person == account);
    assert_eq!(known(&world).tried, execution);
}

#[test]
fn g3_a_timer_runs_nothing_else_and_for_nobody_else() {
    let (mut world, account) = world();
    let rita = world.id("rita");
    assert_eq!(run(&mut world, rita, LIST), Err(Code::Forbidden));
    assert_eq!(with(&mut world, account, DISK, disk()), Err(Code::Forbidden));
    assert_eq!(run(&mut world, account, "Countersign\\Get-OrganizationConfig"), Err(Code::Forbidden));
    // A list that may change something is none.
    let mut writes = list();
    writes.read_only = false;
    let text = serde_json::to_string(&[writes]).unwrap();
    world.act("ada", "bob", "Import-TaskPack", json!({"Workload": "Host", "Definitions": text})).unwrap();
    assert_eq!(run(&mut world, account, LIST), Err(Code::Forbidden));
    assert_eq!(due(&world.state, world.now), []);
}

#[test]
fn g8_without_exemption_or_role_the_gate_refuses_as_it_would_anybody() {
    let (mut world, account) = world();
    let id = account.to_string();
    world.run("ada", "Remove-SystemAccount", json!({"Identity": id}));
    assert_eq!(run(&mut world, account, LIST), Err(Code::AuthorizationRequired));
    let sam = world.id("sam").to_string();
    world.run("ada", "Disable-User", json!({"Identity": sam}));
    assert_eq!(run(&mut world, account, LIST), Err(Code::PersonDisabled));
}

#[test]
fn only_a_service_account_is_named() {
    let (mut world, _) = world();
    let rita = world.id("rita").to_string();
    let named = world.act("ada", "bob", "Set-OrganizationConfig", json!({"StandingAccessAccount": rita}));
    assert_eq!(named.unwrap_err().code, Code::Forbidden);
    world.act("ada", "bob", "Set-OrganizationConfig", json!({"NoStandingAccessAccount": true})).unwrap();
    assert_eq!(due(&world.state, world.now), []);
}

#[test]
fn it_is_due_a_day_after_a_list_and_an_hour_after_none() {
    let (mut world, account) = world();
    let first = run(&mut world, account, LIST).unwrap();
    assert_eq!(due(&world.state, world.now), [], "it runs");
    world.finish(first);
    world.pass(Span::from_mins(59));
    assert_eq!(due(&world.state, world.now), []);
    world.pass(Span::from_mins(1));
    assert_eq!(due(&world.state, world.now).len(), 1);
    listed(&mut world, account, None, 0);
    world.pass(Span::from_hours(23));
    assert_eq!(due(&world.state, world.now), []);
    world.pass(Span::from_hours(1));
    assert_eq!(due(&world.state, world.now).len(), 1);
}

#[test]
fn who_appears_is_an_alarm_and_so_is_a_list_that_can_t_be_compared() {
    let (mut world, account) = world();
    let first = listed(&mut world, account, None, 0);
    assert!(!alarms(&world), "there was nothing to compare with");
    let second = listed(&mut world, account, Some(first), 0);
    assert!(!alarms(&world));
    let third = listed(&mut world, account, Some(second), 2);
    assert!(alarms(&world));
    let listing = known(&world);
    assert_eq!(listing.drift.map(|drift| (drift.execution, drift.appeared)), Some((third, 2)));
    listed(&mut world, account, Some(third), 0);
    assert!(!alarms(&world));
    let listing = known(&world);
    assert_eq!(listing.drift.map(|drift| drift.execution), Some(third), "it stays to be seen");
    listed(&mut world, account, None, 0);
    assert!(alarms(&world), "nobody can say who was added");
}

#[test]
fn a_list_is_recorded_once_by_countersign_alone_and_after_its_run() {
    let (mut world, account) = world();
    let execution = run(&mut world, account, LIST).unwrap();
    let listed = Listed { execution, before: None, holders: 1, appeared: 0, gone: 0 };
    let command = Command::ListStandingAccess(listed);
    let code = |world: &mut World, who: &Principal| world.send(who, &command).unwrap_err().code;
    assert_eq!(code(&mut world, &Principal::system()), Code::AlreadyRunning);
    world.finish(execution);
    let ada = world.session("ada");
    assert_eq!(code(&mut world, &ada), Code::Forbidden);
    world.send(&Principal::system(), &command).unwrap();
    assert_eq!(code(&mut world, &Principal::system()), Code::AlreadyFinal);
    let other = world.started("rita", DISK, disk());
    world.finish(other);
    let listed = Listed { execution: other, before: None, holders: 1, appeared: 0, gone: 0 };
    let refused = world.send(&Principal::system(), &Command::ListStandingAccess(listed)).unwrap_err();
    assert_eq!(refused.code, Code::NotFound, "a run of somebody's is no list");
}

#[test]
fn g3_verify_holds_a_timer_s_runs_against_the_account_that_was_named() {
    let (mut world, account) = world();
    let first = listed(&mut world, account, None, 0);
    listed(&mut world, account, Some(first), 1);
    holds(&world.events, &world.sealed);
    let forged = |change: &dyn Fn(&mut Body)| {
        let mut events = world.events.clone();
        events.iter_mut().for_each(|event| change(&mut event.body));
        findings(&events, &world.sealed).join("\n")
    };
    let unnamed = forged(&|body| {
        if let Body::OrganizationChanged { settings, .. } = body {
            settings.standing_access = None;
        }
    });
    assert!(unnamed.contains("the account that is named for it"), "{unnamed}");
    let other = forged(&|body| {
        if let Body::StandingAccessListed { before: Some(before), .. } = body {
            *before = ExecutionId::from_bytes([7; 16]);
        }
    });
    assert!(other.contains("another list than the one before"), "{other}");
    let failed = forged(&|body| {
        if let Body::ExecutionFinished { execution, outcome, .. } = body
            && *execution == first
        {
            *outcome = Outcome::Failed { exit: Some(1), reason: "exit".to_owned() };
        }
    });
    assert!(failed.contains("no list of this workload that succeeded"), "{failed}");
}
