//! G22 and G14: with as much live as may be, as scattered as may be, what removes power is one event that can be written.

use countersign_core::actor::Principal;
use countersign_core::command::Command;
use countersign_core::event::{Body, wire};
use countersign_core::id::RequestNumber;
use countersign_core::refusal::Code;
use countersign_core::request::{KEPT_FOR_CONTROL_PLANE, MOST_LIVE, MOST_SPREAD};
use countersign_core::standing;
use countersign_core::task::Definition;
use serde_json::{Value as Json, json};

use crate::world::{DISK, World, asking, bind, disk, execution, task};

/// Repeats one authorization and one request of rita's until so many are live, as far apart as they may be. Nothing of
/// this is in the ledger: what is decided on it is only tried out.
fn crowd(world: &mut World, live: usize) {
    let authorization =
        world.state.authorizations.values().find(|live| live.asked.requester == world.id("rita"));
    let authorization = authorization.unwrap().clone();
    let pending = world.state.requests.values().next().unwrap().clone();
    let wanted = live - world.state.authorizations.len() - world.state.requests.len();
    let last = world.state.next_request + MOST_SPREAD - 1;
    let step = (MOST_SPREAD - 100) / u64::try_from(wanted).unwrap();
    for index in 0..wanted {
        let number = RequestNumber::new(last - u64::try_from(index).unwrap() * step);
        if index % 2 == 0 {
            world.state.authorizations.insert(number, authorization.clone());
        } else {
            world.state.requests.insert(number, pending.clone());
        }
    }
    world.state.next_request = last + 1;
    assert_eq!(world.state.authorizations.len() + world.state.requests.len(), live);
}

/// What is tried out in a crowded world, its events written.
fn written(world: &mut World, principal: &Principal, command: &Command) -> Vec<(Body, usize)> {
    let decision = world.try_out(principal, command);
    decision.reply.unwrap();
    decision
        .events
        .into_iter()
        .map(|event| {
            let bytes = wire::to_bytes(&event).unwrap();
            assert_eq!(wire::from_bytes(&bytes).unwrap(), event);
            (event.body, bytes.len())
        })
        .collect()
}

#[test]
fn g22_whatever_removes_power_can_end_everything_in_one_event() {
    let disk_policy = |world: &World| json!({"Identity": world.policy(DISK)});
    let rita = |world: &World| json!({"Identity": world.id("rita").to_string()});
    type Values = fn(&World) -> Json;
    let cases: [(&str, bool, Values, bool); 5] = [
        ("Stop-AllExecutions", false, |_| json!({}), false),
        ("Disable-User", false, rita, true),
        ("Disable-ElevatedAccessControl", true, |_| json!({}), true),
        ("Remove-ElevatedAccessApprovalPolicy", true, disk_policy, true),
        ("Remove-Task", true, |_| json!({"Identity": DISK}), true),
    ];
    for (name, control_plane, values, pending_too) in cases {
        let mut world = World::guarded(json!({"ApproverGroup": "Deciders"}));
        world.granted(|_| {});
        world.ask("rita", asking(DISK, &bind(&disk()))).unwrap();
        let values = values(&world);
        let name = format!("Countersign\\{name}");
        if control_plane {
            let number = world.ask("ada", asking(&name, &bind(&values))).unwrap();
            world.approve("bob", number).unwrap();
        }
        crowd(&mut world, MOST_LIVE);
        let ada = world.session("ada");
        let events = written(&mut world, &ada, &execution(&name, values));
        let ended: Vec<_> =
            events.iter().filter_map(|(body, size)| body.ends().map(|ends| (ends, *size))).collect();
        let [(ends, size)] = ended.as_slice() else { panic!("{name}: one event ends all of it") };
        let all = MOST_LIVE - usize::from(control_plane);
        let expected = if pending_too { all } else { world.state.authorizations.len() };
        assert_eq!(ends.authorizations.len() + ends.requests.len(), expected, "{name}");
        assert!(*size > expected * 3 && *size < countersign_ledger::MAX_ENTRY, "{name}: {size}");
    }
}

#[test]
fn g22_a_clock_is_accepted_with_everything_live() {
    let mut world = World::guarded(json!({"ApproverGroup": "Deciders"}));
    world.granted(|_| {});
    world.ask("rita", asking(DISK, &bind(&disk()))).unwrap();
    crowd(&mut world, MOST_LIVE);
    world.state.organization.clock_suspect = true;
    let events = written(&mut world, &Principal::host(), &Command::AcceptClock);
    let all = world.state.authorizations.len();
    assert!(events.iter().any(|(body, _)| body.ends().is_some_and(|ends| ends.authorizations.len() == all)));
}

