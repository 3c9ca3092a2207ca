//! The dangerous readings of the rules, each as a story that must end in a refusal.

use countersign_core::actor::Principal;
use countersign_core::command::{Command, Less};
use countersign_core::event::body::{AuthorizationEnd, Credential};
use countersign_core::execution::{Outcome, StopReason};
use countersign_core::parameter::ConstraintForm;
use countersign_core::policy::{Assurance, Target};
use countersign_core::refusal::Code;
use countersign_core::state::Untold;
use countersign_core::time::Span;
use countersign_ledger::hash::sha256;
use serde_json::json;

use crate::world::{World, asking, bind, execution, task};

const DISK: &str = "Host\\Get-DiskUsage";

fn path() -> serde_json::Value {
    json!({"Path": "/var"})
}

/// A world with a manual policy for the disk task, one approver of `Deciders` (bob, cyd).
fn protected() -> World {
    let mut world = World::prepared();
    world.run("ada", "New-Group", json!({"Name": "Deciders", "Mail": "deciders@fabrikam.example"}));
    world.join("Deciders", &["bob", "cyd"]);
    world.run("ada", "New-ElevatedAccessApprovalPolicy", json!({"Task": DISK, "ApproverGroup": "Deciders"}));
    world.run("ada", "Enable-ElevatedAccessControl", json!({"AdminGroup": "Approvers"}));
    world
}

fn granted(world: &mut World) -> countersign_core::id::RequestNumber {
    let number = world.ask("rita", asking(DISK, &bind(&path()))).unwrap();
    world.approve("bob", number).unwrap();
    number
}

fn toggled(world: &mut World, name: &str) {
    let id = world.id(name).to_string();
    world.act("ada", "cyd", "Remove-GroupMember", json!({"Identity": "Deciders", "Member": [id]})).unwrap();
    world.act("ada", "cyd", "Add-GroupMember", json!({"Identity": "Deciders", "Member": [id]})).unwrap();
}

#[test]
fn g3_everyone_needs_an_authorization_global_administrators_included() {
    let mut world = protected();
    let ada = world.id("ada").to_string();
    world
        .act("ada", "bob", "Add-RoleGroupMember", json!({"Identity": "Host\\Operators", "Member": [ada]}))
        .unwrap();
    assert_eq!(world.refused("ada", DISK, path()), Code::AuthorizationRequired);
}

#[test]
fn g2_no_role_no_run_and_a_role_suffices_where_no_policy_covers() {
    let mut world = protected();
    assert_eq!(world.refused("sam", "Host\\Restart", json!({"Unit": "cron"})), Code::RoleRequired);
    world.started("rita", "Host\\Restart", json!({"Unit": "cron"}));
}

#[test]
fn g4_only_who_may_ask_asks_and_the_ground_is_checked_again_at_the_start() {
    let mut world = protected();
    assert_eq!(world.ask("sam", asking(DISK, &bind(&path()))).unwrap_err().code, Code::NotEligibleToRequest);
    let number = granted(&mut world);
    let rita = world.id("rita").to_string();
    world
        .act("ada", "bob", "Remove-RoleGroupMember", json!({"Identity": "Host\\Operators", "Member": [rita]}))
        .unwrap();
    assert!(!world.state.authorizations.contains_key(&number));
    assert_eq!(world.refused("rita", DISK, path()), Code::AuthorizationRequired);
}

#[test]
fn g5_a_more_specific_auto_policy_ends_what_the_role_policy_granted_and_governs() {
    let mut world = World::enabled();
    world
        .act(
            "ada",
            "bob",
            "New-ElevatedAccessApprovalPolicy",
            json!({"Role": "Host\\Operator", "ApproverGroup": "Approvers"}),
        )
        .unwrap();
    let role = Target::Role("Host\\Operator".parse().unwrap());
    let mut submit = asking(DISK, &[]);
    submit.target = role;
    let number = world.ask("rita", submit).unwrap();
    world.approve("bob", number).unwrap();
    let run = world.started("rita", DISK, path());
    world.finish(run);
    world
        .act("ada", "bob", "New-ElevatedAccessApprovalPolicy", json!({"Task": DISK, "ApprovalType": "Auto"}))
        .unwrap();
    // The role's authorization lives on for its other task, but does not open the one with its own policy.
    assert_eq!(world.refused("rita", DISK, path()), Code::GovernedByOtherPolicy);
    world.started("rita", "Host\\Restart", json!({"Unit": "cron"}));
    world.ask("rita", asking(DISK, &bind(&path()))).unwrap();
}

