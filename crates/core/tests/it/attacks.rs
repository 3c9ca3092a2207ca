//! What an attacker would try between two rules: each was once possible or nearly so.

use std::time::Duration;

use countersign_core::actor::{Principal, Scope};
use countersign_core::command::Command;
use countersign_core::decide::Reply;
use countersign_core::event::Body;
use countersign_core::event::body::{Credential, LinkDelivery};
use countersign_core::execution::StopReason;
use countersign_core::id::{ExecutionId, PersonId, RequestNumber};
use countersign_core::policy::Assurance;
use countersign_core::refusal::Code;
use countersign_core::task::{Definition, TaskDefinition};
use countersign_core::time::{Instant, Span};
use countersign_ledger::hash::{Digest, sha256};
use serde_json::{Value as Json, json};

use crate::world::{DISK, World, asking, bind, disk, execution, task};

/// Enabled, with a policy for the disk task that `Approvers` decide.
fn guarded() -> World {
    World::guarded(json!({"ApproverGroup": "Approvers"}))
}

fn stopping(world: &World, execution: ExecutionId) -> Option<StopReason> {
    world.state.executions[&execution].stopping
}

fn disable(world: &mut World, name: &str) {
    let id = world.id(name).to_string();
    world.run("ada", "Disable-User", json!({"Identity": id}));
}

/// Imports after set-up, as an administrator would.
fn redefine(world: &mut World, definition: &TaskDefinition) -> Result<(), Code> {
    let text = serde_json::to_string(&[definition]).unwrap();
    let values = json!({"Workload": "Host", "Definitions": text});
    world.act("ada", "bob", "Import-TaskPack", values).map(|_| ()).map_err(|refusal| refusal.code)
}

fn other_program() -> TaskDefinition {
    let mut other = task(DISK, &["Path"]);
    let Json::Object(program) = json!({"program": "/usr/bin/other", "arguments": []}) else { unreachable!() };
    other.execution.definition = Definition::new(program).unwrap();
    other
}

/// A run of rita's that outlived its authorization: by a redefinition, or by its time on a task that runs to its end.
fn outliving(by_time: bool) -> (World, ExecutionId, RequestNumber) {
    let mut world = World::prepared();
    if by_time {
        let mut lasting = task(DISK, &["Path"]);
        lasting.run_to_end = true;
        world.import(&[lasting]);
    }
    world.run("ada", "New-ElevatedAccessApprovalPolicy", json!({"Task": DISK, "ApproverGroup": "Approvers"}));
    world.run("ada", "Enable-ElevatedAccessControl", json!({"AdminGroup": "Approvers"}));
    let number = world.granted(|submit| submit.duration = Some(Span::from_mins(1)));
    let execution = world.started("rita", DISK, disk());
    if by_time {
        world.pass(Span::from_mins(2));
        world.tick();
    } else {
        redefine(&mut world, &other_program()).unwrap();
    }
    assert!(!world.state.authorizations.contains_key(&number));
    assert_eq!(stopping(&world, execution), None, "it runs to its end");
    (world, execution, number)
}

#[test]
fn g15_a_run_that_outlived_its_authorization_stops_with_its_person() {
    for by_time in [false, true] {
        let (mut world, execution, _) = outliving(by_time);
        disable(&mut world, "rita");
        assert_eq!(stopping(&world, execution), Some(StopReason::PersonDisabled), "by time: {by_time}");
    }
}

#[test]
fn g15_a_run_that_outlived_its_authorization_stops_with_privileged_access() {
    for by_time in [false, true] {
        let (mut world, execution, _) = outliving(by_time);
        world.act("ada", "bob", "Disable-ElevatedAccessControl", json!({})).unwrap();
        assert_eq!(stopping(&world, execution), Some(StopReason::AccessDisabled), "by time: {by_time}");
    }
}

