//! G22: everything has a bound, with a code; names are what they look like.

use countersign_core::command::Command;
use countersign_core::directory::MAX_NESTING;
use countersign_core::refusal::Code;
use countersign_core::time::Span;
use serde_json::json;

use crate::world::{DISK, World, asking, bind, disk};

#[test]
fn g22_open_requests_of_one_person_are_bounded_and_an_ended_one_makes_room() {
    let mut world = World::guarded(json!({"ApproverGroup": "Deciders", "Everyone": true}));
    world.act("ada", "bob", "Set-OrganizationConfig", json!({"OpenRequestsEach": 2})).unwrap();
    let ask = |world: &mut World, name: &str| {
        world.ask(name, asking(DISK, &bind(&disk()))).map_err(|refusal| refusal.code)
    };
    let first = ask(&mut world, "rita").unwrap();
    ask(&mut world, "rita").unwrap();
    assert_eq!(ask(&mut world, "rita"), Err(Code::LimitReached));
    ask(&mut world, "sam").unwrap();
    world.send(&world.session("rita"), &Command::Cancel { number: first }).unwrap();
    ask(&mut world, "rita").unwrap();
    world.pass(Span::from_hours(24));
    world.tick();
    ask(&mut world, "rita").unwrap();
}

#[test]
fn g22_open_requests_in_all_are_bounded() {
    let mut world = World::guarded(json!({"ApproverGroup": "Deciders", "Everyone": true}));
    world.state.organization.settings.open_requests = 2;
    for name in ["rita", "sam"] {
        world.ask(name, asking(DISK, &bind(&disk()))).unwrap();
    }
    assert_eq!(world.ask("cyd", asking(DISK, &bind(&disk()))).unwrap_err().code, Code::LimitReached);
}

#[test]
fn g22_texts_are_bounded_and_hold_no_nul() {
    for (reason, expected) in [
        ("x".repeat(4_000), None),
        ("ä".repeat(4_000), None),
        (format!("  {}  ", "x".repeat(4_000)), None),
        ("x".repeat(4_001), Some(Code::LimitReached)),
        (String::new(), Some(Code::ReasonRequired)),
        (" \n\t".to_owned(), Some(Code::ReasonRequired)),
        ("a\0b".to_owned(), Some(Code::InvalidInput)),
    ] {
        let mut world = World::guarded(json!({"ApproverGroup": "Deciders"}));
        let mut submit = asking(DISK, &bind(&disk()));
        submit.reason.clone_from(&reason);
        let asked = world.ask("rita", submit);
        assert_eq!(
            asked.err().map(|refusal| refusal.code),
            expected,
            "{} characters",
            reason.chars().count()
        );
    }
    for (ticket, expected) in [("t".repeat(200), None), ("t".repeat(201), Some(Code::LimitReached))] {
        let mut world = World::guarded(json!({"ApproverGroup": "Deciders"}));
        let mut submit = asking(DISK, &bind(&disk()));
        submit.ticket = Some(ticket);
        assert_eq!(world.ask("rita", submit).err().map(|refusal| refusal.code), expected);
    }
}

#[test]
fn g22_groups_nest_sixteen_deep_and_never_in_a_circle() {
    let mut world = World::set_up();
    let names: Vec<String> = (0..=MAX_NESTING).map(|index| format!("Level {index}")).collect();
    for name in &names {
        world.run("ada", "New-Group", json!({"Name": name, "Mail": "g@fabrikam.example"}));
    }
    let inside = |outer: &str, inner: &str| json!({"Identity": outer, "Member": [inner]});
    for pair in names[..MAX_NESTING].windows(2) {
        world.run("ada", "Add-GroupMember", inside(&pair[0], &pair[1]));
    }
    for (outer, inner) in [(MAX_NESTING - 1, MAX_NESTING), (MAX_NESTING - 1, 0), (3, 3), (5, 2)] {
        let values = inside(&names[outer], &names[inner]);
        assert_eq!(
            world.refused("ada", "Countersign\\Add-GroupMember", values),
            Code::NestingRefused,
            "{outer} {inner}"
        );
    }
    // Membership reaches from the bottom to the top.
    let ada = world.id("ada");
    world.join(&names[MAX_NESTING - 1], &["ada"]);
    let top = world.state.directory.group_named(&names[0].parse().unwrap()).unwrap();
    assert!(world.state.directory.is_member(top, ada));
}

#[test]
fn g22_names_are_short_plain_and_the_same_in_any_case() {
    let long = "G".repeat(64);
    for (name, expected) in [
        ("Auditors", None),
        (long.as_str(), None),
        (&"G".repeat(65), Some(Code::ParameterInvalid)),
        ("Auditors ", Some(Code::ParameterInvalid)),
        (" Auditors", Some(Code::ParameterInvalid)),
        ("Aud\u{200b}itors", Some(Code::ParameterInvalid)),
        ("Аuditors", Some(Code::ParameterInvalid)),
        ("APPROVERS", Some(Code::AlreadyExists)),
        ("approvers", Some(Code::AlreadyExists)),
        ("", Some(Code::ParameterInvalid)),
    ] {
        let mut world = World::prepared();
        let made = world.execute(
            "ada",
            "Countersign\\New-Group",
            json!({"Name": name, "Mail": "g@fabrikam.example"}),
        );
        assert_eq!(made.err().map(|refusal| refusal.code), expected, "{name:?}");
    }
}

#[test]
fn g22_a_task_is_found_by_any_spelling_and_recorded_by_its_own() {
    let mut world = World::guarded(json!({"ApproverGroup": "Deciders"}));
    assert_eq!(world.refused("rita", "HOST\\get-DISKUSAGE", disk()), Code::AuthorizationRequired);
    let number = world.ask("rita", asking("host\\get-diskusage", &bind(&disk()))).unwrap();
    world.approve("bob", number).unwrap();
    let run = world.started("rita", "HOST\\GET-DISKUSAGE", json!({"PATH": "/var"}));
    assert_eq!(world.state.executions[&run].task.to_string(), DISK);
    assert_eq!(world.refused("rita", "Host\\Get-DiskUsage2", disk()), Code::UnknownTask);
}

#[test]
fn g22_tokens_and_imports_are_bounded() {
    let mut world = World::guarded(json!({}));
    for _ in 0..50 {
        world.token("rita", &[countersign_core::actor::Scope::Read]);
    }
    let one_more = Command::IssueToken {
        account: None,
        secret: countersign_ledger::hash::sha256(b"x"),
        scopes: [countersign_core::actor::Scope::Read].into(),
        until: world.now.plus(Span::from_hours(1)),
        label: "one more".to_owned(),
    };
    assert_eq!(world.send(&world.session("rita"), &one_more).unwrap_err().code, Code::LimitReached);
    let mut world = World::set_up();
    for definitions in ["[]", "{}", "[1]", "[{\"name\":\"Host\\\\A\"}]"] {
        let values = json!({"Workload": "Host", "Definitions": definitions});
        assert_eq!(
            world.refused("ada", "Countersign\\Import-TaskPack", values),
            Code::DefinitionInvalid,
            "{definitions}"
        );
    }
}