#[test]
fn g5_a_second_role_does_not_open_what_the_first_roles_policy_protects() {
    let mut world = World::prepared();
    world.run("ada", "New-ManagementRole", json!({"Name": "Host\\Helper", "Task": [DISK]}));
    world.run("ada", "New-RoleGroup", json!({"Name": "Host\\Helpers", "Role": ["Host\\Helper"]}));
    let rita = world.id("rita").to_string();
    world.run("ada", "Add-RoleGroupMember", json!({"Identity": "Host\\Helpers", "Member": [rita]}));
    world.run("ada", "New-ElevatedAccessApprovalPolicy", json!({"Role": "Host\\Operator"}));
    world.run("ada", "Enable-ElevatedAccessControl", json!({"AdminGroup": "Approvers"}));
    assert_eq!(world.refused("rita", DISK, path()), Code::AuthorizationRequired);
}

#[test]
fn g7_a_redefined_task_is_no_longer_covered() {
    let mut world = protected();
    granted(&mut world);
    let mut changed = task(DISK, &["Path"]);
    changed.limits.max_run_time = Span::from_secs(5);
    let text = serde_json::to_string(&[changed]).unwrap();
    world.act("ada", "bob", "Import-TaskPack", json!({"Workload": "Host", "Definitions": text})).unwrap();
    assert_eq!(world.refused("rita", DISK, path()), Code::AuthorizationRequired);
}

#[test]
fn g7_a_new_title_changes_nothing() {
    let mut world = protected();
    let number = granted(&mut world);
    let mut changed = task(DISK, &["Path"]);
    changed.title = "Disk use, in a better title".to_owned();
    let text = serde_json::to_string(&[changed]).unwrap();
    world.act("ada", "bob", "Import-TaskPack", json!({"Workload": "Host", "Definitions": text})).unwrap();
    assert!(world.state.authorizations.contains_key(&number));
    world.started("rita", DISK, path());
}

#[test]
fn g9_nobody_approves_their_own_request_through_no_account_of_theirs() {
    let mut world = protected();
    let (rita, sam) = (world.id("rita").to_string(), world.id("sam").to_string());
    world
        .act("ada", "bob", "Add-GroupMember", json!({"Identity": "Deciders", "Member": [rita, sam]}))
        .unwrap();
    world.act("ada", "bob", "Add-UserLink", json!({"Identity": rita, "Other": sam})).unwrap();
    let number = world.ask("rita", asking(DISK, &bind(&path()))).unwrap();
    for own in ["rita", "sam"] {
        assert_eq!(world.approve(own, number).unwrap_err().code, Code::SelfApproval, "{own}");
        assert_eq!(world.deny(own, number).unwrap_err().code, Code::SelfApproval, "{own}");
    }
}

#[test]
fn g9_a_link_made_later_ends_what_it_would_have_forbidden() {
    let mut world = protected();
    let number = granted(&mut world);
    let (rita, bob) = (world.id("rita").to_string(), world.id("bob").to_string());
    world.act("ada", "cyd", "Add-UserLink", json!({"Identity": rita, "Other": bob})).unwrap();
    assert!(!world.state.authorizations.contains_key(&number));
    assert_eq!(world.refused("rita", DISK, path()), Code::AuthorizationRequired);
}

#[test]
fn g10_two_accounts_of_one_person_are_one_vote_and_overlapping_stages_need_distinct_people() {
    let mut world = World::prepared();
    for (group, members) in [("First", ["bob", "cyd"].as_slice()), ("Second", ["cyd", "sam"].as_slice())] {
        world.run("ada", "New-Group", json!({"Name": group, "Mail": "g@fabrikam.example"}));
        world.join(group, members);
    }
    world.run(
        "ada",
        "New-ElevatedAccessApprovalPolicy",
        json!({"Task": DISK, "Stages": ["First:1", "Second:1"]}),
    );
    world.run("ada", "Enable-ElevatedAccessControl", json!({"AdminGroup": "Approvers"}));
    let number = world.ask("rita", asking(DISK, &bind(&path()))).unwrap();
    assert_eq!(world.approve("sam", number).unwrap_err().code, Code::NotAnApprover, "stages go in order");
    world.approve("cyd", number).unwrap();
    assert_eq!(world.approve("cyd", number).unwrap_err().code, Code::AlreadyVoted);
    world.approve("sam", number).unwrap();
    world.started("rita", DISK, path());
}

