//! G16, G18, G19 and G21: a suspect clock, what refusals say, and the three forms of disabling.

use countersign_core::actor::{Principal, Scope};
use countersign_core::builtin;
use countersign_core::command::{Approve, Command};
use countersign_core::event::Body;
use countersign_core::id::{ExecutionId, RequestNumber};
use countersign_core::policy::Assurance;
use countersign_core::refusal::{Code, RAISE_A_REQUEST, Refusal};
use countersign_core::time::Span;
use countersign_ledger::hash::sha256;
use serde_json::{Value as Json, json};

use crate::world::{DISK, World, asking, bind, disk, execution};

#[test]
fn g16_a_suspect_clock_halts_what_gives_power_and_nothing_that_takes_it() {
    let mut world = World::guarded(json!({"ApproverGroup": "Deciders"}));
    let live = world.granted(|_| {});
    let run = world.started("rita", DISK, disk());
    let pending = world.ask("rita", asking(DISK, &bind(&disk()))).unwrap();
    let denied = world.ask("rita", asking(DISK, &bind(&disk()))).unwrap();
    let command = Command::SuspectClock { stated: world.now.plus(Span::from_hours(48)) };
    assert_eq!(world.send(&world.session("ada"), &command).unwrap_err().code, Code::Forbidden);
    world.send(&Principal::system(), &command).unwrap();
    assert_eq!(world.refused("rita", DISK, disk()), Code::ClockSuspect);
    assert_eq!(world.refused("rita", "Host\\Restart", json!({"Unit": "cron"})), Code::ClockSuspect);
    assert_eq!(world.approve("bob", pending).unwrap_err().code, Code::ClockSuspect);
    world.deny("bob", denied).unwrap();
    world.send(&world.session("rita"), &Command::Cancel { number: pending }).unwrap();
    world.send(&world.session("rita"), &Command::Stop { execution: run }).unwrap();
    world.send(&world.session("cyd"), &Command::Revoke { number: live, comment: "no".to_owned() }).unwrap();
    world.run("ada", "Stop-AllExecutions", json!({}));
    for accepts in [world.session("rita"), world.session("sam"), Principal::system()] {
        assert_eq!(world.send(&accepts, &Command::AcceptClock).unwrap_err().code, Code::Forbidden);
    }
    world.host(&Command::AcceptClock).unwrap();
    assert_eq!(world.host(&Command::AcceptClock).unwrap_err().code, Code::AlreadyInState);
    world.granted(|_| {});
    world.started("rita", DISK, disk());
}

#[test]
fn g16_two_default_approvers_accept_a_clock_and_each_human_is_one() {
    let suspect = |world: &mut World| {
        let stated = world.now;
        world.send(&Principal::system(), &Command::SuspectClock { stated }).unwrap();
    };
    let accept = |world: &mut World, name: &str| {
        world.send(&world.session(name), &Command::AcceptClock).map(|_| ()).map_err(|refusal| refusal.code)
    };
    let mut world = World::guarded(json!({"ApproverGroup": "Deciders"}));
    let live = world.granted(|_| {});
    assert_eq!(accept(&mut world, "bob"), Err(Code::AlreadyInState), "it is not suspect");
    suspect(&mut world);
    let weak = Principal::session(world.id("bob"), Assurance::Session, world.now);
    assert_eq!(world.send(&weak, &Command::AcceptClock).unwrap_err().code, Code::SecondFactorRequired);
    let token = world.token("bob", &[Scope::Execute, Scope::Read]);
    assert_eq!(world.send(&token, &Command::AcceptClock).unwrap_err().code, Code::TokenNotAllowed);
    assert_eq!(accept(&mut world, "bob"), Ok(()));
    assert_eq!(accept(&mut world, "bob"), Err(Code::AlreadyVoted));
    assert!(world.state.organization.clock_suspect && world.state.authorizations.contains_key(&live));
    // A new suspicion needs new words; disabled, bob's word is none.
    let bob = world.id("bob").to_string();
    world.run("ada", "Disable-User", json!({"Identity": bob}));
    assert_eq!(accept(&mut world, "cyd"), Ok(()));
    assert!(world.state.organization.clock_suspect, "bob's word no longer counts");
    assert_eq!(accept(&mut world, "ada"), Ok(()));
    assert!(!world.state.organization.clock_suspect && !world.state.authorizations.contains_key(&live));
    suspect(&mut world);
    assert_eq!(accept(&mut world, "ada"), Ok(()));
    assert!(world.state.organization.clock_suspect, "the words of the last time are used up");

    let mut world = World::guarded(json!({"ApproverGroup": "Deciders"}));
    let (bob, cyd) = (world.id("bob").to_string(), world.id("cyd").to_string());
    world.act("ada", "bob", "Add-UserLink", json!({"Identity": bob, "Other": cyd})).unwrap();
    suspect(&mut world);
    assert_eq!(accept(&mut world, "bob"), Ok(()));
    assert_eq!(accept(&mut world, "cyd"), Err(Code::AlreadyVoted), "two accounts of one human");
}

