//! Restored copies, and approvers appointed on the host.

use std::collections::BTreeSet;

use countersign_core::actor::{Principal, Scope};
use countersign_core::command::{Appointment, Command};
use countersign_core::decide::Reply;
use countersign_core::epoch::{Cited, Doubt, Restored};
use countersign_core::event::Body;
use countersign_core::event::body::{AuthorizationEnd, Recovery, RequestEnd};
use countersign_core::execution::StopReason;
use countersign_core::policy::Assurance;
use countersign_core::refusal::Code;
use countersign_core::time::Span;
use countersign_ledger::hash::sha256;
use serde_json::json;

use crate::world::*;

/// What an engine would say of a copy of this world: 1,000 entries were served.
pub(crate) fn restored(vouched: &[&str], world: &World) -> Restored {
    let origin = "fabrikam/1".parse().unwrap();
    Restored {
        epoch: 2,
        cites: Cited { origin, size: 1_000_000, root: sha256(b"lost") },
        key: "fabrikam/2+00000000+key".to_owned(),
        doubts: BTreeSet::from([Doubt::Shorter]),
        vouched: vouched.iter().map(|name| world.id(name)).collect(),
    }
}

fn accept(restored: Restored) -> Command {
    Command::AcceptRestore(Some(Box::new(restored)))
}

#[test]
fn a_restored_copy_is_accepted_by_the_host_or_two_default_approvers() {
    let mut world = World::guarded(json!({"ApproverGroup": "Deciders"}));
    let none = Command::AcceptRestore(None);
    assert_eq!(world.host(&none).unwrap_err().code, Code::AlreadyInState, "there is nothing to accept");
    let weak = Principal::session(world.id("bob"), Assurance::Session, world.now);
    let token = world.token("bob", &[Scope::Read]);
    let refused = |world: &mut World, principal: &Principal, vouched: &[&str]| {
        let command = accept(restored(vouched, world));
        world.try_out(principal, &command).reply.unwrap_err().code
    };
    let (rita, bob, cyd) = (world.session("rita"), world.session("bob"), world.session("cyd"));
    assert_eq!(refused(&mut world, &rita, &[]), Code::Forbidden);
    assert_eq!(refused(&mut world, &Principal::system(), &[]), Code::Forbidden);
    assert_eq!(refused(&mut world, &weak, &[]), Code::SecondFactorRequired);
    assert_eq!(refused(&mut world, &token, &[]), Code::TokenNotAllowed);
    assert_eq!(refused(&mut world, &bob, &["bob"]), Code::AlreadyVoted);
    // One is heard, and leaves no event; who is no default approver any more does not count.
    for vouched in [&[][..], &["rita"]] {
        let one = world.try_out(&bob, &accept(restored(vouched, &world)));
        assert_eq!((one.reply, one.events.len()), (Ok(Reply::Done), 0), "{vouched:?}");
    }
    let two = world.try_out(&cyd, &accept(restored(&["bob"], &world)));
    let [event] = two.events.as_slice() else { panic!("{:?}", two.events) };
    let Body::EpochOpened { accepted, .. } = &event.body else { panic!() };
    assert_eq!(*accepted, ["bob", "cyd"].map(|name| world.id(name)).into());
    let command = accept(restored(&[], &world));
    world.host(&command).unwrap();
    assert_eq!(world.state.organization.epoch(), 2);
}

#[test]
fn a_linked_account_is_no_second_person_for_a_copy() {
    let mut world = World::enabled();
    let (bob, cyd) = (world.id("bob").to_string(), world.id("cyd").to_string());
    world.act("ada", "bob", "Add-UserLink", json!({"Identity": bob, "Other": cyd})).unwrap();
    let command = accept(restored(&["bob"], &world));
    let refused = world.try_out(&world.session("cyd"), &command).reply.unwrap_err();
    assert_eq!(refused.code, Code::AlreadyVoted);
}

