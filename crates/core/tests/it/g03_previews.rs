//! G3's basis "preview" and G19: a preview shows a request to its requester and its approvers, and is never a way to run
//! its task, to see another's, or to fill the ledger.

use countersign_core::actor::{Principal, Scope};
use countersign_core::command::{Command, Less, Preview as Wanted};
use countersign_core::decide::Reply;
use countersign_core::event::Body;
use countersign_core::execution::{Basis, PreviewHow, StopReason};
use countersign_core::id::{ExecutionId, RequestNumber};
use countersign_core::parameter::{Binding, ConstraintForm, Given, ParameterKind, ParameterSpec};
use countersign_core::refusal::{Code, Refusal};
use countersign_core::task::{Definition, Preview, TaskDefinition};
use countersign_core::time::Span;
use countersign_ledger::hash::sha256;
use serde_json::{Value as Json, json};

use crate::world::{DISK, World, asking, bind, disk, task};

/// The disk task, shown like this; `Depth` may be anything, and no declared preview names it.
fn shown(preview: Option<Preview>) -> TaskDefinition {
    let mut shown = task(DISK, &["Path"]);
    let object = json!({"program": "/usr/bin/du", "arguments": ["Path", "Depth"]});
    let Json::Object(object) = object else { unreachable!() };
    shown.execution.definition = Definition::new(object).unwrap();
    let mut depth = ParameterSpec::new("Depth".parse().unwrap(), ParameterKind::text(9));
    depth.binding = Binding::Free;
    shown.parameters.push(depth);
    shown.preview = preview;
    shown
}

fn declared() -> Preview {
    let Json::Object(object) = json!({"program": "/bin/ls", "arguments": ["Path"]}) else { unreachable!() };
    Preview::Definition(Definition::new(object).unwrap())
}

/// As [`World::guarded`], with a preview of the disk task.
fn world(preview: Option<Preview>) -> World {
    let mut world = World::prepared();
    world.import(&[shown(preview), task("Host\\Restart", &["Unit"])]);
    world.run("ada", "New-Group", json!({"Name": "Deciders", "Mail": "deciders@fabrikam.example"}));
    world.join("Deciders", &["bob", "cyd"]);
    let terms = json!({"Task": DISK, "ApproverGroup": "Deciders", "MaximumUses": 2});
    world.run("ada", "New-ElevatedAccessApprovalPolicy", terms);
    world.run("ada", "Enable-ElevatedAccessControl", json!({"AdminGroup": "Approvers"}));
    world
}

fn pending(world: &mut World) -> RequestNumber {
    world.ask("rita", asking(DISK, &bind(&disk()))).unwrap()
}

fn command(world: &World, number: RequestNumber, values: Json) -> Command {
    let Json::Object(values) = values else { panic!("values are an object") };
    let statement = world.statement(number);
    Command::Preview(Wanted { number, statement, values: Given::read(values).unwrap() })
}

fn preview(world: &mut World, name: &str, number: RequestNumber) -> Result<ExecutionId, Refusal> {
    let command = command(world, number, json!({}));
    started(world.send(&world.session(name), &command))
}

fn started(reply: Result<Reply, Refusal>) -> Result<ExecutionId, Refusal> {
    match reply? {
        Reply::Started { execution, .. } => Ok(execution),
        other => panic!("{other:?}"),
    }
}

fn refused(world: &mut World, name: &str, number: RequestNumber) -> Code {
    preview(world, name, number).expect_err("it is refused").code
}

fn how(world: &World, execution: ExecutionId) -> PreviewHow {
    match &world.state.executions[&execution].basis {
        Basis::Preview { how, .. } => *how,
        other => panic!("{other:?}"),
    }
}

#[test]
fn g3_a_preview_is_for_the_requester_and_the_approvers_of_that_request() {
    let mut world = world(Some(declared()));
    let number = pending(&mut world);
    for name in ["rita", "bob", "cyd"] {
        let execution =
            preview(&mut world, name, number).unwrap_or_else(|refusal| panic!("{name}: {refusal}"));
        assert_eq!(how(&world, execution), PreviewHow::Declared, "{name}");
        let live = &world.state.executions[&execution];
        assert!(live.deadline <= world.now.plus(Span::from_secs(60)), "its own limits");
        world.finish(execution);
    }
    // Neither an administrator, nor an approver of something else, nor whoever has nothing to do with it.
    for name in ["ada", "sam"] {
        assert_eq!(refused(&mut world, name, number), Code::NotFound, "{name}");
    }
    assert_eq!(refused(&mut world, "rita", RequestNumber::new(99)), Code::NotFound);
    // Approved, it goes on; it takes no use and no slot.
    world.approve("bob", number).unwrap();
    let shown = preview(&mut world, "rita", number).unwrap();
    let run = world.started("rita", DISK, disk());
    assert_eq!(world.state.authorizations[&number].used, 1);
    world.finish(shown);
    world.finish(run);
}

