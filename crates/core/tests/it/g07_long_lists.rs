//! G7 and G22 for roles and role groups of many tasks: what they open is a list beside the ledger, of any length up to the
//! bound, and without the list nothing is open.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use countersign_core::catalog::{Role, Task};
use countersign_core::covers::{Lists, TaskList};
use countersign_core::event::Body;
use countersign_core::id::RequestNumber;
use countersign_core::name::TaskName;
use countersign_core::policy::Target;
use countersign_core::refusal::Code;
use countersign_core::request::MOST_COVERED;
use serde_json::{Value as Json, json};

use crate::world::{DISK, World, asking, task};

const GROUP: &str = "Host\\Everything";

fn name(index: usize) -> String {
    format!("Host\\Task-{index:05}")
}

fn target() -> Target {
    Target::RoleGroup(GROUP.parse().unwrap())
}

/// People, and tasks in roles of at most four hundred, all in one role group that somebody has to approve.
fn world(count: usize) -> World {
    let mut world = World::set_up();
    for person in ["bob", "cyd", "rita", "sam"] {
        world.person(person);
    }
    world.run("ada", "New-Group", json!({"Name": "Approvers", "Mail": "a@fabrikam.example"}));
    world.join("Approvers", &["ada", "bob", "cyd"]);
    let names: Vec<String> = (0..count).map(name).collect();
    for some in names.chunks(50) {
        let tasks: Vec<_> = some.iter().map(|name| task(name, &["Path"])).collect();
        world.import(&tasks);
    }
    let mut roles = Vec::new();
    for (index, some) in names.chunks(400).enumerate() {
        roles.push(format!("Host\\Part-{index}"));
        world.run("ada", "New-ManagementRole", json!({"Name": roles[index], "Task": some}));
    }
    world.run("ada", "New-RoleGroup", json!({"Name": GROUP, "Role": roles}));
    world.run("ada", "New-ElevatedAccessApprovalPolicy", json!({"RoleGroup": GROUP, "Everyone": true}));
    world.run("ada", "Enable-ElevatedAccessControl", json!({"AdminGroup": "Approvers"}));
    world
}

fn granted(world: &mut World, who: &str, target: Target) -> RequestNumber {
    let mut submit = asking(DISK, &[]);
    submit.target = target;
    let number = world.ask(who, submit).unwrap();
    world.approve("bob", number).unwrap();
    number
}

fn path() -> Json {
    json!({"Path": "/var"})
}

fn runs(world: &mut World, who: &str, index: usize) -> Result<(), Code> {
    match world.execute(who, &name(index), path()) {
        Ok(countersign_core::decide::Reply::Started { execution, .. }) => {
            world.finish(execution);
            Ok(())
        }
        Ok(other) => panic!("{other:?}"),
        Err(refusal) => Err(refusal.code),
    }
}

/// What a node does when it starts: it reads what is cited from beside the ledger.
fn read_again(world: &mut World) {
    world.state.lists = Lists::default();
    for list in world.state.lists_to_read() {
        let kept = world.sealed.get(&list).map(|value| TaskList::from_bytes(&value.value, list));
        if let Some(Ok(list)) = kept {
            world.state.lists.keep(list);
        }
    }
}