#[test]
#[expect(clippy::disallowed_methods, reason = "how long the machine takes is what is measured")]
fn g22_nesting_is_judged_in_time_however_many_ways_lead_down() {
    let (layers, wide) = (14, 4);
    let mut world = World::set_up();
    for layer in 0..layers {
        for place in 0..wide {
            let name = format!("g{layer}x{place}");
            world.run("ada", "New-Group", json!({"Name": name, "Mail": "g@fabrikam.example"}));
        }
    }
    let began = std::time::Instant::now();
    for layer in (0..layers - 1).rev() {
        for place in 0..wide {
            let members: Vec<String> = (0..wide).map(|inner| format!("g{}x{inner}", layer + 1)).collect();
            let values = json!({"Identity": format!("g{layer}x{place}"), "Member": members});
            world.run("ada", "Add-GroupMember", values);
        }
        assert!(began.elapsed() < Duration::from_secs(60), "4^13 ways, but 56 groups");
    }
    let around = json!({"Identity": "g13x0", "Member": ["g0x0"]});
    assert!(world.execute("ada", "Countersign\\Add-GroupMember", around).is_err(), "a circle is still seen");
}

/// A service account of sam's in the role group, exempt.
fn service(world: &mut World) -> PersonId {
    let sam = world.id("sam").to_string();
    let made = world.run(
        "ada",
        "New-ServiceAccount",
        json!({"UserPrincipalName": "svc@fabrikam.example", "DisplayName": "svc", "Owner": sam}),
    );
    let account: PersonId = made["person"].parse().unwrap();
    world.people.insert("svc".to_owned(), account);
    let id = account.to_string();
    world.run("ada", "Add-RoleGroupMember", json!({"Identity": "Host\\Operators", "Member": [id]}));
    world.run("ada", "Add-SystemAccount", json!({"Identity": id, "Reason": "backups", "Days": 30}));
    account
}

#[test]
fn g8_a_service_account_acts_only_while_its_owner_is_enabled() {
    let mut world = World::prepared();
    service(&mut world);
    world.run("ada", "New-ElevatedAccessApprovalPolicy", json!({"Task": DISK, "ApproverGroup": "Approvers"}));
    world.run("ada", "Enable-ElevatedAccessControl", json!({"AdminGroup": "Approvers"}));
    let execution = world.started("svc", DISK, disk());
    disable(&mut world, "sam");
    assert_eq!(stopping(&world, execution), Some(StopReason::PersonDisabled));
    assert_eq!(world.refused("svc", DISK, disk()), Code::PersonDisabled);
    assert_eq!(world.refused("svc", "Host\\Restart", json!({"Unit": "a"})), Code::PersonDisabled);
}

#[test]
fn g13_an_extension_leaves_what_runs_where_it_began() {
    let mut world = guarded();
    let former = world.granted(|_| {});
    let execution = world.started("rita", DISK, disk());
    let began = world.state.executions[&execution].clone();
    let other = json!({"Path": "/home"});
    let mut submit = asking(DISK, &bind(&other));
    submit.extends = Some(former);
    submit.start = Some(world.now.plus(Span::from_hours(480)));
    let number = world.ask("rita", submit).unwrap();
    world.approve("cyd", number).unwrap();
    assert_eq!(world.state.executions[&execution], began, "its basis and end stay");
    assert_eq!(world.refused("rita", DISK, disk()), Code::AlreadyRunning, "its slot too");
}

fn reset(world: &mut World, by: &str, name: &str) -> Result<(), Code> {
    let id = world.id(name).to_string();
    let values = json!({"Identity": id});
    world.act("ada", by, "Reset-UserCredential", values).map(|_| ()).map_err(|refusal| refusal.code)
}