#[test]
fn g10_a_vote_that_leaves_a_later_seat_empty_is_refused() {
    let mut world = World::prepared();
    for (group, members) in [("First", ["bob", "cyd"].as_slice()), ("Second", ["cyd", "sam"].as_slice())] {
        world.run("ada", "New-Group", json!({"Name": group, "Mail": "g@fabrikam.example"}));
        world.join(group, members);
    }
    world.run(
        "ada",
        "New-ElevatedAccessApprovalPolicy",
        json!({"Task": DISK, "Stages": ["First:1", "Second:1"]}),
    );
    world.run("ada", "Enable-ElevatedAccessControl", json!({"AdminGroup": "Approvers"}));
    let number = world.ask("rita", asking(DISK, &bind(&path()))).unwrap();
    let sam = world.id("sam").to_string();
    world.execute("ada", "Countersign\\Disable-User", json!({"Identity": sam})).unwrap();
    assert_eq!(world.approve("cyd", number).unwrap_err().code, Code::NeededLater);
    world.approve("bob", number).unwrap();
    world.approve("cyd", number).unwrap();
    world.started("rita", DISK, path());
}

#[test]
fn g10_a_policy_that_somebody_could_never_get_approved_is_refused() {
    let mut world = World::prepared();
    world.run("ada", "New-Group", json!({"Name": "Alone", "Mail": "alone@fabrikam.example"}));
    world.join("Alone", &["rita"]);
    assert_eq!(
        world.refused(
            "ada",
            "Countersign\\New-ElevatedAccessApprovalPolicy",
            json!({"Task": DISK, "ApproverGroup": "Alone"})
        ),
        Code::QuorumImpossible
    );
}

#[test]
fn g11_a_toggled_membership_revives_nothing() {
    let mut world = protected();
    let number = granted(&mut world);
    toggled(&mut world, "bob");
    assert!(!world.state.authorizations.contains_key(&number), "the quorum was lost while bob was out");
    assert_eq!(world.refused("rita", DISK, path()), Code::AuthorizationRequired);
    let number = world.ask("rita", asking(DISK, &bind(&path()))).unwrap();
    world.approve("bob", number).unwrap();
}

#[test]
fn g11_who_joins_later_decides_from_the_next_request_on() {
    let mut world = protected();
    let number = world.ask("rita", asking(DISK, &bind(&path()))).unwrap();
    let sam = world.id("sam").to_string();
    world.act("ada", "bob", "Add-GroupMember", json!({"Identity": "Deciders", "Member": [sam]})).unwrap();
    assert_eq!(world.approve("sam", number).unwrap_err().code, Code::NotAnApprover);
}

#[test]
fn g11_a_pending_request_that_nobody_can_approve_any_more_ends_at_once() {
    let mut world = protected();
    let number = world.ask("rita", asking(DISK, &bind(&path()))).unwrap();
    for name in ["bob", "cyd"] {
        let id = world.id(name).to_string();
        world
            .act(
                "ada",
                if name == "bob" { "cyd" } else { "bob" },
                "Remove-GroupMember",
                json!({"Identity": "Deciders", "Member": [id]}),
            )
            .unwrap();
    }
    assert!(!world.state.requests.contains_key(&number));
}

#[test]
fn g12_the_first_final_event_wins() {
    let mut world = protected();
    let number = world.ask("rita", asking(DISK, &bind(&path()))).unwrap();
    world.deny("bob", number).unwrap();
    assert_eq!(world.approve("cyd", number).unwrap_err().code, Code::AlreadyFinal);
    let number = granted(&mut world);
    assert_eq!(world.deny("cyd", number).unwrap_err().code, Code::AlreadyFinal);
    let revoke = Command::Revoke { number, comment: "found out".to_owned() };
    assert_eq!(
        world.send(&world.session("sam"), &revoke).unwrap_err().code,
        Code::AlreadyFinal,
        "says nothing more to others"
    );
    world.send(&world.session("cyd"), &revoke).unwrap();
    assert_eq!(world.refused("rita", DISK, path()), Code::AuthorizationRequired);
}

