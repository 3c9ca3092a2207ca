//! G4, G5 and G7: who may ask, which policy governs, and what a role's authorization opens.

use countersign_core::execution::Basis;
use countersign_core::policy::Target;
use countersign_core::refusal::Code;
use serde_json::{Value as Json, json};

use crate::world::{DISK, World, asking, bind, disk, task};

const RESTART: &str = "Host\\Restart";
const ROLE: &str = "Host\\Operator";

fn unit() -> Json {
    json!({"Unit": "cron"})
}

/// A world whose policies these are.
fn with(policies: &[Json]) -> World {
    let mut world = World::prepared();
    world.run("ada", "New-ManagementRole", json!({"Name": "Host\\Helper", "Task": [DISK]}));
    world.run("ada", "New-RoleGroup", json!({"Name": "Host\\Helpers", "Role": ["Host\\Helper"]}));
    let rita = world.id("rita").to_string();
    world.run("ada", "Add-RoleGroupMember", json!({"Identity": "Host\\Helpers", "Member": [rita]}));
    for policy in policies {
        world.run("ada", "New-ElevatedAccessApprovalPolicy", policy.clone());
    }
    world.run("ada", "Enable-ElevatedAccessControl", json!({"AdminGroup": "Approvers"}));
    world
}

fn role(world: &mut World, name: &str, target: &str) -> Result<countersign_core::id::RequestNumber, Code> {
    let mut submit = asking(DISK, &[]);
    submit.target = Target::Role(target.parse().unwrap());
    world.ask(name, submit).map_err(|refusal| refusal.code)
}

#[test]
fn g4_the_ground_for_asking_is_the_requester_group_or_the_role_or_everyone_where_that_is_written() {
    for (terms, rita, sam, bob) in [
        (json!({}), true, false, false),
        (json!({"RequesterGroup": "Deciders"}), false, false, true),
        (json!({"Everyone": true}), true, true, true),
    ] {
        for (name, may) in [("rita", rita), ("sam", sam), ("bob", bob)] {
            let mut world = World::guarded(terms.clone());
            let asked = world.ask(name, asking(DISK, &bind(&disk())));
            assert_eq!(
                asked.err().map(|refusal| refusal.code),
                (!may).then_some(Code::NotEligibleToRequest),
                "{terms}: {name}"
            );
        }
    }
}

#[test]
fn g4_who_leaves_the_requester_group_before_the_approval_or_the_start_gets_nothing() {
    for approved_first in [false, true] {
        let mut world = World::guarded(json!({"RequesterGroup": "Deciders"}));
        let number = world.ask("bob", asking(DISK, &bind(&disk()))).unwrap();
        if approved_first {
            world.approve("cyd", number).unwrap();
        }
        let bob = world.id("bob").to_string();
        world
            .act("ada", "cyd", "Remove-GroupMember", json!({"Identity": "Deciders", "Member": [bob]}))
            .unwrap();
        assert!(
            !world.state.requests.contains_key(&number) && !world.state.authorizations.contains_key(&number)
        );
        world.act("ada", "cyd", "Add-GroupMember", json!({"Identity": "Deciders", "Member": [bob]})).unwrap();
        assert!(!world.state.authorizations.contains_key(&number), "coming back revives nothing");
        assert_eq!(world.refused("bob", DISK, disk()), Code::AuthorizationRequired);
    }
}

#[test]
fn g4_a_service_account_never_asks() {
    let mut world = World::guarded(json!({"Everyone": true}));
    let owner = world.id("sam").to_string();
    let made = world
        .act(
            "ada",
            "bob",
            "New-ServiceAccount",
            json!({"UserPrincipalName": "svc@fabrikam.example", "DisplayName": "svc", "Owner": owner}),
        )
        .unwrap();
    let countersign_core::decide::Reply::Ran { made, .. } = made else { panic!("{made:?}") };
    world.people.insert("svc".to_owned(), made["person"].parse().unwrap());
    assert_eq!(world.ask("svc", asking(DISK, &bind(&disk()))).unwrap_err().code, Code::NotEligibleToRequest);
}