#[test]
fn g22_live_objects_are_bounded_and_some_room_is_the_control_planes() {
    let group = json!({"Name": "More", "Mail": "more@fabrikam.example"});
    for (live, ordinary, control_plane) in [
        (MOST_LIVE - KEPT_FOR_CONTROL_PLANE - 1, None, None),
        (MOST_LIVE - KEPT_FOR_CONTROL_PLANE, Some(Code::LimitReached), None),
        (MOST_LIVE - 1, Some(Code::LimitReached), None),
        (MOST_LIVE, Some(Code::LimitReached), Some(Code::LimitReached)),
    ] {
        let mut world = World::guarded(json!({"ApproverGroup": "Deciders", "Everyone": true}));
        world.granted(|_| {});
        world.ask("rita", asking(DISK, &bind(&disk()))).unwrap();
        crowd(&mut world, live);
        // The spread is used up in this world; here only the number counts.
        world.state.next_request -= 200;
        for (name, task, values, expected) in
            [("sam", DISK, disk(), ordinary), ("ada", "Countersign\\New-Group", group.clone(), control_plane)]
        {
            let session = world.session(name);
            let decision = world.try_out(&session, &Command::Submit(asking(task, &bind(&values))));
            assert_eq!(decision.reply.err().map(|refusal| refusal.code), expected, "{live} {task}");
        }
    }
}

#[test]
fn g22_the_numbers_of_what_lives_lie_within_a_spread() {
    for (later, expected) in [(MOST_SPREAD - 1, None), (MOST_SPREAD, Some(Code::LimitReached))] {
        let mut world = World::guarded(json!({"ApproverGroup": "Deciders"}));
        let live = world.granted(|_| {});
        world.state.next_request = live.get() + later;
        let session = world.session("rita");
        let decision = world.try_out(&session, &Command::Submit(asking(DISK, &bind(&disk()))));
        let refused = decision.reply.err();
        assert_eq!(refused.as_ref().map(|refusal| refusal.code), expected);
        assert_eq!(refused.and_then(|refusal| refusal.governs), expected.map(|_| live.to_string()));
    }
}

#[test]
fn g22_whether_a_change_is_possible_does_not_hang_on_how_much_lives() {
    let sized = |characters: usize| {
        let mut long = task("Host\\Long", &["Path"]);
        let arguments = vec!["a".repeat(500); characters / 500];
        let definition = json!({"program": "/usr/bin/du", "arguments": arguments});
        let Json::Object(definition) = definition else { unreachable!() };
        long.execution.definition = Definition::new(definition).unwrap();
        json!({"Workload": "Host", "Definitions": serde_json::to_string(&[long]).unwrap()})
    };
    for (characters, fits) in [(15_000, true), (19_500, false)] {
        let mut world = World::prepared();
        let made = world.execute("ada", "Countersign\\Import-TaskPack", sized(characters));
        assert_eq!(made.is_ok(), fits, "{characters}");
        assert!(fits || made.is_err_and(|refusal| refusal.code == Code::LimitReached));
    }
}

/// What thousands of objects share is found once: judging them together is many times cheaper than one by one. By what
/// factor is printed.
#[test]
fn g14_g22_what_a_change_touches_is_judged_together() {
    let mut world = World::guarded(json!({"ApproverGroup": "Deciders"}));
    world.granted(|_| {});
    world.ask("rita", asking(DISK, &bind(&disk()))).unwrap();
    crowd(&mut world, MOST_LIVE);
    let state = &world.state;
    let timed = |judge: &dyn Fn() -> usize| {
        #[expect(clippy::disallowed_methods, reason = "what is measured is real time")]
        let begun = std::time::Instant::now();
        assert_eq!(judge(), 0, "everything stands");
        begun.elapsed()
    };
    let one_by_one = timed(&|| {
        let requests = state.requests.values().filter(|live| standing::request(state, live).is_err()).count();
        let live = state.authorizations.values();
        requests + live.filter(|live| standing::authorization(state, live).is_err()).count()
    });
    let together = timed(&|| {
        let fallen = standing::fallen(state);
        fallen.requests.len() + fallen.authorizations.len()
    });
    println!("{MOST_LIVE} live: one by one {one_by_one:?}, together {together:?}");
    assert!(together < one_by_one, "{together:?} {one_by_one:?}");
}