#[test]
fn g16_a_clock_that_jumps_two_days_and_back_leaves_nothing_alive_past_its_end() {
    let mut world = World::guarded(json!({"ApproverGroup": "Deciders"}));
    let before = world.now;
    let live = world.granted(|_| {});
    world.pass(Span::from_hours(48));
    world.tick();
    world.now = before;
    assert!(!world.state.authorizations.contains_key(&live));
    assert_eq!(world.refused("rita", DISK, disk()), Code::AuthorizationRequired, "its end was recorded");
}

/// Every way in which rita can be refused the disk task while a policy protects it.
fn refusals() -> Vec<(&'static str, Refusal)> {
    let refusal = |world: &mut World, values: Json| world.execute("rita", DISK, values).unwrap_err();
    let mut all = Vec::new();
    let terms = || json!({"ApproverGroup": "Deciders"});
    let mut world = World::guarded(terms());
    all.push(("nothing asked", refusal(&mut world, disk())));
    world.ask("rita", asking(DISK, &bind(&disk()))).unwrap();
    all.push(("waiting", refusal(&mut world, disk())));
    let mut world = World::guarded(terms());
    let later = world.now.plus(Span::from_hours(1));
    world.granted(|submit| submit.start = Some(later));
    all.push(("not yet", refusal(&mut world, disk())));
    let mut world = World::guarded(terms());
    world.granted(|submit| submit.uses = Some(1));
    all.push(("other parameters", refusal(&mut world, json!({"Path": "/etc"}))));
    let run = world.started("rita", DISK, disk());
    world.finish(run);
    all.push(("used up", refusal(&mut world, disk())));
    world.pass(Span::from_hours(4));
    all.push(("over", refusal(&mut world, disk())));
    let mut world = World::guarded(terms());
    world.granted(|_| {});
    world.started("rita", DISK, disk());
    all.push(("running", refusal(&mut world, disk())));
    let closed = r#"[{"zone":"UTC","days":["mon","tue","wed","thu","fri","sat","sun"],"from":"00:00","until":"00:01"}]"#;
    let mut world = World::guarded(json!({"ApproverGroup": "Deciders", "Windows": closed}));
    world.granted(|_| {});
    all.push(("closed", refusal(&mut world, disk())));
    let mut world = World::guarded(terms());
    world.granted(|_| {});
    world.sealed.clear();
    all.push(("evidence gone", refusal(&mut world, disk())));
    all
}

#[test]
fn g18_every_refusal_for_a_protected_task_begins_alike_names_what_governs_and_the_next_step() {
    for (case, refusal) in refusals() {
        assert!(refusal.message.starts_with(RAISE_A_REQUEST), "{case}: {refusal}");
        assert!(refusal.governs.is_some(), "{case}: {refusal}");
        let hint = refusal.hint.unwrap_or_default();
        let raises = hint.contains("New-ElevatedAccessRequest -Task 'Host\\Get-DiskUsage'");
        let other = ["waiting", "other parameters"].contains(&case) && !hint.is_empty();
        assert!(raises || other, "{case}: {hint}");
    }
    let codes: std::collections::BTreeSet<Code> =
        refusals().into_iter().map(|(_, refusal)| refusal.code).collect();
    assert_eq!(codes.len(), 9, "{codes:?}");
}

