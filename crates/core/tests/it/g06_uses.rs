//! G6 and G8: uses, slots, rates; exempt service accounts.

use countersign_core::actor::Principal;
use countersign_core::command::Command;
use countersign_core::execution::Outcome;
use countersign_core::execution::{Basis, StopReason};
use countersign_core::refusal::Code;
use countersign_core::time::Span;
use serde_json::json;

use crate::world::{DISK, World, asking, bind, disk};

#[test]
fn g6_uses_are_taken_at_the_start_and_never_returned() {
    for (policy, asked, expected) in
        [(None, Some(1), 1), (Some(2), None, 2), (Some(2), Some(1), 1), (None, Some(3), 3)]
    {
        let mut terms = json!({"ApproverGroup": "Deciders"});
        if let Some(most) = policy {
            terms["MaximumUses"] = json!(most);
        }
        let mut world = World::guarded(terms);
        let number = world.granted(|submit| submit.uses = asked);
        for index in 0..expected {
            let run = world.started("rita", DISK, disk());
            // Stopped, lost or done: the use is gone.
            if index == 0 {
                world.lost(run);
                world.send(&world.session("rita"), &Command::Acknowledge { execution: run }).unwrap();
            } else {
                world.finish(run);
            }
        }
        assert_eq!(world.state.authorizations[&number].used, expected);
        assert_eq!(world.refused("rita", DISK, disk()), Code::UsesExhausted, "{policy:?} {asked:?}");
    }
    let mut world = World::guarded(json!({"MaximumUses": 2}));
    for (uses, code) in [(0, Code::LimitReached), (3, Code::LimitReached)] {
        let mut submit = asking(DISK, &bind(&disk()));
        submit.uses = Some(uses);
        assert_eq!(world.ask("rita", submit).unwrap_err().code, code, "{uses}");
    }
}

#[test]
fn g6_grants_never_add_up_and_each_run_cites_one() {
    let mut world = World::guarded(json!({"ApproverGroup": "Deciders"}));
    let first = world.granted(|submit| submit.uses = Some(1));
    let second = world.granted(|submit| submit.uses = Some(1));
    let mut bases = Vec::new();
    for _ in 0..2 {
        let run = world.started("rita", DISK, disk());
        bases.push(world.state.executions[&run].basis.clone());
        world.finish(run);
    }
    assert_eq!(bases, [first, second].map(|number| Basis::Authorization { number }));
    assert_eq!(world.refused("rita", DISK, disk()), Code::UsesExhausted);
}

#[test]
fn g6_one_at_a_time_unless_the_policy_allows_more_and_an_unknown_one_holds_its_slot() {
    for parallel in [1, 2] {
        let mut world = World::guarded(json!({"ApproverGroup": "Deciders", "Parallel": parallel}));
        world.granted(|_| {});
        let runs: Vec<_> = (0..parallel).map(|_| world.started("rita", DISK, disk())).collect();
        assert_eq!(world.refused("rita", DISK, disk()), Code::AlreadyRunning, "{parallel}");
        world.lost(runs[0]);
        assert_eq!(world.refused("rita", DISK, disk()), Code::AlreadyRunning, "unknown holds its slot");
        for (name, code) in [("sam", Code::NotFound), ("cyd", Code::NotFound)] {
            let refusal =
                world.send(&world.session(name), &Command::Acknowledge { execution: runs[0] }).unwrap_err();
            assert_eq!(refusal.code, code, "{name} did not approve it");
        }
        // Its approver may, and a late report after that changes nothing.
        world.send(&world.session("bob"), &Command::Acknowledge { execution: runs[0] }).unwrap();
        world.started("rita", DISK, disk());
    }
}

#[test]
fn g6_a_late_report_frees_the_slot_and_nothing_is_reported_twice() {
    let mut world = World::guarded(json!({"ApproverGroup": "Deciders"}));
    world.granted(|_| {});
    let run = world.started("rita", DISK, disk());
    let acknowledge = Command::Acknowledge { execution: run };
    assert_eq!(world.send(&world.session("rita"), &acknowledge).unwrap_err().code, Code::AlreadyRunning);
    world.lost(run);
    let seq = world.state.next_seq;
    world.finish(run);
    assert_eq!(world.kinds_since(seq), ["ExecutionReported"]);
    let again = Command::Finish {
        execution: run,
        outcome: countersign_core::execution::Outcome::Succeeded,
        output: None,
    };
    let system = countersign_core::actor::Principal::system();
    assert_eq!(world.send(&system, &again).unwrap_err().code, Code::NotFound);
    world.started("rita", DISK, disk());
}

#[test]
fn g6_an_auto_policy_grants_ten_in_any_twenty_four_hours_to_each_person() {
    let mut world = World::guarded(json!({"ApprovalType": "Auto", "Everyone": true}));
    let ask = |world: &mut World, name: &str| {
        world.ask(name, asking(DISK, &bind(&disk()))).map_err(|refusal| refusal.code)
    };
    for _ in 0..10 {
        ask(&mut world, "rita").unwrap();
    }
    assert_eq!(ask(&mut world, "rita"), Err(Code::RateLimited));
    ask(&mut world, "sam").unwrap();
    world.pass(Span::from_micros(24 * 3_600_000_000 - 1));
    assert_eq!(ask(&mut world, "rita"), Err(Code::RateLimited), "a microsecond early");
    world.pass(Span::from_micros(1));
    ask(&mut world, "rita").unwrap();
}

