//! G13 for what outlives its run: it ends with its authorization, is taken back until the target says that it is gone, and
//! nobody stops that.

use countersign_core::actor::Principal;
use countersign_core::command::Command;
use countersign_core::decide::next_due;
use countersign_core::event::Body;
use countersign_core::execution::{Basis, Outcome, StopReason};
use countersign_core::id::{ExecutionId, RequestNumber};
use countersign_core::obligation::Settled;
use countersign_core::refusal::Code;
use countersign_core::task::{Definition, TaskDefinition};
use countersign_core::time::Span;
use serde_json::{Value as Json, json};

use crate::world::{DISK, World, disk, task};

/// The disk task, as if it left something.
fn lasting() -> TaskDefinition {
    let mut lasting = task(DISK, &["Path"]);
    let Json::Object(object) = json!({"program": "/bin/false", "arguments": ["Path"]}) else {
        unreachable!()
    };
    lasting.take_back = Some(Definition::new(object).unwrap());
    lasting
}

fn world() -> World {
    let mut world = World::prepared();
    world.import(&[lasting(), task("Host\\Restart", &["Unit"])]);
    world.run("ada", "New-Group", json!({"Name": "Deciders", "Mail": "deciders@fabrikam.example"}));
    world.join("Deciders", &["bob", "cyd"]);
    world.run("ada", "New-ElevatedAccessApprovalPolicy", json!({"Task": DISK, "ApproverGroup": "Deciders"}));
    world.run("ada", "Enable-ElevatedAccessControl", json!({"AdminGroup": "Approvers"}));
    world
}

/// Run under a fresh authorization, and over.
fn held(world: &mut World) -> (RequestNumber, ExecutionId) {
    let number = world.granted(|_| {});
    let run = world.started("rita", DISK, disk());
    assert_eq!(*world.last(), Body::ObligationIncurred { execution: run, number }, "with its start");
    world.finish(run);
    (number, run)
}

fn give_back(world: &mut World, number: RequestNumber) {
    world.send(&world.session("rita"), &Command::GiveBack { number }).unwrap();
}

/// The try that is being made.
fn trying(world: &World, of: ExecutionId) -> Option<ExecutionId> {
    world.state.obligations.get(&of).and_then(|owed| owed.trying)
}

fn end(world: &mut World, execution: ExecutionId, outcome: Outcome) {
    world.send(&Principal::system(), &Command::Finish { execution, outcome, output: None }).unwrap();
}

fn failed(reason: &str) -> Outcome {
    Outcome::Failed { exit: None, reason: reason.to_owned() }
}

#[test]
fn g13_it_is_taken_back_at_the_end_until_that_succeeds() {
    let mut world = world();
    let (number, run) = held(&mut world);
    world.tick();
    assert_eq!(trying(&world, run), None, "not while it is authorized");
    let until = world.state.authorizations[&number].until;
    world.now = until;
    world.tick();
    world.tick();
    // Unreachable, then unknown, then done; ever farther apart.
    let mut before = None;
    for outcome in [failed("not_started_target_unreachable"), Outcome::Unknown { reason: "lost".to_owned() }]
    {
        let attempt = trying(&world, run).expect("a try");
        assert_eq!(world.state.executions[&attempt].basis, Basis::TakeBack { of: run });
        end(&mut world, attempt, outcome);
        assert!(
            world.state.obligations.contains_key(&run),
            "it is open until the target says that it is gone"
        );
        world.tick();
        assert_eq!(trying(&world, run), None, "not at once");
        let due = next_due(&world.state).expect("it is due some time");
        let wait = due.since(world.now);
        assert!(before < Some(wait), "{before:?} {wait:?}");
        before = Some(wait);
        world.now = due;
        world.tick();
    }
    let attempt = trying(&world, run).expect("a third try");
    world.tick();
    assert_eq!(trying(&world, run), Some(attempt), "one at a time");
    end(&mut world, attempt, Outcome::Succeeded);
    assert_eq!(*world.last(), Body::ObligationSettled { execution: run, how: Settled::TakenBack });
    assert!(world.state.obligations.is_empty());
    world.pass(Span::from_hours(1));
    world.tick();
    assert!(world.state.executions.values().all(|execution| execution.unknown));
}