#[test]
fn g12_a_decision_on_another_statement_is_refused_and_less_is_contained() {
    let mut world = protected();
    let number = world.ask("rita", asking(DISK, &bind(&path()))).unwrap();
    let seen = world.statement(number);
    let wider = Less { duration: Some(Span::from_hours(5)), ..Less::default() };
    assert_eq!(world.approve_less("bob", number, Some(wider)).unwrap_err().code, Code::InvalidInput);
    let less = Less { duration: Some(Span::from_hours(1)), uses: Some(1), ..Less::default() };
    world.approve_less("bob", number, Some(less)).unwrap();
    assert_ne!(world.statement(number), seen);
    let run = world.started("rita", DISK, path());
    world.finish(run);
    assert_eq!(world.refused("rita", DISK, path()), Code::UsesExhausted);
    let late = Command::Deny { number, statement: seen, comment: "late".to_owned() };
    assert_eq!(world.send(&world.session("cyd"), &late).unwrap_err().code, Code::AlreadyFinal);
}

#[test]
fn g13_just_before_and_at_the_end() {
    let mut world = protected();
    granted(&mut world);
    world.pass(Span::from_micros(4 * 3_600_000_000 - 1));
    let run = world.started("rita", DISK, path());
    world.finish(run);
    world.pass(Span::from_micros(1));
    assert_eq!(world.refused("rita", DISK, path()), Code::AuthorizationEnded);
}

#[test]
fn g13_a_request_expires_at_its_instant_with_or_without_a_timer() {
    let mut world = protected();
    let number = world.ask("rita", asking(DISK, &bind(&path()))).unwrap();
    world.pass(Span::from_hours(24));
    assert_eq!(world.approve("bob", number).unwrap_err().code, Code::AlreadyFinal);
    world.tick();
    assert!(!world.state.requests.contains_key(&number));
}

#[test]
fn g13_a_later_start_is_shortened_by_a_late_approval_never_shifted() {
    let mut world = protected();
    let mut submit = asking(DISK, &bind(&path()));
    submit.start = Some(world.now.plus(Span::from_hours(2)));
    submit.duration = Some(Span::from_hours(2));
    let number = world.ask("rita", submit).unwrap();
    let end = world.now.plus(Span::from_hours(4));
    world.pass(Span::from_hours(3));
    world.approve("bob", number).unwrap();
    assert_eq!(world.state.authorizations[&number].until, end);
}

#[test]
fn g14_removing_or_tightening_a_policy_ends_what_it_granted_and_widening_does_not() {
    for (change, ends) in [
        (json!({"ApproverGroup": "Deciders", "MaximumDurationHours": 12}), true),
        (json!({"ApproverGroup": "Deciders", "Parallel": 3}), false),
        (json!({"ApproverGroup": "Deciders", "Approvers": 2}), true),
    ] {
        let mut world = protected();
        let number = granted(&mut world);
        let policy = *world.state.policy_for.values().next().unwrap();
        let mut values = change.clone();
        values["Identity"] = json!(policy.to_string());
        world.act("ada", "bob", "Set-ElevatedAccessApprovalPolicy", values).unwrap();
        assert_eq!(!world.state.authorizations.contains_key(&number), ends, "{change}");
    }
    let mut world = protected();
    let number = granted(&mut world);
    let policy = *world.state.policy_for.values().next().unwrap();
    world
        .act("ada", "bob", "Remove-ElevatedAccessApprovalPolicy", json!({"Identity": policy.to_string()}))
        .unwrap();
    assert!(!world.state.authorizations.contains_key(&number));
    // What no policy protects any more, a role runs.
    world.started("rita", DISK, path());
}

#[test]
fn g15_a_revocation_stops_what_runs_and_a_redefinition_lets_it_finish() {
    let mut world = protected();
    let number = granted(&mut world);
    let run = world.started("rita", DISK, path());
    world.send(&world.session("cyd"), &Command::Revoke { number, comment: "stop".to_owned() }).unwrap();
    assert_eq!(world.state.executions[&run].stopping, Some(StopReason::Revoked));

    let mut world = protected();
    granted(&mut world);
    let run = world.started("rita", DISK, path());
    let text = serde_json::to_string(&[task(DISK, &["Path", "More"])]).unwrap();
    world.act("ada", "bob", "Import-TaskPack", json!({"Workload": "Host", "Definitions": text})).unwrap();
    assert_eq!(world.state.executions[&run].stopping, None);
}

