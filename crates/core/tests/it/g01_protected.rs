//! G1 to G3: what is protected, what a role suffices for, and what an authorization alone opens.

use countersign_core::execution::Basis;
use countersign_core::gate::is_protected;
use countersign_core::refusal::Code;
use countersign_core::time::Span;
use serde_json::json;

use crate::world::{DISK, World, asking, bind, disk};

const RESTART: &str = "Host\\Restart";

#[test]
fn g1_a_policy_of_each_type_protects_and_an_uncovered_task_does_as_the_organization_chose() {
    for (policy, disk_is, restart_is) in [
        (None, false, false),
        (Some(json!({"Task": DISK})), true, false),
        (Some(json!({"Task": "host\\GET-diskusage"})), true, false),
        (Some(json!({"Role": "Host\\Operator"})), true, true),
        (Some(json!({"RoleGroup": "Host\\Operators"})), true, true),
    ] {
        let mut world = World::prepared();
        if let Some(policy) = policy.clone() {
            world.run("ada", "New-ElevatedAccessApprovalPolicy", policy);
        }
        world.run("ada", "Enable-ElevatedAccessControl", json!({"AdminGroup": "Approvers"}));
        for (task, expected) in [(DISK, disk_is), (RESTART, restart_is)] {
            assert_eq!(
                is_protected(&world.state, &task.parse().unwrap(), world.now),
                expected,
                "{policy:?}: {task}"
            );
        }
        let started = world.execute("rita", DISK, disk());
        assert_eq!(started.err().map(|refusal| refusal.code), disk_is.then_some(Code::AuthorizationRequired));
    }
}

#[test]
fn g1_default_approvers_decide_on_what_no_policy_covers_but_not_on_countersigns_reading_tasks() {
    let mut world = World::enabled();
    world
        .act("ada", "bob", "Set-OrganizationConfig", json!({"UnprotectedTasks": "DefaultApproversDecide"}))
        .unwrap();
    assert_eq!(world.refused("rita", DISK, disk()), Code::AuthorizationRequired);
    let number = world.ask("rita", asking(DISK, &bind(&disk()))).unwrap();
    world.approve("cyd", number).unwrap();
    let run = world.started("rita", DISK, disk());
    assert_eq!(world.state.executions[&run].basis, Basis::Authorization { number });
    world.execute("ada", "Countersign\\Get-OrganizationConfig", json!({})).unwrap();
    // Back again: what the built-in policy granted ends, and the role suffices.
    world.act("ada", "bob", "Set-OrganizationConfig", json!({"UnprotectedTasks": "RoleHoldersRun"})).unwrap();
    assert!(!world.state.authorizations.contains_key(&number));
}

#[test]
fn g2_a_role_is_held_through_a_role_group_directly_or_through_a_nested_group_and_no_longer_than_that() {
    let mut world = World::enabled();
    assert_eq!(world.refused("sam", DISK, disk()), Code::RoleRequired);
    for (name, inner) in [("Inner", None), ("Outer", Some("Inner"))] {
        world.act("ada", "bob", "New-Group", json!({"Name": name, "Mail": "g@fabrikam.example"})).unwrap();
        if let Some(inner) = inner {
            world.act("ada", "bob", "Add-GroupMember", json!({"Identity": name, "Member": [inner]})).unwrap();
        }
    }
    world
        .act("ada", "bob", "Add-RoleGroupMember", json!({"Identity": "Host\\Operators", "Member": ["Outer"]}))
        .unwrap();
    assert_eq!(world.refused("sam", DISK, disk()), Code::RoleRequired);
    let sam = world.id("sam").to_string();
    world.act("ada", "bob", "Add-GroupMember", json!({"Identity": "Inner", "Member": [sam]})).unwrap();
    let run = world.started("sam", DISK, disk());
    assert_eq!(world.state.executions[&run].basis, Basis::Role { role: "Host\\Operator".parse().unwrap() });
    world.act("ada", "bob", "Remove-GroupMember", json!({"Identity": "Outer", "Member": ["Inner"]})).unwrap();
    assert_eq!(world.refused("sam", DISK, disk()), Code::RoleRequired);
    assert!(world.state.executions[&run].stopping.is_some(), "its ground is gone");
}

#[test]
fn g3_an_authorization_is_this_persons_and_suffices_without_a_role() {
    let mut world = World::guarded(json!({"ApproverGroup": "Deciders", "Everyone": true}));
    let number = world.ask("sam", asking(DISK, &bind(&disk()))).unwrap();
    world.approve("bob", number).unwrap();
    let run = world.started("sam", DISK, disk());
    world.finish(run);
    assert_eq!(world.refused("rita", DISK, disk()), Code::AuthorizationRequired, "it is sam's, not rita's");
    let mut cited = crate::world::execution(DISK, disk());
    if let countersign_core::command::Command::Execute(execute) = &mut cited {
        execute.cite = Some(number);
    }
    let refusal = world.send(&world.session("rita"), &cited).unwrap_err();
    assert_eq!(refusal.code, Code::AuthorizationRequired, "naming another's number opens nothing");
    world.pass(Span::from_hours(4));
    assert_eq!(world.refused("sam", DISK, disk()), Code::AuthorizationEnded);
}

#[test]
fn g3_a_disabled_person_starts_nothing_by_any_ground() {
    let mut world = World::guarded(json!({"ApproverGroup": "Deciders"}));
    world.granted(|_| {});
    let rita = world.id("rita").to_string();
    world.execute("ada", "Countersign\\Disable-User", json!({"Identity": rita})).unwrap();
    assert_eq!(world.refused("rita", DISK, disk()), Code::PersonDisabled);
    assert_eq!(world.refused("rita", RESTART, json!({"Unit": "cron"})), Code::PersonDisabled);
    world.act("ada", "bob", "Enable-User", json!({"Identity": rita})).unwrap();
    assert_eq!(world.refused("rita", DISK, disk()), Code::AuthorizationRequired, "nothing comes back");
    world.started("rita", RESTART, json!({"Unit": "cron"}));
}