/// A world with a service account of sam's among the operators, exempt for 30 days.
fn exempt(terms: serde_json::Value) -> World {
    let mut world = World::guarded(terms);
    let owner = world.id("sam").to_string();
    let form = json!({"UserPrincipalName": "svc@fabrikam.example", "DisplayName": "svc", "Owner": owner});
    let made = world.act("ada", "bob", "New-ServiceAccount", form).unwrap();
    let countersign_core::decide::Reply::Ran { made, .. } = made else { panic!("{made:?}") };
    let svc = made["person"].clone();
    world.people.insert("svc".to_owned(), svc.parse().unwrap());
    world
        .act("ada", "bob", "Add-RoleGroupMember", json!({"Identity": "Host\\Operators", "Member": [svc]}))
        .unwrap();
    world
        .act("ada", "bob", "Add-SystemAccount", json!({"Identity": svc, "Reason": "nightly", "Days": 30}))
        .unwrap();
    world
}

#[test]
fn g8_an_exempt_account_runs_what_its_role_contains_and_the_run_is_marked() {
    let mut world = exempt(json!({}));
    let run = world.started("svc", DISK, disk());
    assert_eq!(
        world.state.executions[&run].basis,
        Basis::Exemption { role: "Host\\Operator".parse().unwrap() }
    );
    let svc = world.id("svc").to_string();
    world
        .act("ada", "bob", "Remove-RoleGroupMember", json!({"Identity": "Host\\Operators", "Member": [svc]}))
        .unwrap();
    assert!(world.execute("svc", DISK, disk()).is_err(), "exempt from G3, not from G2");
    assert_eq!(world.state.executions[&run].stopping, Some(StopReason::Revoked));
}

#[test]
fn g8_only_service_accounts_are_exempt_and_never_on_the_control_plane() {
    let mut world = exempt(json!({}));
    let (rita, svc) = (world.id("rita").to_string(), world.id("svc").to_string());
    let people = json!({"Identity": rita, "Reason": "why not", "Days": 1});
    assert_eq!(world.act("ada", "bob", "Add-SystemAccount", people).unwrap_err().code, Code::Forbidden);
    world
        .act(
            "ada",
            "bob",
            "Add-RoleGroupMember",
            json!({"Identity": "Countersign\\Organization Management", "Member": [svc]}),
        )
        .unwrap();
    let group = json!({"Name": "X", "Mail": "x@fabrikam.example"});
    assert_eq!(world.refused("svc", "Countersign\\New-Group", group), Code::AuthorizationRequired);
}

#[test]
fn g8_an_exemption_ends_at_its_instant_and_takes_what_runs_with_it() {
    let mut world = exempt(json!({}));
    let until = world.state.organization.system_accounts[&world.id("svc")].until;
    world.now = until.minus(Span::from_micros(1));
    let run = world.started("svc", DISK, disk());
    assert_eq!(world.state.executions[&run].deadline, until);
    world.now = until;
    assert_eq!(world.refused("svc", DISK, disk()), Code::AuthorizationRequired);
    world.tick();
    assert!(world.state.executions[&run].stopping.is_some());
}

#[test]
fn g8_unused_for_ninety_days_an_exemption_is_off() {
    let mut world = exempt(json!({}));
    let svc = world.id("svc").to_string();
    world
        .act("ada", "bob", "Add-SystemAccount", json!({"Identity": svc, "Reason": "long", "Days": 366}))
        .unwrap();
    world.pass(Span::from_micros(90 * 24 * 3_600_000_000 - 1));
    let run = world.started("svc", DISK, disk());
    world.finish(run);
    // Used: it counts anew.
    world.pass(Span::from_hours(90 * 24));
    assert_eq!(world.refused("svc", DISK, disk()), Code::AuthorizationRequired);
}

#[test]
fn g8_an_exemption_taken_away_stops_what_runs_on_it() {
    let mut world = exempt(json!({}));
    let run = world.started("svc", DISK, disk());
    let svc = world.id("svc").to_string();
    world.execute("ada", "Countersign\\Remove-SystemAccount", json!({"Identity": svc})).unwrap();
    assert_eq!(world.state.executions[&run].stopping, Some(StopReason::Revoked));
    assert_eq!(world.refused("svc", DISK, disk()), Code::AuthorizationRequired);
    assert_eq!(
        world.refused("ada", "Countersign\\Remove-SystemAccount", json!({"Identity": svc})),
        Code::AlreadyInState
    );
}

#[test]
fn g6_a_late_truth_after_an_acknowledgement_is_reported_once_and_frees_no_second_slot() {
    for (outcome, accepted) in [
        (Outcome::Succeeded, true),
        (Outcome::Failed { exit: Some(1), reason: "exit".to_owned() }, true),
        (Outcome::Unknown { reason: "still gone".to_owned() }, false),
    ] {
        let mut world = World::guarded(json!({"ApproverGroup": "Deciders"}));
        let number = world.granted(|_| {});
        let run = world.started("rita", DISK, disk());
        world.lost(run);
        world.send(&world.session("rita"), &Command::Acknowledge { execution: run }).unwrap();
        // Its slot was free at once; another run holds it when the truth comes.
        let next = world.started("rita", DISK, disk());
        let seq = world.state.next_seq;
        let finish = Command::Finish { execution: run, outcome: outcome.clone(), output: None };
        let told = world.send(&Principal::system(), &finish);
        assert_eq!(told.is_ok(), accepted, "{outcome:?}");
        if accepted {
            assert_eq!(world.kinds_since(seq), ["ExecutionReported"], "{outcome:?}");
            assert_eq!(world.events.last().unwrap().request, Some(number));
            assert_eq!(world.send(&Principal::system(), &finish).unwrap_err().code, Code::NotFound, "once");
        }
        assert!(world.state.executions.contains_key(&next));
        assert_eq!(world.refused("rita", DISK, disk()), Code::AlreadyRunning, "one slot, and it is taken");
        assert_eq!(world.state.acknowledged.is_empty(), accepted);
    }
}