#[test]
fn g15_expiry_stops_what_runs_unless_it_must_run_to_its_end() {
    for run_to_end in [false, true] {
        let mut world = protected();
        let mut defined = task(DISK, &["Path"]);
        defined.run_to_end = run_to_end;
        defined.limits.max_run_time = Span::from_hours(9);
        let text = serde_json::to_string(&[defined]).unwrap();
        world.act("ada", "bob", "Import-TaskPack", json!({"Workload": "Host", "Definitions": text})).unwrap();
        granted(&mut world);
        let run = world.started("rita", DISK, path());
        world.pass(Span::from_hours(4));
        world.tick();
        assert_eq!(world.state.executions[&run].stopping.is_none(), run_to_end);
    }
}

#[test]
fn g6_an_unknown_outcome_holds_its_slot_until_acknowledged() {
    let mut world = protected();
    granted(&mut world);
    let run = world.started("rita", DISK, path());
    let unknown = Outcome::Unknown { reason: "the runner is gone".to_owned() };
    let finish = Command::Finish { execution: run, outcome: unknown, output: None };
    world.send(&Principal::system(), &finish).unwrap();
    assert_eq!(world.refused("rita", DISK, path()), Code::AlreadyRunning);
    assert_eq!(
        world.send(&world.session("sam"), &Command::Acknowledge { execution: run }).unwrap_err().code,
        Code::NotFound
    );
    world.send(&world.session("rita"), &Command::Acknowledge { execution: run }).unwrap();
    world.started("rita", DISK, path());
}

#[test]
fn g16_while_the_clock_is_suspect_power_is_removed_and_none_given() {
    let mut world = protected();
    let live = granted(&mut world);
    let mut submit = asking(DISK, &bind(&json!({"Path": "/etc"})));
    submit.uses = Some(1);
    let pending = world.ask("rita", submit).unwrap();
    let stated = world.now.plus(Span::from_hours(48));
    world.send(&Principal::system(), &Command::SuspectClock { stated }).unwrap();
    assert_eq!(world.refused("rita", DISK, path()), Code::ClockSuspect);
    assert_eq!(world.approve("bob", pending).unwrap_err().code, Code::ClockSuspect);
    world.deny("bob", pending).unwrap();
    world
        .execute("ada", "Countersign\\Disable-User", json!({"Identity": world.id("sam").to_string()}))
        .unwrap();
    world.host(&Command::AcceptClock).unwrap();
    assert!(!world.state.authorizations.contains_key(&live));
    assert_eq!(
        world.state.untold.get(&live).copied().unwrap_or(Untold::Authorization(AuthorizationEnd::ClockFault)),
        Untold::Authorization(AuthorizationEnd::ClockFault)
    );
}

#[test]
fn g17_the_control_plane_is_protected_from_the_end_of_set_up_also_while_disabled() {
    let mut world = protected();
    world.act("ada", "bob", "Disable-ElevatedAccessControl", json!({})).unwrap();
    world.started("rita", DISK, path());
    assert_eq!(
        world.refused("ada", "Countersign\\New-Group", json!({"Name": "X", "Mail": "x@fabrikam.example"})),
        Code::AuthorizationRequired
    );
    world.act("ada", "bob", "New-Group", json!({"Name": "X", "Mail": "x@fabrikam.example"})).unwrap();
    assert_eq!(
        world.refused("ada", "Countersign\\New-Group", json!({"Name": "X", "Mail": "x@fabrikam.example"})),
        Code::UsesExhausted,
        "one use"
    );
}

#[test]
fn g17_a_policy_for_the_control_plane_is_never_weaker_than_the_built_in_one() {
    let mut world = World::enabled();
    let auto = json!({"Task": "Countersign\\New-Group", "ApprovalType": "Auto"});
    assert_eq!(
        world.act("ada", "bob", "New-ElevatedAccessApprovalPolicy", auto).unwrap_err().code,
        Code::PolicyTooWeak
    );
}

#[test]
fn g17_two_deciders_remain_whatever_is_removed() {
    let mut world = World::enabled();
    let (bob, cyd) = (world.id("bob").to_string(), world.id("cyd").to_string());
    world.act("ada", "bob", "Remove-GroupMember", json!({"Identity": "Approvers", "Member": [cyd]})).unwrap();
    let gone =
        world.act("ada", "bob", "Remove-GroupMember", json!({"Identity": "Approvers", "Member": [bob]}));
    assert_eq!(gone.unwrap_err().code, Code::LastPeople);
    assert_eq!(world.refused("ada", "Countersign\\Disable-User", json!({"Identity": bob})), Code::LastPeople);
}

