//! Erasures: two people, after the retention, of what nobody acts by any more.

use countersign_core::erasure::Subject;
use countersign_core::event::Body;
use countersign_core::refusal::Code;
use countersign_core::time::Span;
use serde_json::{Value as Json, json};

use crate::world::*;

const KEPT: Span = Span::from_hours(24 * 90);

/// Ada asks, Bob approves, Ada runs.
fn erase(world: &mut World, task: &str, values: Json) -> Result<(), Code> {
    world.act("ada", "bob", task, values).map(|_| ()).map_err(|refusal| refusal.code)
}

#[test]
fn a_request_is_erased_once_it_is_over_and_need_not_be_kept() {
    let mut world = World::guarded(json!({"ApproverGroup": "Deciders"}));
    let number = world.granted(|_| {});
    let run = world.started("rita", DISK, disk());
    let which = json!({"RequestId": number.to_string()});
    let alone = world.refused("ada", "Countersign\\Clear-RequestData", which.clone());
    assert_eq!(alone, Code::AuthorizationRequired, "never one person alone");
    assert_eq!(erase(&mut world, "Clear-RequestData", which.clone()), Err(Code::InUse), "it lives");
    world.pass(Span::from_hours(5));
    world.tick();
    assert_eq!(
        erase(&mut world, "Clear-RequestData", which.clone()),
        Err(Code::InUse),
        "its run has no outcome"
    );
    world.finish(run);
    assert_eq!(erase(&mut world, "Clear-RequestData", which.clone()), Err(Code::InUse), "it is kept");
    world.pass(KEPT);
    assert_eq!(erase(&mut world, "Clear-RequestData", which.clone()), Ok(()));
    let erased = world.events.iter().find(|event| matches!(event.body, Body::Erased { .. })).unwrap();
    assert_eq!(erased.body, Body::Erased { subject: Subject::Request { number } });
    assert_eq!(erased.actor.person(), Some(world.id("ada")));
    let none = json!({"RequestId": "R-999"});
    assert_eq!(erase(&mut world, "Clear-RequestData", none), Err(Code::EvidenceMissing));
}

#[test]
fn a_pending_request_keeps_its_values() {
    let mut world = World::guarded(json!({"ApproverGroup": "Deciders"}));
    let number = world.ask("rita", asking(DISK, &bind(&disk()))).unwrap();
    let which = json!({"RequestId": number.to_string()});
    assert_eq!(erase(&mut world, "Clear-RequestData", which), Err(Code::InUse));
}

#[test]
fn a_person_is_erased_once_disabled_for_as_long_as_it_is_kept() {
    let mut world = World::enabled();
    let sam = world.id("sam");
    let who = json!({"Identity": sam.to_string()});
    assert_eq!(erase(&mut world, "Clear-PersonalData", who.clone()), Err(Code::InUse), "sam is enabled");
    world.run("ada", "Disable-User", who.clone());
    world.pass(Span::from_secs(90 * 86_400 - 1));
    assert_eq!(erase(&mut world, "Clear-PersonalData", who.clone()), Err(Code::InUse), "too early");
    world.pass(Span::from_secs(1));
    assert_eq!(erase(&mut world, "Clear-PersonalData", who), Ok(()));
    assert!(
        world
            .events
            .iter()
            .any(|event| event.body == Body::Erased { subject: Subject::Person { person: sam } })
    );
}