#[test]
fn accepting_a_copy_ends_what_lives_and_what_waits_and_stops_what_runs() {
    let mut world = World::guarded(json!({"ApproverGroup": "Deciders"}));
    let live = world.granted(|_| {});
    let run = world.started("rita", DISK, disk());
    let waits = world.ask("rita", asking("Host\\Restart", &bind(&json!({"Unit": "cron"})))).ok();
    let pending = world.ask("sam", asking(DISK, &bind(&disk()))).ok();
    let control = world
        .ask(
            "ada",
            asking("Countersign\\New-Group", &bind(&json!({"Name": "X", "Mail": "x@fabrikam.example"}))),
        )
        .unwrap();
    let seq = world.state.next_seq;
    let command = accept(restored(&[], &world));
    world.host(&command).unwrap();
    let Some(Body::EpochOpened { ends, .. }) =
        world.events.get(usize::try_from(seq).unwrap()).map(|event| &event.body)
    else {
        panic!("{:?}", world.kinds_since(seq))
    };
    assert_eq!(ends.authorizations.get(&live), Some(&AuthorizationEnd::Restored));
    assert_eq!(ends.requests.get(&control), Some(&RequestEnd::Restored), "the control plane's as well");
    assert!(waits.into_iter().chain(pending).all(|number| ends.requests.contains_key(&number)));
    assert!(world.state.authorizations.is_empty() && world.state.requests.is_empty());
    assert_eq!(world.state.executions[&run].stopping, Some(StopReason::Restored));
    let kinds = world.kinds_since(seq);
    assert!(kinds.contains(&"StopRequested") && kinds.contains(&"AuthorizationEnded"), "{kinds:?}");
}

fn appoint(world: &World, name: &str, when: Appointment) -> Command {
    Command::Appoint { person: world.id(name), when }
}

#[test]
fn the_host_appoints_an_approver_who_decides_after_a_day_or_at_once() {
    let mut world = World::enabled();
    let sam = world.id("sam");
    let now = appoint(&world, "sam", Appointment::Now);
    let (ada, bob) = (world.session("ada"), appoint(&world, "bob", Appointment::Now));
    assert_eq!(world.send(&ada, &now).unwrap_err().code, Code::Forbidden);
    assert_eq!(world.host(&bob).unwrap_err().code, Code::AlreadyInState);
    let later = appoint(&world, "sam", Appointment::AfterADay);
    world.host(&later).unwrap();
    let Body::RecoveryUsed { person, how: Recovery::Approver { from } } = world.last() else { panic!() };
    assert_eq!((*person, *from), (sam, world.now.plus(Span::from_hours(24))));
    let approvers = world.state.organization.default_approvers.unwrap();
    world.pass(Span::from_micros(24 * 3_600_000_000 - 1));
    world.tick();
    assert!(!world.state.directory.is_member(approvers, sam), "not before its time");
    assert_eq!(countersign_core::decide::next_due(&world.state), Some(world.now.plus(Span::from_micros(1))));
    world.pass(Span::from_micros(1));
    world.tick();
    assert!(world.state.directory.is_member(approvers, sam));
    assert!(world.state.organization.appointed.is_empty(), "once");
    world.tick();
    assert!(matches!(world.last(), Body::GroupMembersChanged { .. }), "{:?}", world.last());

    let mut world = World::enabled();
    let (seq, now) = (world.state.next_seq, appoint(&world, "sam", Appointment::Now));
    world.host(&now).unwrap();
    assert_eq!(world.kinds_since(seq), ["RecoveryUsed", "GroupMembersChanged"]);
    assert!(countersign_core::standing::is_default_approver(&world.state, world.id("sam")));
}

#[test]
fn who_is_disabled_or_joins_otherwise_is_not_appointed_any_more() {
    let mut world = World::enabled();
    for name in ["sam", "rita"] {
        let later = appoint(&world, name, Appointment::AfterADay);
        world.host(&later).unwrap();
    }
    let sam = world.id("sam").to_string();
    world.run("ada", "Disable-User", json!({"Identity": sam}));
    let rita = world.id("rita").to_string();
    world.act("ada", "bob", "Add-GroupMember", json!({"Identity": "Approvers", "Member": [rita]})).unwrap();
    assert!(world.state.organization.appointed.is_empty());
    world.pass(Span::from_hours(25));
    let seq = world.state.next_seq;
    world.tick();
    assert!(!world.kinds_since(seq).contains(&"GroupMembersChanged"));
    let now = appoint(&world, "sam", Appointment::Now);
    assert_eq!(world.host(&now).unwrap_err().code, Code::Forbidden, "a disabled person is not appointed");
    let mut world = World::prepared();
    let now = appoint(&world, "sam", Appointment::Now);
    assert_eq!(world.host(&now).unwrap_err().code, Code::SetUpMode);
}
