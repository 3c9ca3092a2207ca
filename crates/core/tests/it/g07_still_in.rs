//! G7: an authorization for a role or role group opens what was in it at the request, as it was then, and has been in it
//! without a break.

use countersign_core::decide::Reply;
use countersign_core::policy::Target;
use countersign_core::refusal::Code;
use serde_json::{Value as Json, json};

use crate::world::{DISK, World, asking, disk, task};

const RESTART: &str = "Host\\Restart";
const ROLE: &str = "Host\\Operator";
const GROUP: &str = "Host\\Operators";

/// What an administrator does between approval and start, two people each time.
type Acts = &'static [fn(&World) -> (&'static str, Json)];

fn role(tasks: &[&str]) -> (&'static str, Json) {
    ("New-ManagementRole", json!({"Name": ROLE, "Task": tasks}))
}

fn group(roles: &[&str]) -> (&'static str, Json) {
    ("New-RoleGroup", json!({"Name": GROUP, "Role": roles}))
}

fn import(parameters: &[&str]) -> (&'static str, Json) {
    let text = serde_json::to_string(&[task(DISK, parameters)]).unwrap();
    ("Import-TaskPack", json!({"Workload": "Host", "Definitions": text}))
}

/// An authorization of rita's for this target, under a policy of its own.
fn granted(target: &Target) -> World {
    let mut world = World::prepared();
    world.run("ada", "New-ManagementRole", json!({"Name": "Host\\Other", "Task": [DISK]}));
    let policy = match target {
        Target::RoleGroup(_) => json!({"RoleGroup": GROUP, "Everyone": true}),
        _ => json!({"Role": ROLE, "Everyone": true}),
    };
    world.run("ada", "New-ElevatedAccessApprovalPolicy", policy);
    world.run("ada", "Enable-ElevatedAccessControl", json!({"AdminGroup": "Approvers"}));
    world.granted(|submit| {
        submit.target = target.clone();
        submit.constraints = Default::default();
    });
    world
}

#[test]
fn g07_what_left_and_came_back_is_not_what_was_asked_for() {
    let by_role = || Target::Role(ROLE.parse().unwrap());
    let by_group = || Target::RoleGroup(GROUP.parse().unwrap());
    let cases: [(&str, Target, Acts, Option<Code>); 12] = [
        ("nothing happened", by_role(), &[], None),
        ("the role is defined the same again", by_role(), &[|_| role(&[DISK, RESTART])], None),
        ("the role grew", by_role(), &[|_| role(&[DISK, RESTART, "Host\\Rotate"])], None),
        ("the task left the role", by_role(), &[|_| role(&[RESTART])], Some(Code::RoleRequired)),
        (
            "the task left the role and came back",
            by_role(),
            &[|_| role(&[RESTART]), |_| role(&[DISK, RESTART])],
            Some(Code::DefinitionChanged),
        ),
        (
            "the task was redefined and redefined back",
            by_role(),
            &[|_| import(&["Path", "More"]), |_| import(&["Path"])],
            Some(Code::DefinitionChanged),
        ),
        (
            "the task was removed and imported again",
            by_role(),
            &[|_| ("Remove-Task", json!({"Identity": DISK})), |_| import(&["Path"])],
            Some(Code::DefinitionChanged),
        ),
        ("the same definition again", by_role(), &[|_| import(&["Path"])], None),
        (
            "the task left the role group's role and came back",
            by_group(),
            &[|_| role(&[RESTART]), |_| role(&[DISK, RESTART])],
            Some(Code::DefinitionChanged),
        ),
        (
            "the role left the role group and came back",
            by_group(),
            &[|_| group(&["Host\\Other"]), |_| group(&[ROLE])],
            // It was in the group all along, by the other role.
            None,
        ),
        (
            "the role group had nothing of it for a while",
            by_group(),
            &[|_| role(&[RESTART]), |_| group(&[ROLE, "Host\\Other"])],
            Some(Code::DefinitionChanged),
        ),
        (
            "another role of the group held it meanwhile",
            by_group(),
            &[|_| group(&[ROLE, "Host\\Other"]), |_| role(&[RESTART]), |_| role(&[DISK, RESTART])],
            None,
        ),
    ];
    for (name, target, acts, expected) in cases {
        let mut world = granted(&target);
        world
            .act("ada", "bob", "Import-TaskPack", {
                let text = serde_json::to_string(&[task("Host\\Rotate", &[])]).unwrap();
                json!({"Workload": "Host", "Definitions": text})
            })
            .unwrap();
        for act in acts {
            let (task, values) = act(&world);
            world.act("ada", "bob", task, values).unwrap();
        }
        let run = world.execute("rita", DISK, disk());
        if let Ok(Reply::Started { execution, .. }) = run {
            world.finish(execution);
        }
        assert_eq!(run.err().map(|refusal| refusal.code), expected, "{name}");
        // The other task was in the role all along, and the role in its group except in one case.
        let left = name == "the role left the role group and came back";
        let run = world.execute("rita", RESTART, json!({"Unit": "cron"}));
        assert_eq!(run.err().map(|refusal| refusal.code), left.then_some(Code::DefinitionChanged), "{name}");
        // Asked for anew, it opens what is in it now.
        if world
            .state
            .catalog
            .role_for(&world.state.directory, &DISK.parse().unwrap(), world.id("rita"))
            .is_some()
        {
            let mut again = asking(DISK, &[]);
            again.target = target.clone();
            let number = world.ask("rita", again).unwrap();
            world.approve("bob", number).unwrap();
            if expected.is_some() {
                world.execute("rita", DISK, disk()).map_err(|refusal| format!("{name}: {refusal}")).unwrap();
            }
        }
    }
}

#[test]
fn g07_what_joined_later_is_not_opened_and_a_role_that_is_gone_opens_nothing() {
    let target = Target::Role(ROLE.parse().unwrap());
    let mut world = granted(&target);
    let number = *world.state.authorizations.keys().next().unwrap();
    let text = serde_json::to_string(&[task("Host\\Rotate", &[])]).unwrap();
    world.act("ada", "bob", "Import-TaskPack", json!({"Workload": "Host", "Definitions": text})).unwrap();
    let (task, values) = role(&[DISK, RESTART, "Host\\Rotate"]);
    world.act("ada", "bob", task, values).unwrap();
    assert_eq!(world.refused("rita", "Host\\Rotate", json!({})), Code::AuthorizationRequired);
    world.act("ada", "bob", "Remove-ManagementRole", json!({"Identity": ROLE})).unwrap();
    assert!(!world.state.authorizations.contains_key(&number), "it ended with the role");
    let (task, values) = role(&[DISK, RESTART]);
    world.act("ada", "bob", task, values).unwrap();
    assert!(world.execute("rita", DISK, disk()).is_err());
}