#[test]
fn g3_a_preview_is_no_way_to_run_the_task() {
    let mut none = world(None);
    let number = pending(&mut none);
    assert_eq!(refused(&mut none, "rita", number), Code::PreviewNotPossible);

    // Running and rolling back is for who may run it now, with all that a run needs.
    let mut world = world(Some(Preview::Rollback));
    let mut submit = asking(DISK, &bind(&disk()));
    submit.constraints = [
        ("Path".parse().unwrap(), ConstraintForm::Equals(json!("/var"))),
        ("Depth".parse().unwrap(), ConstraintForm::Absent),
    ]
    .into_iter()
    .collect();
    submit.uses = Some(1);
    let number = world.ask("rita", submit).unwrap();
    let execution = preview(&mut world, "rita", number).unwrap();
    assert_eq!(how(&world, execution), PreviewHow::Plan, "before it is approved");
    world.finish(execution);
    let given = command(&world, number, json!({"Path": "/etc"}));
    let refusal = world.send(&world.session("rita"), &given).unwrap_err();
    assert_eq!(refusal.code, Code::ParameterNotApproved, "a requester's own values, before an approval");
    world.approve("bob", number).unwrap();
    let execution = preview(&mut world, "cyd", number).unwrap();
    assert_eq!(how(&world, execution), PreviewHow::Plan, "an approver runs nothing");
    world.finish(execution);
    let execution = preview(&mut world, "rita", number).unwrap();
    assert_eq!(how(&world, execution), PreviewHow::Rollback);
    world.finish(execution);
    for (values, code) in [
        (json!({"Path": "/etc"}), Code::ParameterNotApproved),
        (json!({"Path": "/var", "Depth": "1"}), Code::ParameterNotApproved),
        (json!({"Other": "x"}), Code::ParameterInvalid),
    ] {
        let given = command(&world, number, values.clone());
        assert_eq!(world.send(&world.session("rita"), &given).unwrap_err().code, code, "{values}");
    }
    let run = world.started("rita", DISK, disk());
    assert_eq!(
        refused(&mut world, "rita", number),
        Code::UsesExhausted,
        "no more runs, no more rolling back"
    );
    world.finish(run);
}

#[test]
fn g3_what_may_be_anything_cannot_be_shown() {
    // The plan would use `Depth`; the declared look does not.
    let mut plan = world(Some(Preview::Plan));
    let number = pending(&mut plan);
    let refusal = preview(&mut plan, "bob", number).unwrap_err();
    assert_eq!(refusal.code, Code::PreviewNotPossible);
    assert!(refusal.message.contains("`Depth`") && !refusal.message.contains("`Path`"), "{refusal}");
    // Who may run it says with what.
    plan.approve("bob", number).unwrap();
    let given = command(&plan, number, json!({"Path": "/var", "Depth": "3"}));
    let execution = started(plan.send(&plan.session("rita"), &given)).unwrap();
    plan.finish(execution);
    let refusal = plan.send(&plan.session("cyd"), &given).unwrap_err();
    assert_eq!(refusal.code, Code::ParameterNotApproved, "an approver gives no values");

    let mut declared = world(Some(declared()));
    let number = pending(&mut declared);
    let execution = preview(&mut declared, "bob", number).unwrap();
    let Body::ExecutionStarted { values, .. } = declared.last() else { panic!("{:?}", declared.last()) };
    let values: Json = serde_json::from_slice(&declared.sealed[&values.commitment()].value).unwrap();
    assert_eq!(values, json!({"Path": "/var"}));
    declared.finish(execution);
    let prefix = [("Path", ConstraintForm::Prefix("/var/".to_owned()))];
    let number = declared.ask("rita", asking(DISK, &prefix)).unwrap();
    assert_eq!(refused(&mut declared, "rita", number), Code::PreviewNotPossible);
}

