//! An act tried before it is done does what the act then does, and a request of the past is judged as it would be today.

use countersign_core::command::{Command, Execute};
use countersign_core::decide::needs;
use countersign_core::facts::Facts;
use countersign_core::hindsight::{self, Verdict};
use countersign_core::id::RequestNumber;
use countersign_core::parameter::Given;
use countersign_core::refusal::{Code, Refusal};
use countersign_core::state::State;
use countersign_core::statement::Statement;
use countersign_core::time::Span;
use countersign_core::trial::{self, Trial};
use countersign_core::warnings;
use serde_json::{Value as Json, json};

use crate::world::{DISK, World, asking, bind, disk, task};

fn tried(world: &World, task: &str, values: Json) -> Result<Trial, Refusal> {
    let Json::Object(values) = values else { panic!("an object") };
    let execute = Execute {
        task: format!("Countersign\\{task}").parse().unwrap(),
        values: Given::read(values).unwrap(),
        cite: None,
        secret: None,
    };
    let principal = world.session("ada");
    assert!(needs(&world.state, &principal, &Command::Execute(execute.clone())).statements.is_empty());
    trial::act(&world.state, &Facts::default(), world.now, [7; 32], &principal, &execute)
}

fn asked(world: &World, number: RequestNumber) -> Statement {
    let digest = world.statement(number);
    Statement::from_bytes(&world.sealed[&digest].value, digest).unwrap()
}

fn shape(state: &State) -> (usize, usize, usize) {
    (state.policies.len(), state.requests.len(), state.authorizations.len())
}

#[test]
fn g14_what_a_trial_says_is_what_the_act_then_ends() {
    let tighter = || json!({"ApproverGroup": "Deciders", "Approvers": 2});
    let wider = || json!({"ApproverGroup": "Deciders"});
    for (terms, name, ends) in [(tighter(), "tightened", (1, 1)), (wider(), "the same", (0, 0))] {
        let mut world = World::guarded(json!({"ApproverGroup": "Deciders"}));
        world.granted(|_| {});
        world.ask("rita", asking(DISK, &bind(&disk()))).unwrap();
        let mut values = terms;
        values["Identity"] = json!(world.policy(DISK));
        let before = shape(&world.state);
        let trial = tried(&world, "Set-ElevatedAccessApprovalPolicy", values.clone()).unwrap();
        assert_eq!((trial.ends.authorizations.len(), trial.ends.requests.len()), ends, "{name}");
        assert_eq!(shape(&world.state), before, "{name}: a trial changes nothing");
        world.act("ada", "cyd", "Set-ElevatedAccessApprovalPolicy", values).unwrap();
        // The act's own authorization was used once, which leaves it dead but listed.
        assert_eq!(world.state.requests.len(), trial.after.requests.len(), "{name}");
        let covers = |state: &State| {
            let live = state.authorizations.values();
            live.filter(|live| live.asked.target.to_string() == DISK).count()
        };
        assert_eq!(covers(&world.state), covers(&trial.after), "{name}");
    }
}

#[test]
fn g21_disabling_says_beforehand_what_it_ends() {
    let mut world = World::guarded(json!({"ApproverGroup": "Deciders"}));
    let number = world.granted(|_| {});
    let trial = tried(&world, "Disable-ElevatedAccessControl", json!({})).unwrap();
    assert_eq!(trial.ends.authorizations.keys().collect::<Vec<_>>(), [&number]);
    let refused =
        tried(&world, "Enable-ElevatedAccessControl", json!({"AdminGroup": "Approvers"})).unwrap_err();
    assert_eq!(refused.code, Code::AlreadyInState, "what would be refused behind the gate is refused here");
}

#[test]
fn only_countersigns_own_tasks_are_tried() {
    let world = World::enabled();
    let execute = Execute {
        task: DISK.parse().unwrap(),
        values: Given::read(disk().as_object().unwrap().clone()).unwrap(),
        cite: None,
        secret: None,
    };
    let refused =
        trial::act(&world.state, &Facts::default(), world.now, [7; 32], &world.session("ada"), &execute);
    assert_eq!(refused.unwrap_err().code, Code::UnknownTask);
}