#[test]
fn g07_a_long_list_covers_like_a_short_one() {
    for count in [401, 1_000] {
        let mut world = world(count);
        let number = granted(&mut world, "rita", target());
        let cited = world.state.authorizations[&number].asked.covers;
        assert_eq!((cited.tasks as usize, cited.role_version), (count, None));
        for index in [0, count / 2, count - 1] {
            assert_eq!(runs(&mut world, "rita", index), Ok(()), "{count}: {index}");
        }
        let text = serde_json::to_string(&[task(&name(3), &["Path", "More"])]).unwrap();
        world.act("ada", "bob", "Import-TaskPack", json!({"Workload": "Host", "Definitions": text})).unwrap();
        let both = json!({"Path": "/var", "More": "x"});
        assert_eq!(world.refused("rita", &name(3), both), Code::DefinitionChanged, "{count}");
        // One task leaves its role, and comes back.
        let all: Vec<String> = (0..400).map(name).collect();
        for tasks in [&all[..399], &all[..]] {
            let values = json!({"Name": "Host\\Part-0", "Task": tasks});
            world.act("ada", "bob", "New-ManagementRole", values).unwrap();
        }
        assert_eq!(runs(&mut world, "rita", 399), Err(Code::DefinitionChanged), "{count}");
        assert_eq!(runs(&mut world, "rita", 398), Ok(()), "{count}");
        // One gets a policy of its own.
        let values = json!({"Task": name(7)});
        world.act("ada", "bob", "New-ElevatedAccessApprovalPolicy", values).unwrap();
        assert_eq!(runs(&mut world, "rita", 7), Err(Code::GovernedByOtherPolicy), "{count}");
        // One that came later is not in it, and opens with the next request.
        world.import_more(&name(count));
        let part = json!({"Name": "Host\\Later", "Task": [name(count)]});
        world.act("ada", "bob", "New-ManagementRole", part).unwrap();
        let parts = (0..count.div_ceil(400)).map(|index| format!("Host\\Part-{index}"));
        let parts: Vec<String> = parts.chain(["Host\\Later".to_owned()]).collect();
        world.act("ada", "bob", "New-RoleGroup", json!({"Name": GROUP, "Role": parts})).unwrap();
        assert_eq!(runs(&mut world, "rita", count), Err(Code::AuthorizationRequired), "{count}");
        let again = granted(&mut world, "sam", target());
        assert_eq!(runs(&mut world, "sam", count), Ok(()), "{count}");
        // Ended, it opens nothing, and its list is let go.
        let comment = "enough".to_owned();
        world
            .send(&world.session("bob"), &countersign_core::command::Command::Revoke { number, comment })
            .unwrap();
        assert_eq!(runs(&mut world, "rita", 0), Err(Code::AuthorizationRequired), "{count}");
        assert_eq!(world.state.lists.get(&cited.list), None);
        assert!(world.state.lists.get(&world.state.authorizations[&again].asked.covers.list).is_some());
    }
}

#[test]
fn g07_what_runs_arbitrary_code_is_in_no_list() {
    let mut world = World::set_up();
    for person in ["bob", "cyd", "rita"] {
        world.person(person);
    }
    world.run("ada", "New-Group", json!({"Name": "Approvers", "Mail": "a@fabrikam.example"}));
    world.join("Approvers", &["ada", "bob", "cyd"]);
    let mut shell = task(&name(1), &["Path"]);
    shell.arbitrary_code = true;
    world.import(&[task(&name(0), &["Path"]), shell]);
    world.run("ada", "New-ManagementRole", json!({"Name": "Host\\Both", "Task": [name(0), name(1)]}));
    world.run("ada", "New-ElevatedAccessApprovalPolicy", json!({"Role": "Host\\Both", "Everyone": true}));
    world.run("ada", "Enable-ElevatedAccessControl", json!({"AdminGroup": "Approvers"}));
    let number = granted(&mut world, "rita", Target::Role("Host\\Both".parse().unwrap()));
    let covers = world.state.authorizations[&number].asked.covers;
    assert_eq!((covers.tasks, covers.role_version), (1, Some(1)));
    assert_eq!(runs(&mut world, "rita", 0), Ok(()));
    assert_eq!(runs(&mut world, "rita", 1), Err(Code::AuthorizationRequired));
}

#[test]
fn g07_a_list_that_is_gone_or_altered_opens_nothing() {
    let mut world = world(401);
    let number = granted(&mut world, "rita", target());
    let list = world.state.authorizations[&number].asked.covers.list;
    read_again(&mut world);
    assert_eq!(runs(&mut world, "rita", 5), Ok(()), "a start reads it");
    let whole = world.sealed[&list].clone();
    let altered = |bytes: &mut Vec<u8>| {
        let at = bytes.len() / 2;
        bytes[at] ^= 1;
    };
    let changes: [fn(&mut Vec<u8>); 4] = [
        |bytes| bytes.truncate(bytes.len() - 1),
        altered,
        Vec::clear,
        |bytes| {
            // Whole and well formed, and of another list.
            let (_, other) = TaskList::new(BTreeMap::new()).unwrap();
            *bytes = other;
        },
    ];
    for change in changes {
        change(&mut world.sealed.get_mut(&list).unwrap().value);
        read_again(&mut world);
        assert_eq!(runs(&mut world, "rita", 5), Err(Code::EvidenceMissing));
        assert_eq!(runs(&mut world, "sam", 5), Err(Code::AuthorizationRequired), "it says nothing to others");
        world.sealed.insert(list, whole.clone());
    }
    world.sealed.remove(&list);
    read_again(&mut world);
    assert_eq!(runs(&mut world, "rita", 5), Err(Code::EvidenceMissing));
    // Nothing falls by it, and it is as it was once the list is back.
    let values = json!({"Name": "Another", "Mail": "o@fabrikam.example"});
    world.sealed.insert(list, whole);
    world.act("ada", "bob", "New-Group", values).unwrap();
    assert!(world.state.authorizations.contains_key(&number));
    read_again(&mut world);
    assert_eq!(runs(&mut world, "rita", 5), Ok(()));
}