#[test]
fn g17_enabling_needs_two_people_with_working_credentials_and_names_who_is_missing() {
    let mut world = World::set_up();
    let made = world.run(
        "ada",
        "New-User",
        json!({"UserPrincipalName": "new@fabrikam.example", "DisplayName": "New"}),
    );
    world.run("ada", "New-Group", json!({"Name": "Approvers", "Mail": "a@fabrikam.example"}));
    let members = [world.id("ada").to_string(), made["person"].clone()];
    world.run("ada", "Add-GroupMember", json!({"Identity": "Approvers", "Member": members}));
    let refusal = world
        .execute("ada", "Countersign\\Enable-ElevatedAccessControl", json!({"AdminGroup": "Approvers"}))
        .unwrap_err();
    assert_eq!(refusal.code, Code::LastPeople);
    assert!(refusal.message.contains(&made["person"]), "{refusal}");
}

#[test]
fn g17_set_up_mode_is_the_first_administrators_alone() {
    let mut world = World::prepared();
    assert_eq!(
        world.refused("bob", "Countersign\\New-Group", json!({"Name": "X", "Mail": "x@fabrikam.example"})),
        Code::SetUpMode
    );
    assert_eq!(world.refused("rita", DISK, path()), Code::SetUpMode);
}

#[test]
fn g21_disabling_ends_what_lives_and_enabling_again_revives_nothing() {
    let mut world = protected();
    let number = granted(&mut world);
    let run = world.started("rita", DISK, path());
    world.act("ada", "bob", "Disable-ElevatedAccessControl", json!({"ForHours": 1})).unwrap();
    assert!(!world.state.authorizations.contains_key(&number));
    assert_eq!(world.state.executions[&run].stopping, Some(StopReason::AccessDisabled));
    world.pass(Span::from_hours(1));
    assert_eq!(
        world.refused("rita", DISK, path()),
        Code::AuthorizationRequired,
        "by comparing instants, before any timer"
    );
    world.tick();
    assert_eq!(world.refused("rita", DISK, path()), Code::AuthorizationRequired);
}

#[test]
fn g21_observing_records_what_would_have_been_refused() {
    let mut world = protected();
    world.act("ada", "bob", "Disable-ElevatedAccessControl", json!({"Observe": true})).unwrap();
    world.started("rita", DISK, path());
    let recorded = world.events.iter().rev().find_map(|event| match &event.body {
        countersign_core::event::Body::ExecutionStarted { would_refuse, .. } => Some(*would_refuse),
        _ => None,
    });
    assert_eq!(recorded, Some(Some(Code::AuthorizationRequired)));
}

#[test]
fn tokens_never_vote_and_never_start_the_control_plane() {
    let mut world = protected();
    let issue = |label: &str, now: countersign_core::time::Instant| Command::IssueToken {
        account: None,
        secret: countersign_ledger::hash::sha256(label.as_bytes()),
        scopes: [countersign_core::actor::Scope::Execute, countersign_core::actor::Scope::Request].into(),
        until: now.plus(Span::from_hours(24)),
        label: label.to_owned(),
    };
    world.send(&world.session("bob"), &issue("bob", world.now)).unwrap();
    world.send(&world.session("ada"), &issue("ada", world.now)).unwrap();
    let of = |world: &World, name: &str| {
        let id = world.id(name);
        let token =
            world.state.tokens.iter().find(|(_, token)| token.person == id).map(|(token, _)| *token).unwrap();
        Principal::token(id, token)
    };
    let number = world.ask("rita", asking(DISK, &bind(&path()))).unwrap();
    let approve = Command::Approve(countersign_core::command::Approve {
        number,
        statement: world.statement(number),
        comment: String::new(),
        less: None,
    });
    assert_eq!(world.send(&of(&world, "bob"), &approve).unwrap_err().code, Code::TokenNotAllowed);
    let group = execution("Countersign\\New-Group", json!({"Name": "X", "Mail": "x@fabrikam.example"}));
    assert_eq!(world.send(&of(&world, "ada"), &group).unwrap_err().code, Code::TokenNotAllowed);
}