#[test]
fn g9_a_link_of_an_approver_goes_to_nobody_else_and_the_verifier_says_so_too() {
    let mut world = guarded();
    reset(&mut world, "cyd", "bob").unwrap();
    let values = json!({"Identity": world.id("bob").to_string(), "LinkDelivery": "PrintForRequester"});
    let refused = world.act("ada", "cyd", "Reset-UserCredential", values).unwrap_err();
    assert_eq!(refused.code, Code::Forbidden);
    let mut events = world.events.clone();
    let link = events.iter_mut().rev().find_map(|event| match &mut event.body {
        Body::InvitationIssued { delivery, .. } => Some(delivery),
        _ => None,
    });
    *link.unwrap() = LinkDelivery::Printed;
    let found = crate::cross_check::findings(&events, &world.sealed);
    for wrong in ["was shown to somebody else", "delivered otherwise than the task said"] {
        assert!(found.iter().any(|finding| finding.contains(wrong)), "{wrong}: {found:#?}");
    }
    let values = json!({"Identity": world.id("rita").to_string(), "LinkDelivery": "PrintForRequester"});
    world.act("ada", "cyd", "Reset-UserCredential", values).unwrap();
    assert!(world.events.iter().rev().any(|event| {
        matches!(event.body, Body::InvitationIssued { delivery: LinkDelivery::Printed, .. })
    }));
}

#[test]
fn a_used_reset_leaves_no_token_of_before() {
    let mut world = guarded();
    world.token("bob", &[Scope::Execute]);
    world.token("cyd", &[Scope::Execute]);
    reset(&mut world, "cyd", "bob").unwrap();
    assert_eq!(world.state.tokens.len(), 2, "an unused link changes nothing");
    world.credentials("bob");
    assert!(world.state.tokens.values().all(|token| token.person == world.people["cyd"]));
    assert_eq!(world.state.tokens.len(), 1);
}

#[test]
fn g17_resets_never_add_up_to_fewer_than_two_deciders() {
    let mut world = guarded();
    reset(&mut world, "cyd", "bob").unwrap();
    // ada, bob and cyd decide; bob's link is open, so one more would leave one of them.
    assert_eq!(reset(&mut world, "bob", "cyd"), Err(Code::LastPeople));
    world.credentials("bob");
    assert_eq!(reset(&mut world, "bob", "cyd"), Ok(()));
}

#[test]
fn g9_the_other_half_of_a_link_decides_only_what_is_asked_after_it_ended() {
    let mut world = guarded();
    let (rita, bob) = (world.id("rita").to_string(), world.id("bob").to_string());
    world.act("ada", "cyd", "Add-UserLink", json!({"Identity": rita, "Other": bob})).unwrap();
    let number = world.ask("rita", asking(DISK, &bind(&disk()))).unwrap();
    assert!(world.approve("bob", number).is_err());
    world.act("ada", "cyd", "Remove-UserLink", json!({"Identity": bob})).unwrap();
    assert!(world.approve("bob", number).is_err());
    assert!(world.state.requests.contains_key(&number));
    let later = world.ask("rita", asking(DISK, &bind(&disk()))).unwrap();
    world.approve("bob", later).unwrap();
}

#[test]
fn g9_a_service_account_is_linked_with_nobody() {
    let mut world = World::prepared();
    let account = service(&mut world).to_string();
    let rita = world.id("rita").to_string();
    for (one, other) in [(&account, &rita), (&rita, &account)] {
        let values = json!({"Identity": one, "Other": other});
        assert_eq!(world.refused("ada", "Countersign\\Add-UserLink", values), Code::ParameterInvalid);
    }
}

#[test]
fn g16_a_clock_beyond_what_can_be_written_is_still_recorded() {
    let mut world = guarded();
    let stated = Instant::from_micros(i64::MAX);
    world.send(&Principal::system(), &Command::SuspectClock { stated }).unwrap();
    assert!(world.state.organization.clock_suspect);
}

/// The disk task as one that runs arbitrary code.
fn shell() -> TaskDefinition {
    let mut shell = task(DISK, &["Path"]);
    shell.arbitrary_code = true;
    shell
}