#[test]
fn g19_unknown_and_foreign_ids_answer_alike() {
    let mut world = World::guarded(json!({"ApproverGroup": "Deciders"}));
    let live = world.granted(|_| {});
    let run = world.started("rita", DISK, disk());
    let pending = world.ask("rita", asking(DISK, &bind(&disk()))).unwrap();
    let mut over = asking(DISK, &bind(&disk()));
    over.reason = "another".to_owned();
    let over = world.ask("rita", over).unwrap();
    world.deny("bob", over).unwrap();
    let never = RequestNumber::new(9_999);
    let statement = sha256(b"a guess");
    let of = |number: RequestNumber| -> Vec<Command> {
        vec![
            Command::Approve(Approve { number, statement, comment: String::new(), less: None }),
            Command::Deny { number, statement, comment: "no".to_owned() },
            Command::Cancel { number },
            Command::GiveBack { number },
            Command::Revoke { number, comment: "no".to_owned() },
            Command::Question { number, text: "why?".to_owned() },
            Command::Answer { number, text: "because".to_owned() },
        ]
    };
    let plain = |refusal: Refusal, number: RequestNumber| {
        (refusal.code, refusal.message.replace(&number.to_string(), "R-n"), refusal.governs, refusal.hint)
    };
    for late in [false, true] {
        if late {
            // Past its end, before any timer: still nothing is told.
            world.pass(Span::from_hours(24));
        }
        for (index, unknown) in of(never).into_iter().enumerate() {
            let expected = plain(world.send(&world.session("sam"), &unknown).unwrap_err(), never);
            for number in [live, pending, over] {
                let command = of(number).swap_remove(index);
                let found = plain(world.send(&world.session("sam"), &command).unwrap_err(), number);
                assert_eq!(found, expected, "{command:?}");
            }
        }
    }
    let nobody = ExecutionId::from_bytes([3; 16]);
    for of in [|execution| Command::Stop { execution }, |execution| Command::Acknowledge { execution }] {
        let [unknown, foreign] =
            [nobody, run].map(|id| world.send(&world.session("sam"), &of(id)).unwrap_err());
        assert_eq!(unknown, foreign);
    }
    let mut cited = Vec::new();
    for number in [live, never] {
        let mut command = execution(DISK, disk());
        if let Command::Execute(execute) = &mut command {
            execute.cite = Some(number);
        }
        cited.push(world.send(&world.session("sam"), &command).unwrap_err());
    }
    assert_eq!(cited[0], cited[1]);
}

#[test]
fn g19_reading_audit_material_with_a_token_needs_its_scope() {
    let mut world = World::guarded(json!({}));
    let read = execution("Countersign\\Search-AuditLog", json!({"Filter": "who:rita"}));
    let member = [world.id("ada").to_string()];
    let group = json!({"Identity": "Countersign\\Compliance Management", "Member": member});
    world.act("ada", "bob", "Add-RoleGroupMember", group).unwrap();
    let without = world.token("ada", &[Scope::Execute]);
    assert_eq!(world.send(&without, &read).unwrap_err().code, Code::TokenNotAllowed);
    let with = world.token("ada", &[Scope::Read]);
    world.send(&with, &read).unwrap();
}

#[test]
fn tokens_do_what_their_scopes_say_while_they_live() {
    let mut world = World::guarded(json!({"ApprovalType": "Auto"}));
    let reads = world.token("rita", &[Scope::Read]);
    let asks = world.token("rita", &[Scope::Request]);
    let runs = world.token("rita", &[Scope::Execute]);
    let submit = Command::Submit(asking(DISK, &bind(&disk())));
    let start = execution(DISK, disk());
    for refused in [&reads, &runs] {
        assert_eq!(world.send(refused, &submit).unwrap_err().code, Code::TokenNotAllowed);
    }
    world.send(&asks, &submit).unwrap();
    let number = *world.state.authorizations.keys().next().unwrap();
    for refused in [&reads, &asks] {
        assert_eq!(world.send(refused, &start).unwrap_err().code, Code::TokenNotAllowed);
    }
    world.send(&runs, &start).unwrap();
    for refused in [&reads, &runs] {
        assert_eq!(
            world.send(refused, &Command::GiveBack { number }).unwrap_err().code,
            Code::TokenNotAllowed
        );
    }
    let run = *world.state.executions.keys().next().unwrap();
    assert_eq!(
        world.send(&reads, &Command::Stop { execution: run }).unwrap_err().code,
        Code::TokenNotAllowed
    );
    world.send(&runs, &Command::Stop { execution: run }).unwrap();
    world.finish(run);
    // Another's token in one's own name, and one's own when it is over.
    let stolen = match *runs.authentication() {
        countersign_core::actor::Authentication::Token { token } => Principal::token(world.id("sam"), token),
        _ => panic!("a token"),
    };
    assert_eq!(world.send(&stolen, &start).unwrap_err().code, Code::TokenNotAllowed);
    world.send(&asks, &submit).unwrap();
    world.pass(Span::from_micros(24 * 3_600_000_000 - 1));
    world.send(&asks, &submit).unwrap();
    world.pass(Span::from_micros(1));
    for over in [(&asks, &submit), (&runs, &start)] {
        assert_eq!(world.send(over.0, over.1).unwrap_err().code, Code::TokenNotAllowed, "over");
    }
}