#[test]
fn assurance_without_a_second_factor_nobody_approves_or_touches_the_control_plane() {
    let mut world = protected();
    let number = world.ask("rita", asking(DISK, &bind(&path()))).unwrap();
    let weak = Principal::session(world.id("bob"), Assurance::Session, world.now);
    let approve = Command::Approve(countersign_core::command::Approve {
        number,
        statement: world.statement(number),
        comment: String::new(),
        less: None,
    });
    assert_eq!(world.send(&weak, &approve).unwrap_err().code, Code::SecondFactorRequired);
    let weak = Principal::session(world.id("ada"), Assurance::Session, world.now);
    let group = execution("Countersign\\New-Group", json!({"Name": "X", "Mail": "x@fabrikam.example"}));
    assert_eq!(world.send(&weak, &group).unwrap_err().code, Code::SecondFactorRequired);
}

#[test]
fn parameters_not_named_in_the_request_may_not_appear_in_the_run() {
    let mut world = protected();
    assert_eq!(world.ask("rita", asking(DISK, &[])).unwrap_err().code, Code::ParameterInvalid);
    let number = world
        .ask("rita", asking(DISK, &[("Path", ConstraintForm::OneOf(vec![json!("/var"), json!("/srv")]))]))
        .unwrap();
    world.approve("bob", number).unwrap();
    assert_eq!(world.refused("rita", DISK, json!({"Path": "/etc"})), Code::ParameterNotApproved);
    world.started("rita", DISK, json!({"Path": "/srv"}));
}

#[test]
fn g11_a_seat_whose_vote_no_longer_counts_is_open_again() {
    let mut world = World::prepared();
    for (group, members) in [("First", ["bob", "cyd"].as_slice()), ("Second", ["sam"].as_slice())] {
        world.run("ada", "New-Group", json!({"Name": group, "Mail": "g@fabrikam.example"}));
        world.join(group, members);
    }
    world.run(
        "ada",
        "New-ElevatedAccessApprovalPolicy",
        json!({"Task": DISK, "Stages": ["First:1", "Second:1"]}),
    );
    world.run("ada", "Enable-ElevatedAccessControl", json!({"AdminGroup": "Approvers"}));
    let number = world.ask("rita", asking(DISK, &bind(&path()))).unwrap();
    world.approve("bob", number).unwrap();
    let bob = world.id("bob").to_string();
    world.act("ada", "cyd", "Remove-GroupMember", json!({"Identity": "First", "Member": [bob]})).unwrap();
    assert_eq!(
        world.approve("sam", number).unwrap_err().code,
        Code::NotAnApprover,
        "the first stage comes first"
    );
    world.approve("cyd", number).unwrap();
    world.approve("sam", number).unwrap();
    world.started("rita", DISK, path());
}

#[test]
fn assurance_a_stolen_password_does_not_replace_the_second_factor() {
    let mut world = protected();
    let bob = world.id("bob");
    let weak = Principal::session(bob, Assurance::Session, world.now);
    for credential in
        [countersign_core::event::body::Credential::Totp, countersign_core::event::body::Credential::Password]
    {
        let digest = countersign_ledger::hash::sha256(b"the thief's");
        let command = Command::SetCredential { person: bob, link: None, credential, digest };
        assert_eq!(world.send(&weak, &command).unwrap_err().code, Code::SecondFactorRequired);
    }
}

#[test]
fn a_link_is_used_by_its_secret_alone() {
    let mut world = World::prepared();
    let bob = world.id("bob");
    world.run("ada", "Reset-UserCredential", json!({"Identity": bob.to_string()}));
    let link = world.state.invitations.values().find(|link| link.person == bob).unwrap().clone();
    let set = |whose, link| Command::SetCredential {
        person: whose,
        link: Some(link),
        credential: Credential::Password,
        digest: sha256(b"new"),
    };
    for (name, whose, secret) in
        [("another secret", bob, sha256(b"guessed")), ("another person", world.id("cyd"), link.secret)]
    {
        let refused = world.send(&world.session("bob"), &set(whose, secret)).unwrap_err();
        assert_eq!(refused.code, Code::NotFound, "{name}");
    }
    world.send(&world.session("bob"), &set(bob, link.secret)).unwrap();
    let again = world.send(&world.session("bob"), &set(bob, link.secret)).unwrap_err();
    assert_eq!(again.code, Code::NotFound, "once");
}