#[test]
fn g3_a_stale_digest_an_ended_request_a_token_and_a_disabled_person_see_nothing() {
    let mut world = world(Some(declared()));
    let number = pending(&mut world);
    let stale = Command::Preview(Wanted { number, statement: sha256(b"another"), values: Given::default() });
    let refusal = world.send(&world.session("rita"), &stale).unwrap_err();
    assert_eq!(refusal.code, Code::StatementChanged);

    let token = world.token("rita", &[Scope::Execute, Scope::Request, Scope::Read]);
    let asked = command(&world, number, json!({}));
    for principal in [token, Principal::host(), Principal::system()] {
        let code = world.send(&principal, &asked).unwrap_err().code;
        assert!(matches!(code, Code::TokenNotAllowed | Code::Forbidden), "{principal:?}: {code}");
    }

    // Narrowed while it is being made: what is shown is no longer what is asked.
    let execution = preview(&mut world, "rita", number).unwrap();
    let before = command(&world, number, json!({}));
    let less = Less { uses: Some(1), ..Less::default() };
    world.approve_less("bob", number, Some(less)).unwrap();
    assert_eq!(world.state.executions[&execution].stopping, Some(StopReason::Revoked));
    world.finish(execution);
    assert_eq!(world.send(&world.session("rita"), &before).unwrap_err().code, Code::StatementChanged);

    // Over is over, and what was being made stops.
    let denied = pending(&mut world);
    let execution = preview(&mut world, "bob", denied).unwrap();
    let asked = command(&world, denied, json!({}));
    world.deny("cyd", denied).unwrap();
    assert_eq!(world.state.executions[&execution].stopping, Some(StopReason::Revoked));
    world.finish(execution);
    assert_eq!(world.send(&world.session("rita"), &asked).unwrap_err().code, Code::NotFound);

    let late = pending(&mut world);
    let expires = world.state.requests[&late].expires;
    world.now = expires;
    assert_eq!(refused(&mut world, "rita", late), Code::AlreadyFinal, "before any timer says so");

    // An approver who leaves sees no more, in the middle of it.
    world.tick();
    let number = pending(&mut world);
    let execution = preview(&mut world, "cyd", number).unwrap();
    let cyd = world.id("cyd").to_string();
    world.execute("ada", "Countersign\\Disable-User", json!({"Identity": cyd})).unwrap();
    assert_eq!(world.state.executions[&execution].stopping, Some(StopReason::PersonDisabled));
    world.finish(execution);
    assert_eq!(refused(&mut world, "cyd", number), Code::PersonDisabled);
}

#[test]
fn g22_previews_are_few() {
    let mut world = world(Some(declared()));
    let number = pending(&mut world);
    let first = preview(&mut world, "rita", number).unwrap();
    assert_eq!(refused(&mut world, "bob", number), Code::AlreadyRunning, "one at a time of a request");
    world.finish(first);
    for _ in 1..60 {
        let execution = preview(&mut world, "rita", number).unwrap();
        world.finish(execution);
    }
    assert_eq!(refused(&mut world, "rita", number), Code::RateLimited);
    let execution = preview(&mut world, "bob", number).expect("another's budget is their own");
    world.finish(execution);
    world.pass(Span::from_hours(1));
    let execution = preview(&mut world, "rita", number).unwrap();
    world.finish(execution);

    // Few at once in all, so that what was approved finds the runner free.
    let numbers: Vec<_> = (0..17).map(|_| pending(&mut world)).collect();
    let mut running = Vec::new();
    for number in &numbers[..16] {
        running.push(preview(&mut world, "bob", *number).unwrap());
    }
    assert_eq!(refused(&mut world, "bob", numbers[16]), Code::RateLimited);
    running.into_iter().for_each(|execution| world.finish(execution));
}

#[test]
fn g7_a_redefined_task_is_not_shown() {
    let mut world = world(Some(declared()));
    let number = pending(&mut world);
    let mut changed = shown(Some(declared()));
    changed.limits.max_output = 7;
    let definitions = serde_json::to_string(&[changed, task("Host\\Restart", &["Unit"])]).unwrap();
    let asked = command(&world, number, json!({}));
    world
        .act("ada", "bob", "Import-TaskPack", json!({"Workload": "Host", "Definitions": definitions}))
        .unwrap();
    assert_eq!(world.send(&world.session("rita"), &asked).unwrap_err().code, Code::NotFound);
}