#[test]
fn a_past_request_is_judged_as_it_would_be_today() {
    type Case = (&'static str, Json, Verdict);
    let refused = |code| Verdict::Refused { code };
    let cases: Vec<Case> = vec![
        ("the same", json!({}), Verdict::Decided { people: 1 }),
        ("two must approve", json!({"Approvers": 2}), Verdict::Decided { people: 2 }),
        ("nobody must", json!({"ApprovalType": "Auto"}), Verdict::AtOnce),
        ("shorter", json!({"MaximumDurationHours": 1}), refused(Code::DurationOutOfRange)),
        ("longer", json!({"MaximumDurationHours": 9}), Verdict::Decided { people: 1 }),
        ("with a ticket", json!({"TicketPattern": "CHG-#+"}), refused(Code::TicketRequired)),
        ("others ask", json!({"RequesterGroup": "Deciders"}), refused(Code::NotEligibleToRequest)),
        ("everybody asks", json!({"Everyone": true}), Verdict::Decided { people: 1 }),
    ];
    for (name, mut change, expected) in cases {
        let mut world = World::guarded(json!({"ApproverGroup": "Deciders"}));
        let number = world.granted(|submit| submit.duration = Some(Span::from_hours(4)));
        let statement = asked(&world, number);
        assert_eq!(hindsight::judge(&world.state, &statement), Verdict::Decided { people: 1 }, "{name}: now");
        change["Identity"] = json!(world.policy(DISK));
        if change["ApprovalType"].is_null() {
            change["ApproverGroup"] = json!("Deciders");
        }
        let trial = tried(&world, "Set-ElevatedAccessApprovalPolicy", change).unwrap();
        assert_eq!(hindsight::judge(&trial.after, &statement), expected, "{name}");
    }
    let mut world = World::guarded(json!({"ApproverGroup": "Deciders"}));
    let number = world.granted(|_| {});
    let gone = json!({"Identity": world.policy(DISK)});
    let trial = tried(&world, "Remove-ElevatedAccessApprovalPolicy", gone).unwrap();
    assert_eq!(hindsight::judge(&trial.after, &asked(&world, number)), Verdict::NotNeeded);
}

#[test]
fn many_tasks_get_their_policies_in_one_act_or_none_does() {
    let mut world = World::prepared();
    world.import(&[
        task("Host\\Get-DiskUsage", &["Path"]),
        task("Host\\Restart", &["Unit"]),
        task("Host\\Stop", &["Unit"]),
    ]);
    let tasks = json!(["host\\get-diskusage", "Host\\Restart"]);
    let made = world.run(
        "ada",
        "New-ElevatedAccessApprovalPolicy",
        json!({"Tasks": tasks, "ApproverGroup": "Approvers"}),
    );
    assert_eq!(made["policies"].split(' ').count(), 2);
    assert!(!world.policy(DISK).is_empty(), "in the catalog's spelling");
    let some = json!({"Tasks": ["Host\\Stop", "Host\\Restart"], "ApproverGroup": "Approvers"});
    assert_eq!(
        world.refused("ada", "Countersign\\New-ElevatedAccessApprovalPolicy", some),
        Code::PolicyExists
    );
    assert_eq!(world.state.policies.len(), 2, "all or none");
    let twice = json!({"Tasks": ["Host\\Stop", "Host\\Stop"], "ApproverGroup": "Approvers"});
    assert_eq!(
        world.refused("ada", "Countersign\\New-ElevatedAccessApprovalPolicy", twice),
        Code::PolicyExists
    );
    let both = json!({"Task": "Host\\Stop", "Tasks": ["Host\\Stop"]});
    assert_eq!(
        world.refused("ada", "Countersign\\New-ElevatedAccessApprovalPolicy", both),
        Code::ParameterInvalid
    );
    let unknown = json!({"Tasks": ["Host\\Stop", "Host\\Nothing"], "ApproverGroup": "Approvers"});
    assert_eq!(
        world.refused("ada", "Countersign\\New-ElevatedAccessApprovalPolicy", unknown),
        Code::NotFound
    );
}

#[test]
fn g5_g10_what_is_to_be_said_of_a_policy() {
    let mut world = World::guarded(json!({"ApproverGroup": "Deciders", "Approvers": 2}));
    let of = |world: &World, name: &str| {
        let policy =
            world.state.policies.values().find(|policy| policy.terms.target.to_string() == name).unwrap();
        warnings::of(&world.state, &policy.terms)
    };
    assert!(of(&world, DISK).hangs_on_one && !of(&world, DISK).short, "two of two");
    world
        .act(
            "ada",
            "cyd",
            "Add-GroupMember",
            json!({"Identity": "Deciders", "Member": [world.id("sam").to_string()]}),
        )
        .unwrap();
    assert!(!of(&world, DISK).hangs_on_one, "two of three");
    let role = json!({"Role": "Host\\Operator", "ApproverGroup": "Deciders", "Approvers": 3});
    world.act("ada", "cyd", "New-ElevatedAccessApprovalPolicy", role).unwrap();
    let weaker: Vec<String> = of(&world, DISK).exceptions.iter().map(|it| it.than.to_string()).collect();
    assert_eq!(
        weaker,
        ["Host\\Operator"],
        "the task's own policy asks for less than the role's that it shadows"
    );
    assert!(of(&world, "Host\\Operator").exceptions.is_empty());
    assert!(of(&world, "Host\\Operator").hangs_on_one, "three of three");
    let leave = json!({"Identity": "Deciders", "Member": [world.id("bob").to_string()]});
    world.act("ada", "cyd", "Remove-GroupMember", leave).unwrap();
    assert!(of(&world, "Host\\Operator").short && !of(&world, "Host\\Operator").hangs_on_one);
}