#[test]
fn g07_a_missing_list_of_one_task_neither_opens_nor_ends() {
    let mut world = World::guarded(json!({"ApproverGroup": "Deciders"}));
    let number = world.granted(|_| {});
    world.state.lists = Lists::default();
    assert_eq!(world.refused("rita", DISK, crate::world::disk()), Code::EvidenceMissing);
    let values = json!({"Name": "Another", "Mail": "o@fabrikam.example"});
    world.act("ada", "bob", "New-Group", values).unwrap();
    assert!(
        world.state.authorizations.contains_key(&number),
        "what stands does not hang on what can be read"
    );
}

#[test]
fn g07_a_list_is_held_once_and_is_no_part_of_a_snapshot() {
    let mut world = world(401);
    let first = granted(&mut world, "rita", target());
    let entries = world.state.lists.entries();
    let second = granted(&mut world, "sam", target());
    assert_eq!(world.state.lists.entries(), entries);
    let [one, other] = [first, second].map(|number| world.state.authorizations[&number].asked.covers);
    assert_eq!(one, other);
    let give_back = countersign_core::command::Command::GiveBack { number: first };
    world.send(&world.session("rita"), &give_back).unwrap();
    assert_eq!(runs(&mut world, "sam", 5), Ok(()), "sam's cites it still");
    let snapshot = serde_json::to_vec(&world.state).unwrap();
    let mut restored: countersign_core::state::State = serde_json::from_slice(&snapshot).unwrap();
    assert_eq!(restored.lists_to_read(), BTreeSet::from([one.list]));
    let bytes = world.sealed[&one.list].value.clone();
    restored.lists.keep(TaskList::from_bytes(&bytes, one.list).unwrap());
    assert!(restored.lists_to_read().is_empty());
    assert_eq!(serde_json::to_vec(&restored).unwrap(), snapshot, "the lists are no part of it");
}

/// A role of so many tasks, put into the state: to define them one by one would take long and show nothing more.
fn put(world: &mut World, count: usize) -> Target {
    let names: BTreeSet<TaskName> = (0..count).map(|index| name(index).parse().unwrap()).collect();
    let definition = task(&name(0), &["Path"]);
    let one = Task { version: 1, digest: definition.digest(), since: 0, definition: Arc::new(definition) };
    for name in &names {
        world.state.catalog.tasks.insert(name.clone(), one.clone());
    }
    let since = names.iter().map(|name| (name.clone(), 0)).collect();
    let role: countersign_core::name::RoleName = "Host\\Operator".parse().unwrap();
    world.state.catalog.roles.insert(role.clone(), Role { version: 3, tasks: names, since });
    Target::Role(role)
}

#[test]
fn g22_a_request_covers_ten_thousand_tasks_and_no_more() {
    let mut world = World::prepared();
    world.run("ada", "New-ElevatedAccessApprovalPolicy", json!({"Role": "Host\\Operator", "Everyone": true}));
    world.run("ada", "Enable-ElevatedAccessControl", json!({"AdminGroup": "Approvers"}));
    let target = put(&mut world, MOST_COVERED + 1);
    let mut submit = asking(DISK, &[]);
    submit.target = target.clone();
    assert_eq!(world.ask("rita", submit.clone()).unwrap_err().code, Code::LimitReached);
    put(&mut world, MOST_COVERED);
    let number = granted(&mut world, "rita", target);
    let covers = world.state.authorizations[&number].asked.covers;
    assert_eq!((covers.tasks as usize, covers.role_version), (MOST_COVERED, Some(3)));
    let asked =
        world.events.iter().find(|event| matches!(event.body, Body::RequestSubmitted { .. })).unwrap();
    let size = countersign_core::event::wire::to_bytes(asked).unwrap().len();
    assert!(size < 2_000, "{size} bytes");
    for index in [0, 4_711, MOST_COVERED - 1] {
        assert_eq!(runs(&mut world, "rita", index), Ok(()));
    }
    read_again(&mut world);
    assert_eq!(runs(&mut world, "rita", MOST_COVERED - 1), Ok(()));
    assert_eq!(runs(&mut world, "rita", MOST_COVERED), Err(Code::RoleRequired), "it is in no role any more");
    let list = covers.list;
    world.sealed.get_mut(&list).unwrap().value.pop();
    read_again(&mut world);
    assert_eq!(runs(&mut world, "rita", 0), Err(Code::EvidenceMissing));
    // The catalog was put into the state, not into the ledger: there is nothing that the verifier could judge by.
    world.events.clear();
}