#[test]
fn arbitrary_code_never_runs_by_a_role_or_an_exemption() {
    for unprotected in ["RoleHoldersRun", "DefaultApproversDecide"] {
        let mut world = World::prepared();
        world.import(&[shell()]);
        service(&mut world);
        let values = json!({"AdminGroup": "Approvers", "UnprotectedTasks": unprotected});
        world.run("ada", "Enable-ElevatedAccessControl", values);
        for name in ["rita", "svc"] {
            assert_eq!(
                world.refused(name, DISK, disk()),
                Code::AuthorizationRequired,
                "{name} {unprotected}"
            );
        }
        world.act("ada", "bob", "Disable-ElevatedAccessControl", json!({"Observe": true})).unwrap();
        assert_eq!(world.refused("rita", DISK, disk()), Code::AuthorizationRequired, "{unprotected}");
    }
}

#[test]
fn arbitrary_code_takes_two_default_approvers_and_one_use_where_they_decide() {
    let mut world = World::prepared();
    world.import(&[shell()]);
    let values = json!({"AdminGroup": "Approvers", "UnprotectedTasks": "DefaultApproversDecide"});
    world.run("ada", "Enable-ElevatedAccessControl", values);
    let number = world.ask("rita", asking(DISK, &bind(&disk()))).unwrap();
    world.approve("bob", number).unwrap();
    assert!(world.execute("rita", DISK, disk()).is_err(), "one approver is not enough");
    world.approve("cyd", number).unwrap();
    let execution = world.started("rita", DISK, disk());
    world.finish(execution);
    assert!(world.execute("rita", DISK, disk()).is_err(), "one use");
}

#[test]
fn arbitrary_code_is_not_asked_for_under_a_weak_policy_of_a_role() {
    let mut world = World::prepared();
    world.import(&[shell()]);
    world.run(
        "ada",
        "New-ElevatedAccessApprovalPolicy",
        json!({"Role": "Host\\Operator", "ApprovalType": "Auto"}),
    );
    world.run("ada", "Enable-ElevatedAccessControl", json!({"AdminGroup": "Approvers"}));
    let refusal = world.ask("rita", asking(DISK, &bind(&disk()))).unwrap_err();
    assert_eq!(refusal.code, Code::PolicyTooWeak);
}

#[test]
fn no_task_becomes_arbitrary_code_under_a_policy_that_asks_for_less() {
    let mut world = guarded();
    assert_eq!(redefine(&mut world, &shell()), Err(Code::PolicyTooWeak));
    let mut strong = World::guarded(json!({"ApproverGroup": "Approvers", "Approvers": 2, "MaximumUses": 1}));
    assert_eq!(redefine(&mut strong, &shell()), Ok(()));
}

/// Tokens of a service account are made in its owner's sign-in: who stole that may have made them.
#[test]
fn a_used_reset_leaves_no_token_of_an_owned_account() {
    let mut world = World::prepared();
    let account = service(&mut world);
    world.run("ada", "Enable-ElevatedAccessControl", json!({"AdminGroup": "Approvers"}));
    let command = Command::IssueToken {
        account: Some(account),
        secret: sha256(b"kept by a thief"),
        scopes: [Scope::Execute].into(),
        until: world.now.plus(Span::from_hours(24)),
        label: "nightly".to_owned(),
    };
    let Reply::Token { token } = world.send(&world.session("sam"), &command).unwrap() else { unreachable!() };
    world.token("rita", &[Scope::Execute]);
    let thief = Principal::token(account, token);
    world.send(&thief, &execution(DISK, disk())).unwrap();
    reset(&mut world, "bob", "sam").unwrap();
    world.credentials("sam");
    assert_eq!(world.send(&thief, &execution(DISK, disk())).unwrap_err().code, Code::TokenNotAllowed);
    assert_eq!(world.state.tokens.len(), 1, "nobody else's is touched");
}

