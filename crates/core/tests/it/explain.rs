//! Who could run a task, and through what: exactly what the gate and a request would say.

use countersign_core::explain::{Way, who_could};
use serde_json::json;

use crate::world::{World, task};

const WIPE: &str = "Host\\Wipe";

/// Everybody's ways to a task that rita and the exempt `svc` hold by a role.
fn ways(arbitrary: bool, policy: Option<serde_json::Value>) -> Vec<(String, Vec<&'static str>)> {
    let mut world = World::prepared();
    let mut wipe = task(WIPE, &["Path"]);
    wipe.arbitrary_code = arbitrary;
    world.import(&[wipe]);
    world.run("ada", "New-ManagementRole", json!({"Name": "Host\\Wiper", "Task": [WIPE]}));
    world.run("ada", "New-RoleGroup", json!({"Name": "Host\\Wipers", "Role": ["Host\\Wiper"]}));
    let made = world.run(
        "ada",
        "New-ServiceAccount",
        json!({"UserPrincipalName": "svc@fabrikam.example", "DisplayName": "svc", "Owner": world.id("sam").to_string()}),
    );
    world.people.insert("svc".to_owned(), made["person"].parse().unwrap());
    let members = [world.id("rita").to_string(), world.id("svc").to_string()];
    world.run("ada", "Add-RoleGroupMember", json!({"Identity": "Host\\Wipers", "Member": members}));
    let svc = world.id("svc").to_string();
    world.run("ada", "Add-SystemAccount", json!({"Identity": svc, "Reason": "nightly", "Days": 9}));
    if let Some(policy) = policy {
        world.run("ada", "New-ElevatedAccessApprovalPolicy", policy);
    }
    world.run("ada", "Enable-ElevatedAccessControl", json!({"AdminGroup": "Approvers"}));
    let found = who_could(&world.state, &WIPE.parse().unwrap(), world.now);
    let name =
        |id| world.people.iter().find(|(_, known)| **known == id).map(|(name, _)| name.clone()).unwrap();
    let way = |way: &Way| match way {
        Way::SetUp => "set_up",
        Way::Role { .. } => "role",
        Way::Exemption { .. } => "exemption",
        Way::Request { .. } => "request",
    };
    let mut all: Vec<_> =
        found.people.iter().map(|(id, ways)| (name(*id), ways.iter().map(way).collect())).collect();
    all.sort();
    all
}

#[test]
fn no_role_and_no_exemption_is_a_way_to_arbitrary_code() {
    let one = |name: &str, way: &'static str| (name.to_owned(), vec![way]);
    let strong = json!({"Task": WIPE, "Approvers": 2, "MaximumUses": 1, "BindParameters": ["Path"]});
    let by_role = json!({"Role": "Host\\Wiper"});
    assert_eq!(ways(false, None), [one("rita", "role"), one("svc", "role")]);
    assert_eq!(ways(true, None), []);
    assert_eq!(ways(true, Some(strong)), [one("rita", "request")]);
    let mut usual = ways(false, Some(by_role.clone()));
    usual.iter_mut().for_each(|(_, ways)| ways.dedup());
    assert_eq!(usual, [one("rita", "request"), one("svc", "exemption")]);
    assert_eq!(ways(true, Some(by_role)), []);
}

#[test]
fn while_setting_up_only_the_first_administrator_could_and_only_countersigns_own() {
    let mut world = World::prepared();
    world.import(&[task(WIPE, &["Path"])]);
    let own = who_could(&world.state, &"Countersign\\New-Group".parse().unwrap(), world.now);
    assert_eq!(own.people.into_iter().collect::<Vec<_>>(), [(world.id("ada"), vec![Way::SetUp])]);
    assert_eq!(own.together, Some(1));
    let target = who_could(&world.state, &WIPE.parse().unwrap(), world.now);
    assert!(target.people.is_empty() && target.together.is_none());
}
