//! G14 and G15: which change ends what was granted, and whether what runs is stopped with it.

use countersign_core::command::Command;
use countersign_core::execution::StopReason;
use countersign_core::refusal::Code;
use countersign_core::time::Span;
use serde_json::{Value as Json, json};

use crate::world::{DISK, World, asking, bind, disk, task};

/// A guarded world with rich terms, so that each field can be moved either way.
fn rich() -> Json {
    json!({"ApproverGroup": "Deciders", "MaximumDurationHours": 8, "MaximumUses": 5, "Parallel": 2})
}

fn with(change: &[(&str, Json)]) -> Json {
    let mut terms = rich();
    for (name, value) in change {
        match value {
            Json::Null => drop(terms.as_object_mut().unwrap().remove(*name)),
            value => terms[*name] = value.clone(),
        }
    }
    terms
}

#[test]
fn g14_each_field_of_a_policy_wider_lives_on_tighter_or_other_ends() {
    let null = Json::Null;
    for (change, ends) in [
        (vec![], false),
        (vec![("MaximumDurationHours", json!(9))], false),
        (vec![("MaximumDurationHours", null.clone())], false),
        (vec![("MaximumDurationHours", json!(7))], true),
        (vec![("MaximumUses", json!(6))], false),
        (vec![("MaximumUses", null.clone())], false),
        (vec![("MaximumUses", json!(4))], true),
        (vec![("Parallel", json!(3))], false),
        (vec![("Parallel", json!(1))], true),
        (vec![("Approvers", json!(2))], true),
        (vec![("ApproverGroup", json!("Approvers"))], true),
        (vec![("ApproverGroup", null.clone()), ("Stages", json!(["Deciders:1", "Approvers:1"]))], true),
        (vec![("Everyone", json!(true))], false),
        (vec![("RequesterGroup", json!("Deciders"))], true),
        (vec![("TicketPattern", json!("INC-####"))], true),
        (vec![("MinimumAssurance", json!("SecondFactor"))], true),
        (vec![("FreshnessMinutes", json!(5))], true),
        (vec![("BindParameters", json!(["Path"]))], true),
        (
            vec![(
                "Windows",
                json!(
                    r#"[{"zone":"UTC","days":["mon","tue","wed","thu","fri","sat","sun"],"from":"00:00","until":"23:59"}]"#
                ),
            )],
            true,
        ),
        // Auto brings a rate with it: other terms, not wider ones.
        (vec![("ApproverGroup", null), ("ApprovalType", json!("Auto"))], true),
    ] {
        let mut world = World::guarded(rich());
        let live = world.granted(|_| {});
        let pending = world.ask("rita", asking(DISK, &bind(&disk()))).unwrap();
        let mut terms = with(&change);
        terms["Identity"] = json!(world.policy(DISK));
        world.act("ada", "bob", "Set-ElevatedAccessApprovalPolicy", terms).unwrap();
        assert_eq!(!world.state.authorizations.contains_key(&live), ends, "{change:?}");
        assert_eq!(!world.state.requests.contains_key(&pending), ends, "{change:?}");
        let run = world.execute("rita", DISK, disk());
        assert_eq!(run.is_err(), ends, "{change:?}");
    }
}

#[test]
fn g14_other_default_approvers_end_what_the_former_decided() {
    let mut world = World::guarded(json!({}));
    let live = world.granted(|_| {});
    world.act("ada", "bob", "New-Group", json!({"Name": "Others", "Mail": "o@fabrikam.example"})).unwrap();
    let members: Vec<String> = ["bob", "cyd"].iter().map(|name| world.id(name).to_string()).collect();
    world.act("ada", "bob", "Add-GroupMember", json!({"Identity": "Others", "Member": members})).unwrap();
    world.act("ada", "bob", "Set-OrganizationConfig", json!({"PendingHours": 12})).unwrap();
    assert!(world.state.authorizations.contains_key(&live), "the same group still");
    world.act("ada", "bob", "Set-OrganizationConfig", json!({"AdminGroup": "Others"})).unwrap();
    assert!(!world.state.authorizations.contains_key(&live));
}