#[test]
fn g22_a_rate_is_kept_whoever_approves_and_through_whichever_account() {
    let mut world = World::guarded(json!({"ApproverGroup": "Deciders", "Rate": "2/24h", "Everyone": true}));
    let ask = |world: &mut World, name: &str| {
        world.ask(name, asking(DISK, &bind(&disk()))).map_err(|refusal| refusal.code)
    };
    let (rita, sam) = (world.id("rita").to_string(), world.id("sam").to_string());
    world.act("ada", "bob", "Add-UserLink", json!({"Identity": rita, "Other": sam})).unwrap();
    let first = ask(&mut world, "rita").unwrap();
    let second = ask(&mut world, "sam").unwrap();
    assert_eq!(ask(&mut world, "rita"), Err(Code::RateLimited), "what waits may be granted");
    world.approve("bob", first).unwrap();
    world.approve("bob", second).unwrap();
    assert_eq!(ask(&mut world, "rita"), Err(Code::RateLimited));
    assert_eq!(ask(&mut world, "sam"), Err(Code::RateLimited), "one human has one rate");
    ask(&mut world, "cyd").unwrap();
    world.pass(Span::from_hours(23));
    assert_eq!(ask(&mut world, "rita"), Err(Code::RateLimited));
    world.pass(Span::from_hours(1));
    let third = ask(&mut world, "rita").unwrap();
    ask(&mut world, "rita").unwrap();
    assert_eq!(ask(&mut world, "sam"), Err(Code::RateLimited));
    world.deny("bob", third).unwrap();
    ask(&mut world, "sam").unwrap();
}

/// Somebody's new password, by the link with this secret.
fn follow(world: &mut World, name: &str, secret: &Digest) -> Result<(), Code> {
    let person = world.id(name);
    let command = Command::SetCredential {
        person,
        link: Some(*secret),
        credential: Credential::Password,
        digest: sha256(b"somebody else's choice"),
    };
    let reply = world.send(&Principal::session(person, Assurance::Session, world.now), &command);
    reply.map(|_| ()).map_err(|refusal| refusal.code)
}

#[test]
fn g9_a_link_shown_to_somebody_else_is_worth_nothing_once_its_person_approves() {
    let mut world = guarded();
    let values = json!({"Identity": world.id("rita").to_string(), "LinkDelivery": "PrintForRequester"});
    world.act("ada", "cyd", "Reset-UserCredential", values.clone()).unwrap();
    let shown = world.state.invitations.values().next().unwrap().secret;
    let join = json!({"Identity": "Approvers", "Member": [world.id("rita").to_string()]});
    world.act("ada", "cyd", "Add-GroupMember", join.clone()).unwrap();
    assert_eq!(follow(&mut world, "rita", &shown), Err(Code::Forbidden));
    world.act("ada", "cyd", "Remove-GroupMember", join).unwrap();
    assert_eq!(follow(&mut world, "rita", &shown), Ok(()), "it is rita's alone again");
    // The same ledger, had rita stayed an approver.
    let mut events = world.events.clone();
    let left = events.iter_mut().rev().find_map(|event| match &mut event.body {
        Body::GroupMembersChanged { removed, .. } => Some(removed),
        _ => None,
    });
    left.unwrap().clear();
    let found = crate::cross_check::findings(&events, &world.sealed);
    assert!(found.iter().any(|finding| finding.contains("decides over others")), "{found:#?}");
}

/// Whoever followed a service account's link could make tokens in its name that no reset of its owner's takes away.
#[test]
fn a_service_account_gets_no_link() {
    let mut world = World::prepared();
    let account = service(&mut world).to_string();
    for delivery in ["Mail", "PrintForRequester"] {
        let values = json!({"Identity": account, "LinkDelivery": delivery});
        assert_eq!(world.refused("ada", "Countersign\\Reset-UserCredential", values), Code::ParameterInvalid);
    }
    assert!(world.state.invitations.is_empty());
}