#[test]
fn g5_task_before_role_before_role_group() {
    let task = json!({"Task": DISK, "ApprovalType": "Auto"});
    let role = json!({"Role": ROLE, "Approvers": 1});
    let group = json!({"RoleGroup": "Host\\Operators", "Approvers": 2});
    for (policies, governs) in [
        (vec![group.clone(), role.clone(), task.clone()], DISK),
        (vec![group.clone(), role.clone()], ROLE),
        (vec![group.clone()], "Host\\Operators"),
        (vec![group.clone(), task.clone()], DISK),
    ] {
        let mut world = with(&policies);
        let number = world.ask("rita", asking(DISK, &bind(&disk()))).unwrap();
        let policy = world
            .state
            .requests
            .get(&number)
            .map(|request| request.asked.policy)
            .or_else(|| world.state.authorizations.get(&number).map(|live| live.asked.policy));
        assert_eq!(policy.unwrap().to_string(), world.policy(governs));
    }
}

#[test]
fn g5_one_policy_per_exact_target_whatever_the_case_of_its_name() {
    let mut world = with(&[json!({"Task": DISK})]);
    for spelling in [DISK, "HOST\\get-diskusage"] {
        let again = world.act("ada", "bob", "New-ElevatedAccessApprovalPolicy", json!({"Task": spelling}));
        assert_eq!(again.unwrap_err().code, Code::PolicyExists, "{spelling}");
    }
}

#[test]
fn g5_between_roles_of_equal_rank_the_request_names_one_and_only_one_that_leads_there() {
    let policies =
        [json!({"Role": ROLE, "Approvers": 2}), json!({"Role": "Host\\Helper", "ApprovalType": "Auto"})];
    for (named, expected) in [
        (None, Err(Code::InvalidInput)),
        (Some(ROLE), Ok(ROLE)),
        (Some("Host\\Helper"), Ok("Host\\Helper")),
        (Some("Host\\Nowhere"), Err(Code::InvalidInput)),
    ] {
        let mut world = with(&policies);
        let mut submit = asking(DISK, &bind(&disk()));
        submit.role = named.map(|role| role.parse().unwrap());
        let asked = world.ask("rita", submit).map_err(|refusal| refusal.code);
        let governed = asked.map(|number| {
            let pending = world.state.requests.get(&number).map(|request| request.asked.policy);
            pending.unwrap_or_else(|| world.state.authorizations[&number].asked.policy).to_string()
        });
        assert_eq!(governed, expected.map(|target| world.policy(target)), "{named:?}");
    }
}

#[test]
fn g5_naming_a_role_never_reaches_past_the_tasks_own_policy() {
    let mut world = with(&[
        json!({"Task": DISK, "Approvers": 2}),
        json!({"Role": "Host\\Helper", "ApprovalType": "Auto"}),
    ]);
    let mut submit = asking(DISK, &bind(&disk()));
    submit.role = Some("Host\\Helper".parse().unwrap());
    let number = world.ask("rita", submit).unwrap();
    assert!(world.state.requests.contains_key(&number), "not granted by the role's Auto policy");
    assert_eq!(
        role(&mut world, "rita", "Host\\Helper"),
        Err(Code::NotCovered),
        "the role opens no task at all"
    );
}

#[test]
fn g5_a_policy_that_comes_to_govern_ends_what_another_granted_also_the_pending() {
    for made in [json!({"Task": DISK}), json!({"Task": DISK, "ApprovalType": "Auto"})] {
        let mut world = with(&[json!({"Role": ROLE})]);
        let live = world.ask("rita", asking(DISK, &bind(&disk()))).unwrap();
        world.approve("bob", live).unwrap();
        let pending = world.ask("rita", asking(DISK, &bind(&disk()))).unwrap();
        let other = world.ask("rita", asking(RESTART, &bind(&unit()))).unwrap();
        world.act("ada", "bob", "New-ElevatedAccessApprovalPolicy", made.clone()).unwrap();
        assert!(!world.state.authorizations.contains_key(&live), "{made}");
        assert!(!world.state.requests.contains_key(&pending), "{made}");
        assert!(world.state.requests.contains_key(&other), "another task is no concern of it");
    }
}