#[test]
fn g14_nothing_sleeps_through_an_unprotected_control_plane() {
    let mut world = World::guarded(json!({}));
    let group = json!({"Name": "X", "Mail": "x@fabrikam.example"});
    let number = world.ask("ada", asking("Countersign\\New-Group", &bind(&group))).unwrap();
    world.approve("bob", number).unwrap();
    world.act("ada", "bob", "Disable-ElevatedAccessControl", json!({})).unwrap();
    assert!(world.state.authorizations.contains_key(&number), "the control plane's lives on");
    let enable = |how: &str| json!({"AdminGroup": "Approvers", "ControlPlane": how});
    world.act("ada", "bob", "Enable-ElevatedAccessControl", enable("Unprotected")).unwrap();
    assert!(!world.state.authorizations.contains_key(&number));
    world.run("ada", "Disable-ElevatedAccessControl", json!({}));
    world.run("ada", "Enable-ElevatedAccessControl", enable("Protected"));
    assert_eq!(world.refused("ada", "Countersign\\New-Group", group), Code::AuthorizationRequired);
}

#[test]
fn g14_the_causing_event_names_what_it_ends_and_each_is_told_once() {
    let mut world = World::guarded(json!({"ApproverGroup": "Deciders"}));
    let live = world.granted(|_| {});
    let pending = world.ask("rita", asking(DISK, &bind(&disk()))).unwrap();
    let policy = world.policy(DISK);
    let seq = world.state.next_seq;
    world.act("ada", "bob", "Remove-ElevatedAccessApprovalPolicy", json!({"Identity": policy})).unwrap();
    let ends: Vec<_> =
        world.events.iter().filter(|event| event.seq >= seq).filter_map(|event| event.body.ends()).collect();
    assert_eq!(ends.len(), 1);
    assert_eq!(ends[0].authorizations.keys().copied().collect::<Vec<_>>(), [live]);
    assert_eq!(ends[0].requests.keys().copied().collect::<Vec<_>>(), [pending]);
    let told = |kind: &str| world.kinds_since(seq).iter().filter(|other| **other == kind).count();
    assert_eq!((told("AuthorizationEnded"), told("RequestEnded")), (1, 1));
    world.tick();
    assert!(world.state.untold.is_empty());
}

/// A world where rita runs the disk task for hours, under bob's approval.
fn running(
    run_to_end: bool,
) -> (World, countersign_core::id::RequestNumber, countersign_core::id::ExecutionId) {
    let mut world = World::prepared();
    world.run("ada", "New-Group", json!({"Name": "Deciders", "Mail": "deciders@fabrikam.example"}));
    world.join("Deciders", &["bob", "cyd"]);
    let mut long = task(DISK, &["Path"]);
    long.run_to_end = run_to_end;
    long.limits.max_run_time = Span::from_hours(9);
    world.import(&[long]);
    world.run(
        "ada",
        "New-ElevatedAccessApprovalPolicy",
        json!({"Task": DISK, "ApproverGroup": "Deciders", "Everyone": true}),
    );
    world.run("ada", "Enable-ElevatedAccessControl", json!({"AdminGroup": "Approvers"}));
    let number = world.granted(|_| {});
    let run = world.started("rita", DISK, disk());
    (world, number, run)
}

