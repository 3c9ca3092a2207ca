//! G10: a policy that membership breaks later is an alarm, never a silent fallback.

use countersign_core::audience::{Audience, Kind, notices};
use countersign_core::event::{Body, wire};
use countersign_core::id::PolicyId;
use countersign_core::refusal::Code;
use serde_json::{Value as Json, json};

use crate::world::{DISK, World, asking, bind, disk, execution};

type Act = fn(&World) -> (&'static str, Json);

fn leave(name: &'static str) -> impl Fn(&World) -> (&'static str, Json) {
    move |world| {
        ("Remove-GroupMember", json!({"Identity": "Deciders", "Member": [world.id(name).to_string()]}))
    }
}

#[test]
fn g10_membership_that_breaks_a_policy_raises_an_alarm_once_and_its_return_ends_it() {
    let leave_bob: Act = |world| leave("bob")(world);
    let disable_bob: Act = |world| ("Disable-User", json!({"Identity": world.id("bob").to_string()}));
    let link: Act = |world| {
        (
            "Add-UserLink",
            json!({"Identity": world.id("bob").to_string(), "Other": world.id("cyd").to_string()}),
        )
    };
    let may_ask: Act = |world| {
        (
            "Add-RoleGroupMember",
            json!({"Identity": "Host\\Operators", "Member": [world.id("bob").to_string()]}),
        )
    };
    let two = || json!({"ApproverGroup": "Deciders", "Approvers": 2});
    let cases: [(&str, Json, Act, bool); 6] = [
        ("one of two leaves", two(), leave_bob, true),
        ("one of two is disabled", two(), disable_bob, true),
        ("the two are one human", two(), link, true),
        ("one of the two may ask now", two(), may_ask, true),
        ("one of two leaves where one is enough", json!({"ApproverGroup": "Deciders"}), leave_bob, false),
        ("one who may ask, where one is enough", json!({"ApproverGroup": "Deciders"}), may_ask, false),
    ];
    for (name, terms, act, alarms) in cases {
        let mut world = World::guarded(terms);
        let policy = world.state.policies.keys().next().copied().unwrap();
        let (task, values) = act(&world);
        let seq = world.state.next_seq;
        if task == "Disable-User" {
            world.run("ada", task, values);
        } else {
            world.act("ada", "cyd", task, values).unwrap();
        }
        let alarm =
            world.events.iter().find(|event| event.seq >= seq && event.body.kind() == "QuorumAlarm").cloned();
        assert_eq!(alarm.is_some(), alarms, "{name}");
        assert_eq!(world.state.short.contains(&policy), alarms, "{name}");
        let Some(alarm) = alarm else { continue };
        assert_eq!(alarm.body, Body::QuorumAlarm { policies: [policy].into() }, "{name}");
        let told = notices(&alarm, &[], &world.state);
        assert_eq!((told[0].kind, &told[0].to), (Kind::Alarm, &Audience::Administrators), "{name}");
        // Nobody else decides in their place.
        let asker = if task == "Add-RoleGroupMember" { "bob" } else { "rita" };
        let refused = world.ask(asker, asking(DISK, &bind(&disk()))).unwrap_err();
        assert_eq!(refused.code, Code::QuorumImpossible, "{name}");
        // A further change says nothing anew; enough people end it.
        let seq = world.state.next_seq;
        world.act("ada", "cyd", "New-Group", json!({"Name": "X", "Mail": "x@fabrikam.example"})).unwrap();
        let sam = world.id("sam").to_string();
        world
            .act("ada", "cyd", "Add-GroupMember", json!({"Identity": "X", "Member": [sam.clone()]}))
            .unwrap();
        assert!(!world.kinds_since(seq).contains(&"QuorumAlarm"), "{name}");
        let joined = json!({"Identity": "Deciders", "Member": [sam]});
        world.act("ada", "cyd", "Add-GroupMember", joined).unwrap();
        assert!(world.state.short.is_empty(), "{name}");
        assert!(world.kinds_since(seq).contains(&"QuorumRestored"), "{name}");
    }
}

#[test]
fn g10_a_policy_that_is_changed_or_removed_is_no_longer_short() {
    let removed: fn(&World) -> (&'static str, Json) =
        |world| ("Remove-ElevatedAccessApprovalPolicy", json!({"Identity": world.policy(DISK)}));
    let changed: fn(&World) -> (&'static str, Json) = |world| {
        (
            "Set-ElevatedAccessApprovalPolicy",
            json!({"Identity": world.policy(DISK), "ApproverGroup": "Deciders"}),
        )
    };
    for act in [removed, changed] {
        let mut world = World::guarded(json!({"ApproverGroup": "Deciders", "Approvers": 2}));
        let (task, values) = leave("bob")(&world);
        world.act("ada", "cyd", task, values).unwrap();
        assert!(!world.state.short.is_empty());
        let (task, values) = act(&world);
        world.act("ada", "cyd", task, values).unwrap();
        assert!(world.state.short.is_empty(), "{task}");
    }
}

#[test]
fn g10_the_verifier_misses_an_alarm_that_was_left_out() {
    let mut world = World::guarded(json!({"ApproverGroup": "Deciders", "Approvers": 2}));
    let (task, values) = leave("bob")(&world);
    world.act("ada", "cyd", task, values).unwrap();
    let sam = json!({"Identity": "Deciders", "Member": [world.id("sam").to_string()]});
    world.act("ada", "cyd", "Add-GroupMember", sam).unwrap();
    for kind in ["QuorumAlarm", "QuorumRestored"] {
        let mut events = world.events.clone();
        let left_out = events.iter_mut().find(|event| event.body.kind() == kind).unwrap();
        left_out.body = Body::SignInFailed { person: None, count: 1 };
        let found = crate::cross_check::findings(&events, &world.sealed);
        assert!(found.iter().any(|finding| finding.contains("no alarm says so")), "{kind}: {found:#?}");
    }
}

#[test]
fn g22_somebody_is_disabled_however_many_policies_that_breaks() {
    let mut world = World::guarded(json!({"ApproverGroup": "Deciders", "Approvers": 2}));
    let before = world.state.clone();
    let policy = before.policies.values().next().cloned().unwrap();
    for number in 1_000..4_000_u128 {
        world.state.policies.insert(PolicyId::from_bytes(number.to_be_bytes()), policy.clone());
    }
    let values = json!({"Identity": world.id("bob").to_string()});
    let ada = world.session("ada");
    let decision = world.try_out(&ada, &execution("Countersign\\Disable-User", values));
    world.state = before;
    decision.reply.unwrap();
    assert_eq!(decision.state.short.len(), 3_001);
    for event in &decision.events {
        wire::to_bytes(event).unwrap();
    }
}