#[test]
fn g13_whatever_ends_the_authorization_ends_what_it_left() {
    type End = fn(&mut World, RequestNumber);
    let ends: [(&str, End); 5] = [
        ("given back", give_back),
        ("revoked", |world, number| {
            let command = Command::Revoke { number, comment: "enough".to_owned() };
            world.send(&world.session("bob"), &command).map(drop).unwrap();
        }),
        ("its person disabled", |world, _| {
            let rita = world.id("rita").to_string();
            world.execute("ada", "Countersign\\Disable-User", json!({"Identity": rita})).map(drop).unwrap();
        }),
        ("everything stopped", |world, _| {
            world.execute("ada", "Countersign\\Stop-AllExecutions", json!({})).map(drop).unwrap();
        }),
        ("its task redefined", |world, _| {
            let plain = [task(DISK, &["Path"]), task("Host\\Restart", &["Unit"])];
            let text = serde_json::to_string(&plain).unwrap();
            let values = json!({"Workload": "Host", "Definitions": text});
            world.act("ada", "bob", "Import-TaskPack", values).map(drop).unwrap();
        }),
    ];
    for (how, over) in ends {
        let mut world = world();
        let (number, run) = held(&mut world);
        over(&mut world, number);
        world.tick();
        let attempt = trying(&world, run).unwrap_or_else(|| panic!("{how}: nothing is taken back"));
        assert!(
            world.state.obligations[&run].definition.take_back.is_some(),
            "{how}: by the definition of then"
        );
        end(&mut world, attempt, Outcome::Succeeded);
        assert!(world.state.obligations.is_empty(), "{how}");
    }
}

#[test]
fn g13_what_cannot_be_taken_back_is_an_alarm() {
    let mut world = world();
    let (number, run) = held(&mut world);
    give_back(&mut world, number);
    for tries in 1..=4 {
        world.tick();
        let attempt = trying(&world, run).expect("a try");
        end(&mut world, attempt, failed("not_started_target_unreachable"));
        let told = matches!(world.last(), Body::TakeBackOverdue { execution, tries: 4 } if *execution == run);
        assert_eq!(told, tries == 4, "{tries}");
        world.pass(Span::from_mins(5));
    }
}

#[test]
fn g13_nobody_stops_what_takes_power_back() {
    let mut world = world();
    let (number, run) = held(&mut world);
    give_back(&mut world, number);
    world.tick();
    let attempt = trying(&world, run).unwrap();
    let refusal = world.send(&world.session("rita"), &Command::Stop { execution: attempt }).unwrap_err();
    assert_eq!(refusal.code, Code::Forbidden, "least of all who has it");
    let identity = json!({"Identity": attempt.to_string()});
    assert_eq!(world.refused("ada", "Countersign\\Stop-Execution", identity), Code::Forbidden);
    world.execute("ada", "Countersign\\Stop-AllExecutions", json!({})).unwrap();
    assert_eq!(world.state.executions[&attempt].stopping, None);
    // Its time is its only bound; then it is tried again.
    world.now = world.state.executions[&attempt].deadline;
    world.tick();
    assert_eq!(world.state.executions[&attempt].stopping, Some(StopReason::Deadline));
    end(&mut world, attempt, Outcome::Stopped { why: StopReason::Deadline, confirmed: true });
    world.pass(Span::from_mins(5));
    world.tick();
    let attempt = trying(&world, run).expect("another try");
    end(&mut world, attempt, Outcome::Succeeded);
}

#[test]
fn g13_what_never_began_owes_nothing_and_what_failed_is_taken_back_at_once() {
    let mut world = world();
    world.granted(|_| {});
    let run = world.started("rita", DISK, disk());
    end(&mut world, run, failed("not_started_runner_absent"));
    assert_eq!(*world.last(), Body::ObligationSettled { execution: run, how: Settled::NothingDone });

    let run = world.started("rita", DISK, disk());
    end(&mut world, run, failed("exit"));
    world.tick();
    let attempt = trying(&world, run).expect("what it left, the authorization notwithstanding");
    end(&mut world, attempt, Outcome::Succeeded);

    // Of which nobody knows: not before the authorization's end, and then.
    let run = world.started("rita", DISK, disk());
    world.lost(run);
    world.tick();
    assert_eq!(trying(&world, run), None);
    let number = world.state.obligations[&run].number;
    give_back(&mut world, number);
    world.tick();
    let attempt = trying(&world, run).unwrap();
    end(&mut world, attempt, Outcome::Succeeded);
}

#[test]
fn g13_it_is_run_under_an_authorization_and_settled_by_hand_only_with_an_approval() {
    let mut world = World::prepared();
    world.import(&[lasting(), task("Host\\Restart", &["Unit"])]);
    world.run("ada", "Enable-ElevatedAccessControl", json!({"AdminGroup": "Approvers"}));
    let code = world.refused("rita", DISK, disk());
    assert_eq!(code, Code::AuthorizationRequired, "a role has no end");

    let mut world = self::world();
    let (number, run) = held(&mut world);
    give_back(&mut world, number);
    let values = json!({"Identity": run.to_string(), "Reason": "the server is scrapped"});
    let code = world.refused("ada", "Countersign\\Complete-TakeBack", values.clone());
    assert_eq!(code, Code::AuthorizationRequired, "it is control plane");
    world.act("ada", "bob", "Complete-TakeBack", values).unwrap();
    assert!(world.state.obligations.is_empty());
}