#[test]
fn g15_each_end_stops_what_runs_or_lets_it_run_to_its_end() {
    type End = fn(&mut World, countersign_core::id::RequestNumber);
    let ends: [(&str, End, Option<StopReason>, Option<StopReason>); 11] = [
        (
            "revoked by an approver",
            |world, number| {
                world
                    .send(&world.session("cyd"), &Command::Revoke { number, comment: "no".to_owned() })
                    .unwrap();
            },
            Some(StopReason::Revoked),
            Some(StopReason::Revoked),
        ),
        (
            "revoked by task",
            |world, number| {
                let values = json!({"RequestId": number.to_string(), "Comment": "no"});
                world.run("ada", "Revoke-ElevatedAccessAuthorization", values);
            },
            Some(StopReason::Revoked),
            Some(StopReason::Revoked),
        ),
        (
            "given back",
            |world, number| {
                world.send(&world.session("rita"), &Command::GiveBack { number }).unwrap();
            },
            Some(StopReason::GivenBack),
            Some(StopReason::GivenBack),
        ),
        (
            "requester disabled",
            |world, _| {
                let rita = world.id("rita").to_string();
                world.run("ada", "Disable-User", json!({"Identity": rita}));
            },
            Some(StopReason::PersonDisabled),
            Some(StopReason::PersonDisabled),
        ),
        (
            "access disabled",
            |world, _| drop(world.act("ada", "bob", "Disable-ElevatedAccessControl", json!({})).unwrap()),
            Some(StopReason::AccessDisabled),
            Some(StopReason::AccessDisabled),
        ),
        (
            "emergency stop",
            |world, _| drop(world.run("ada", "Stop-AllExecutions", json!({}))),
            Some(StopReason::EmergencyStop),
            Some(StopReason::EmergencyStop),
        ),
        (
            "clock accepted",
            |world, _| {
                let stated = world.now;
                let system = countersign_core::actor::Principal::system();
                world.send(&system, &Command::SuspectClock { stated }).unwrap();
                world.host(&Command::AcceptClock).unwrap();
            },
            Some(StopReason::ClockFault),
            Some(StopReason::ClockFault),
        ),
        (
            "expired",
            |world, _| {
                world.pass(Span::from_hours(4));
                world.tick();
            },
            Some(StopReason::Expired),
            None,
        ),
        (
            "quorum lost",
            |world, _| {
                let bob = world.id("bob").to_string();
                let values = json!({"Identity": "Deciders", "Member": [bob]});
                world.act("ada", "cyd", "Remove-GroupMember", values).unwrap();
            },
            Some(StopReason::QuorumLost),
            None,
        ),
        (
            "policy tightened",
            |world, _| {
                let values = json!({"Identity": world.policy(DISK), "ApproverGroup": "Deciders", "Everyone": true, "MaximumUses": 3});
                world.act("ada", "cyd", "Set-ElevatedAccessApprovalPolicy", values).unwrap();
            },
            Some(StopReason::PolicyChanged),
            None,
        ),
        (
            "task redefined",
            |world, _| {
                let text = serde_json::to_string(&[task(DISK, &["Path", "More"])]).unwrap();
                let values = json!({"Workload": "Host", "Definitions": text});
                world.act("ada", "cyd", "Import-TaskPack", values).unwrap();
            },
            None,
            None,
        ),
    ];
    for (name, end, usual, to_end) in ends {
        for (run_to_end, expected) in [(false, usual), (true, to_end)] {
            let (mut world, number, run) = running(run_to_end);
            end(&mut world, number);
            assert!(!world.state.authorizations.contains_key(&number), "{name}");
            assert_eq!(world.state.executions[&run].stopping, expected, "{name}, run to end: {run_to_end}");
        }
    }
}

#[test]
fn g15_every_run_has_a_last_moment() {
    for (run_to_end, hours) in [(false, 4), (true, 9)] {
        let (mut world, _, run) = running(run_to_end);
        assert_eq!(world.state.executions[&run].deadline, world.now.plus(Span::from_hours(hours)));
        world.pass(Span::from_micros(hours * 3_600_000_000 - 1));
        world.tick();
        let stopped = |world: &World| world.state.executions[&run].stopping.is_some();
        assert!(!stopped(&world), "{run_to_end}");
        world.pass(Span::from_micros(1));
        world.tick();
        assert!(stopped(&world), "{run_to_end}");
    }
}

#[test]
fn g15_only_ones_own_run_is_stopped_by_the_relation_and_asking_twice_is_asking_once() {
    let (mut world, _, run) = running(false);
    let stop = Command::Stop { execution: run };
    for name in ["bob", "ada", "sam"] {
        assert_eq!(world.send(&world.session(name), &stop).unwrap_err().code, Code::NotFound, "{name}");
    }
    let seq = world.state.next_seq;
    world.send(&world.session("rita"), &stop).unwrap();
    world.send(&world.session("rita"), &stop).unwrap();
    assert_eq!(world.kinds_since(seq), ["StopRequested"]);
}
