//! A ledger that this program wrote once: its bytes are read for ever, and give the state that they gave.
//!
//! `COUNTERSIGN_WRITE_GOLDEN=1` writes it anew. Before there is a release, entries may change; after one, only the state's
//! digest may, and only together with [`SCHEMA`].

use std::path::PathBuf;

use countersign_core::actor::{Principal, Scope};
use countersign_core::apply::apply;
use countersign_core::command::{Appointment, Command, Less, Listed};
use countersign_core::decide::Reply;
use countersign_core::event::wire;
use countersign_core::state::{SCHEMA, State};
use countersign_core::time::Span;
use countersign_ledger::hash::sha256;
use serde_json::json;

use crate::epochs::restored;
use crate::world::*;

fn file(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(name)
}

/// Something of most kinds of events.
fn story() -> World {
    let mut world = World::guarded(json!({"ApproverGroup": "Deciders"}));
    let live = world.granted(|submit| submit.uses = Some(3));
    let run = world.started("rita", DISK, disk());
    world.finish(run);
    let lost = world.started("rita", DISK, disk());
    world.lost(lost);
    world.send(&world.session("rita"), &Command::Acknowledge { execution: lost }).unwrap();
    let less = world.ask("rita", asking(DISK, &bind(&disk()))).unwrap();
    let half = Less { duration: Some(Span::from_hours(2)), ..Less::default() };
    world.approve_less("cyd", less, Some(half)).unwrap();
    let denied = world.ask("rita", asking(DISK, &bind(&json!({"Path": "/srv"})))).unwrap();
    let question = Command::Question { number: denied, text: "why all of it?".to_owned() };
    world.send(&world.session("bob"), &question).unwrap();
    world
        .send(&world.session("rita"), &Command::Answer { number: denied, text: "it is full".to_owned() })
        .unwrap();
    world.deny("bob", denied).unwrap();
    world.send(&world.session("rita"), &Command::GiveBack { number: live }).unwrap();
    let mail = json!({"Name": "Others", "Mail": "others@fabrikam.example"});
    world.act("ada", "bob", "New-Group", mail).unwrap();
    list_standing_access(&mut world);
    world.token("rita", &[Scope::Read]);
    assert!(world.execute("sam", DISK, disk()).is_err());
    let stated = world.now;
    world.send(&Principal::system(), &Command::SuspectClock { stated }).unwrap();
    world.host(&Command::AcceptClock).unwrap();
    let appoint = Command::Appoint { person: world.id("sam"), when: Appointment::Now };
    world.host(&appoint).unwrap();
    let sam = world.id("rita").to_string();
    world.run("ada", "Disable-User", json!({ "Identity": sam }));
    let command = Command::AcceptRestore(Some(Box::new(restored(&[], &world))));
    world.host(&command).unwrap();
    world.pass(Span::from_hours(24 * 91));
    world.tick();
    world.act("ada", "bob", "Clear-RequestData", json!({"RequestId": denied.to_string()})).unwrap();
    world.act("ada", "bob", "Disable-ElevatedAccessControl", json!({})).unwrap();
    world
}

/// A service account lists it by its role.
fn list_standing_access(world: &mut World) {
    let mut list = task("Host\\Get-StandingAccess", &[]);
    list.read_only = true;
    let definitions = serde_json::to_string(&[list]).unwrap();
    let pack = json!({"Workload": "Host", "Definitions": definitions});
    world.act("ada", "bob", "Import-TaskPack", pack).unwrap();
    let role = json!({"Name": "Host\\Lists", "Task": ["Host\\Get-StandingAccess"]});
    world.act("ada", "bob", "New-ManagementRole", role).unwrap();
    let group = json!({"Name": "Host\\Listers", "Role": ["Host\\Lists"]});
    world.act("ada", "bob", "New-RoleGroup", group).unwrap();
    let owner = world.id("sam").to_string();
    let account = json!({"UserPrincipalName": "svc@fabrikam.example", "DisplayName": "svc", "Owner": owner});
    let Ok(Reply::Ran { made, .. }) = world.act("ada", "bob", "New-ServiceAccount", account) else {
        panic!("a service account is made");
    };
    let account = &made["person"];
    let member = json!({"Identity": "Host\\Listers", "Member": [account]});
    world.act("ada", "bob", "Add-RoleGroupMember", member).unwrap();
    let named = json!({"StandingAccessAccount": account});
    world.act("ada", "bob", "Set-OrganizationConfig", named).unwrap();
    let timer = Principal::scheduled(account.parse().unwrap());
    let started = world.send(&timer, &execution("Host\\Get-StandingAccess", json!({})));
    let Ok(Reply::Started { execution, .. }) = started else { panic!("it is listed: {started:?}") };
    world.finish(execution);
    let listed = Listed { execution, before: None, holders: 2, appeared: 0, gone: 0 };
    world.send(&Principal::system(), &Command::ListStandingAccess(listed)).unwrap();
}

fn digest(state: &State) -> String {
    sha256(&serde_json::to_vec(state).unwrap()).to_string()
}

#[test]
fn the_golden_ledger_gives_the_same_state_for_ever() {
    if std::env::var_os("COUNTERSIGN_WRITE_GOLDEN").is_some() {
        write();
    }
    let entries =
        std::fs::read_to_string(file("entries.jsonl")).expect("COUNTERSIGN_WRITE_GOLDEN=1 writes it");
    let mut state = State::default();
    for (seq, line) in entries.lines().enumerate() {
        let event = wire::from_bytes(line.as_bytes()).unwrap_or_else(|error| panic!("entry {seq}: {error}"));
        assert_eq!(event.seq, u64::try_from(seq).unwrap());
        assert_eq!(wire::to_bytes(&event).unwrap(), line.as_bytes(), "entry {seq} is written as it was");
        apply(&mut state, &event);
    }
    assert!(state.next_seq > 90, "{} entries", state.next_seq);
    let known = std::fs::read_to_string(file("state")).unwrap();
    let (schema, known) = known.trim().split_once(' ').unwrap();
    assert_eq!(
        (schema, known),
        (SCHEMA.to_string().as_str(), digest(&state).as_str()),
        "the state has another shape, or an event another effect: raise SCHEMA, or mend it"
    );
}

fn write() {
    let world = story();
    let mut lines = String::new();
    for event in &world.events {
        lines += &String::from_utf8(wire::to_bytes(event).unwrap()).unwrap();
        lines.push('\n');
    }
    std::fs::create_dir_all(file("")).unwrap();
    std::fs::write(file("entries.jsonl"), lines).unwrap();
    std::fs::write(file("state"), format!("{SCHEMA} {}\n", digest(&world.state))).unwrap();
}