#[test]
fn g5_a_removed_policy_leaves_the_next_one_to_govern_and_its_grants_dead() {
    let mut world = with(&[json!({"Task": DISK, "ApprovalType": "Auto"}), json!({"Role": ROLE})]);
    let number = world.ask("rita", asking(DISK, &bind(&disk()))).unwrap();
    let policy = world.policy(DISK);
    world.act("ada", "bob", "Remove-ElevatedAccessApprovalPolicy", json!({"Identity": policy})).unwrap();
    assert!(!world.state.authorizations.contains_key(&number));
    assert_eq!(
        world.refused("rita", DISK, disk()),
        Code::AuthorizationRequired,
        "the role's policy protects it now"
    );
    // Made again word for word, it is another policy and revives nothing.
    world
        .act("ada", "bob", "New-ElevatedAccessApprovalPolicy", json!({"Task": DISK, "ApprovalType": "Auto"}))
        .unwrap();
    assert_eq!(world.refused("rita", DISK, disk()), Code::AuthorizationRequired);
}

#[test]
fn g7_a_roles_authorization_covers_what_was_in_it_then_and_still_is() {
    let mut world = with(&[json!({"Role": ROLE})]);
    let number = role(&mut world, "rita", ROLE).unwrap();
    world.approve("bob", number).unwrap();
    let define = |tasks: &[&str]| json!({"Name": ROLE, "Task": tasks});
    let text = serde_json::to_string(&[task("Host\\Wipe", &["Path"])]).unwrap();
    world.act("ada", "bob", "Import-TaskPack", json!({"Workload": "Host", "Definitions": text})).unwrap();
    world.act("ada", "bob", "New-ManagementRole", define(&[DISK, RESTART, "Host\\Wipe"])).unwrap();
    assert!(world.state.authorizations.contains_key(&number));
    assert_eq!(
        world.refused("rita", "Host\\Wipe", disk()),
        Code::AuthorizationRequired,
        "it was not in the role then"
    );
    world.act("ada", "bob", "New-ManagementRole", define(&[RESTART])).unwrap();
    let run = world.started("rita", DISK, disk());
    let basis = world.state.executions[&run].basis.clone();
    assert!(
        matches!(basis, Basis::Role { .. }),
        "it is not in the role now, and no policy is left that covers it"
    );
    let run = world.started("rita", RESTART, unit());
    world.finish(run);
    // One task redefined: no longer covered; the others still are.
    let mut changed = task(RESTART, &["Unit"]);
    changed.run_to_end = true;
    let text = serde_json::to_string(&[changed]).unwrap();
    world.act("ada", "bob", "New-ManagementRole", define(&[DISK, RESTART])).unwrap();
    world.act("ada", "bob", "Import-TaskPack", json!({"Workload": "Host", "Definitions": text})).unwrap();
    assert_eq!(world.refused("rita", RESTART, unit()), Code::DefinitionChanged);
    // What left the role and came back is not what was asked for.
    assert_eq!(world.refused("rita", DISK, disk()), Code::DefinitionChanged);
    assert!(world.state.authorizations.contains_key(&number));
}

#[test]
fn g7_a_pending_request_for_a_redefined_or_removed_task_ends() {
    for (act, values) in [
        (
            "Import-TaskPack",
            json!({"Workload": "Host", "Definitions": serde_json::to_string(&[task(DISK, &["Path", "More"])]).unwrap()}),
        ),
        ("Remove-Task", json!({"Identity": "host\\get-diskusage"})),
    ] {
        let mut world = World::guarded(json!({}));
        let number = world.ask("rita", asking(DISK, &bind(&disk()))).unwrap();
        world.act("ada", "bob", act, values).unwrap();
        assert!(!world.state.requests.contains_key(&number), "{act}");
    }
}

#[test]
fn g7_the_control_plane_and_arbitrary_code_are_never_opened_by_a_role() {
    let mut world = World::prepared();
    let mut shell = task("Host\\Shell", &["Command"]);
    shell.arbitrary_code = true;
    world.import(&[shell]);
    world.run("ada", "New-ManagementRole", json!({"Name": ROLE, "Task": [DISK, "Host\\Shell"]}));
    world.run("ada", "New-ElevatedAccessApprovalPolicy", json!({"Role": ROLE}));
    world.run("ada", "Enable-ElevatedAccessControl", json!({"AdminGroup": "Approvers"}));
    let number = role(&mut world, "rita", ROLE).unwrap();
    world.approve("bob", number).unwrap();
    world.started("rita", DISK, disk());
    assert!(world.execute("rita", "Host\\Shell", json!({"Command": "id"})).is_err());
}