#[test]
fn g21_each_form_ends_all_but_the_control_planes_and_keeps_roles_and_control_plane_enforced() {
    for (form, back) in
        [(json!({}), false), (json!({"ForHours": 2}), true), (json!({"Observe": true}), false)]
    {
        let mut world = World::guarded(json!({"ApproverGroup": "Deciders"}));
        let live = world.granted(|_| {});
        let pending = world.ask("rita", asking(DISK, &bind(&disk()))).unwrap();
        let group = json!({"Name": "X", "Mail": "x@fabrikam.example"});
        let own = world.ask("ada", asking("Countersign\\New-Group", &bind(&group))).unwrap();
        world.approve("bob", own).unwrap();
        world.act("ada", "bob", "Disable-ElevatedAccessControl", form.clone()).unwrap();
        let over = world.now.plus(Span::from_hours(2));
        assert!(!world.state.authorizations.contains_key(&live), "{form}");
        assert!(!world.state.requests.contains_key(&pending), "{form}");
        assert!(world.state.authorizations.contains_key(&own), "{form}");
        assert_eq!(world.ask("rita", asking(DISK, &bind(&disk()))).unwrap_err().code, Code::AlreadyInState);
        let run = world.started("rita", DISK, disk());
        world.finish(run);
        assert_eq!(world.refused("sam", DISK, disk()), Code::RoleRequired, "{form}");
        let other = json!({"Name": "Y", "Mail": "y@fabrikam.example"});
        assert_eq!(
            world.refused("ada", "Countersign\\New-Group", other),
            Code::ParameterNotApproved,
            "{form}"
        );
        world.now = over.minus(Span::from_micros(1));
        assert!(world.execute("rita", DISK, disk()).is_ok(), "{form}");
        world.now = over;
        assert_eq!(world.execute("rita", DISK, disk()).is_err(), back, "{form}");
        if back {
            // By the clock, before any timer: what is asked from now on stands.
            let number = world.granted(|_| {});
            world.act("ada", "bob", "New-Group", json!({"Name": "Z", "Mail": "z@fabrikam.example"})).unwrap();
            assert!(world.state.authorizations.contains_key(&number));
            world.started("rita", DISK, disk());
        }
        world.act("ada", "bob", "Enable-ElevatedAccessControl", json!({"AdminGroup": "Approvers"})).unwrap();
        assert!(!world.state.authorizations.contains_key(&live), "re-enabling revives nothing");
    }
}

#[test]
fn g21_observing_marks_only_what_would_have_been_refused() {
    let mut world = World::guarded(json!({}));
    world.act("ada", "bob", "Disable-ElevatedAccessControl", json!({"Observe": true})).unwrap();
    for (task, values, expected) in
        [(DISK, disk(), Some(Code::AuthorizationRequired)), ("Host\\Restart", json!({"Unit": "cron"}), None)]
    {
        let seq = world.state.next_seq;
        world.started("rita", task, values);
        let event = world.events.iter().find(|event| event.seq == seq).unwrap();
        let Body::ExecutionStarted { would_refuse, .. } = &event.body else { panic!("{event:?}") };
        assert_eq!(*would_refuse, expected, "{task}");
    }
}

#[test]
fn g16_g17_only_countersigns_tasks_that_remove_power_or_read_run_under_a_suspect_clock() {
    let mut world = World::guarded(json!({}));
    world.send(&Principal::system(), &Command::SuspectClock { stated: world.now }).unwrap();
    for builtin in builtin::all() {
        let name = format!("Countersign\\{}", builtin.name);
        let refused = world.execute("ada", &name, json!({})).err().map(|refusal| refusal.code);
        let halted = refused == Some(Code::ClockSuspect);
        let judged = refused != Some(Code::ParameterInvalid);
        assert!(!judged || halted == builtin.control_plane, "{name}: {refused:?}");
        assert!(!(builtin.control_plane && builtin.only_removes_power), "{name}");
    }
}
