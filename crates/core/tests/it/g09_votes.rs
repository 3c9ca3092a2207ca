//! G9 to G12: whose votes count, and what is final.

use countersign_core::actor::{Principal, Scope};
use countersign_core::command::{Approve, Command, Less};
use countersign_core::event::Body;
use countersign_core::id::RequestNumber;
use countersign_core::parameter::ConstraintForm;
use countersign_core::policy::Assurance;
use countersign_core::refusal::Code;
use countersign_core::time::Span;
use serde_json::json;

use crate::world::{DISK, World, asking, bind, disk};

fn pending(world: &mut World) -> RequestNumber {
    world.ask("rita", asking(DISK, &bind(&disk()))).unwrap()
}

fn approve(world: &World, number: RequestNumber) -> Command {
    Command::Approve(Approve {
        number,
        statement: world.statement(number),
        comment: String::new(),
        less: None,
    })
}

fn member(world: &mut World, act: &str, group: &str, name: &str) {
    let id = world.id(name).to_string();
    world.act("ada", "cyd", act, json!({"Identity": group, "Member": [id]})).unwrap();
}

#[test]
fn g9_not_as_administrator_not_through_a_nested_group_not_for_ones_own_service_account() {
    let mut world = World::prepared();
    for name in ["Inner", "Deciders"] {
        world.run("ada", "New-Group", json!({"Name": name, "Mail": "g@fabrikam.example"}));
    }
    world.join("Inner", &["ada", "rita"]);
    world.run("ada", "Add-GroupMember", json!({"Identity": "Deciders", "Member": ["Inner"]}));
    world.join("Deciders", &["bob"]);
    world.run(
        "ada",
        "New-ElevatedAccessApprovalPolicy",
        json!({"Task": DISK, "ApproverGroup": "Deciders", "Everyone": true}),
    );
    world.run("ada", "Enable-ElevatedAccessControl", json!({"AdminGroup": "Approvers"}));
    for name in ["ada", "rita", "bob"] {
        let number = world.ask(name, asking(DISK, &bind(&disk()))).unwrap();
        assert_eq!(world.approve(name, number).unwrap_err().code, Code::SelfApproval, "{name}");
        assert_eq!(world.deny(name, number).unwrap_err().code, Code::SelfApproval, "{name}");
    }
}

#[test]
fn g9_a_token_of_the_approver_does_not_vote_and_a_changed_name_changes_nothing() {
    let mut world = World::guarded(json!({"ApproverGroup": "Deciders"}));
    let number = pending(&mut world);
    let token = world.token("bob", &[Scope::Request, Scope::Execute, Scope::Read, Scope::Raise]);
    assert_eq!(world.send(&token, &approve(&world, number)).unwrap_err().code, Code::TokenNotAllowed);
    // Another sign-in name is the same person still.
    let rita = world.id("rita").to_string();
    let renamed = json!({"Identity": rita, "UserPrincipalName": "new@fabrikam.example", "DisplayName": "Somebody Else"});
    world.act("ada", "bob", "Set-User", renamed).unwrap();
    assert_eq!(world.approve("rita", number).unwrap_err().code, Code::SelfApproval);
}

#[test]
fn g9_linked_approvers_are_one_vote_and_a_later_link_undoes_the_count() {
    let mut world = World::guarded(json!({"ApproverGroup": "Deciders", "Approvers": 2}));
    member(&mut world, "Add-GroupMember", "Deciders", "sam");
    let (bob, cyd) = (world.id("bob").to_string(), world.id("cyd").to_string());
    let number = pending(&mut world);
    world.approve("bob", number).unwrap();
    world.approve("cyd", number).unwrap();
    world.started("rita", DISK, disk());
    world.act("ada", "cyd", "Add-UserLink", json!({"Identity": bob, "Other": cyd})).unwrap();
    assert!(!world.state.authorizations.contains_key(&number), "two votes of one person");
    let number = pending(&mut world);
    world.approve("bob", number).unwrap();
    assert_eq!(world.approve("cyd", number).unwrap_err().code, Code::AlreadyVoted);
    world.approve("sam", number).unwrap();
    assert!(world.state.authorizations.contains_key(&number));
}

#[test]
fn g10_every_seat_takes_another_person_and_twice_is_once() {
    let mut world = World::guarded(json!({"ApproverGroup": "Deciders", "Approvers": 2}));
    let number = pending(&mut world);
    world.approve("bob", number).unwrap();
    assert_eq!(world.refused("rita", DISK, disk()), Code::WaitingForApproval);
    assert_eq!(world.approve("bob", number).unwrap_err().code, Code::AlreadyVoted);
    world.approve("cyd", number).unwrap();
    assert_eq!(world.approve("cyd", number).unwrap_err().code, Code::AlreadyFinal);
    world.started("rita", DISK, disk());
}

#[test]
fn g10_a_policy_is_refused_for_whoever_could_ask_and_never_be_approved() {
    for (terms, refused) in [
        (json!({"Stages": ["Pair:2"]}), false),
        (json!({"Stages": ["Pair:3"]}), true),
        (json!({"Stages": ["Pair:2"], "Everyone": true}), true),
        (json!({"Stages": ["Pair:1", "Pair:1"], "Everyone": true}), true),
        (json!({"Stages": ["Pair:1", "Approvers:1"], "Everyone": true}), false),
        (json!({"Stages": ["Pair:2", "Approvers:2"], "RequesterGroup": "Pair"}), true),
        (json!({"Stages": ["Empty:1"]}), true),
    ] {
        let mut world = World::prepared();
        for (group, members) in [("Pair", ["bob", "cyd"].as_slice()), ("Empty", &[])] {
            world.run("ada", "New-Group", json!({"Name": group, "Mail": "g@fabrikam.example"}));
            if !members.is_empty() {
                world.join(group, members);
            }
        }
        let mut values = terms.clone();
        values["Task"] = json!(DISK);
        let made = world.execute("ada", "Countersign\\New-ElevatedAccessApprovalPolicy", values);
        assert_eq!(
            made.err().map(|refusal| refusal.code),
            refused.then_some(Code::QuorumImpossible),
            "{terms}"
        );
    }
}

#[test]
fn g11_the_assurance_and_its_freshness_are_judged_at_the_vote_only() {
    let fresh = Span::from_mins(5);
    for (assurance, age, expected) in [
        (Assurance::SecondFactor, Span::ZERO, None),
        (Assurance::SecondFactor, fresh, None),
        (Assurance::SecondFactor, Span::from_micros(fresh.as_micros() + 1), Some(Code::AssuranceTooLow)),
        (Assurance::Session, Span::ZERO, Some(Code::SecondFactorRequired)),
        (Assurance::Passkey, Span::ZERO, None),
    ] {
        let mut world = World::guarded(
            json!({"ApproverGroup": "Deciders", "MinimumAssurance": "SecondFactor", "FreshnessMinutes": 5}),
        );
        let number = pending(&mut world);
        let session = Principal::session(world.id("bob"), assurance, world.now.minus(age));
        let voted = world.send(&session, &approve(&world, number));
        assert_eq!(voted.err().map(|refusal| refusal.code), expected, "{assurance:?} {age}");
        if expected.is_none() {
            world.pass(Span::from_hours(3));
            world.started("rita", DISK, disk());
        }
    }
}

#[test]
fn g11_a_stale_session_still_denies_and_revokes() {
    let mut world = World::guarded(json!({"ApproverGroup": "Deciders", "FreshnessMinutes": 5}));
    let number = pending(&mut world);
    let weak = Principal::session(world.id("bob"), Assurance::Session, world.now.minus(Span::from_hours(9)));
    let deny = Command::Deny { number, statement: world.statement(number), comment: "no".to_owned() };
    world.send(&weak, &deny).unwrap();
    let number = world.granted(|_| {});
    world.send(&weak, &Command::Revoke { number, comment: "no".to_owned() }).unwrap();
}

#[test]
fn g11_each_way_of_losing_the_quorum_ends_the_authorization_and_none_brings_it_back() {
    for (lose, regain) in [
        ("Remove-GroupMember", "Add-GroupMember"),
        ("Disable-User", "Enable-User"),
        ("Add-UserLink", "Remove-UserLink"),
    ] {
        let mut world = World::guarded(json!({"ApproverGroup": "Deciders"}));
        let number = world.granted(|_| {});
        let (bob, rita) = (world.id("bob").to_string(), world.id("rita").to_string());
        let values = |act: &str| match act {
            "Remove-GroupMember" | "Add-GroupMember" => json!({"Identity": "Deciders", "Member": [bob]}),
            "Add-UserLink" => json!({"Identity": bob, "Other": rita}),
            _ => json!({"Identity": bob}),
        };
        match lose {
            "Disable-User" => drop(world.execute("ada", "Countersign\\Disable-User", values(lose)).unwrap()),
            _ => drop(world.act("ada", "cyd", lose, values(lose)).unwrap()),
        }
        assert!(!world.state.authorizations.contains_key(&number), "{lose}");
        world.act("ada", "cyd", regain, values(regain)).unwrap();
        assert!(!world.state.authorizations.contains_key(&number), "{regain}");
        assert_eq!(world.refused("rita", DISK, disk()), Code::AuthorizationRequired);
    }
}

#[test]
fn g11_a_second_way_into_the_group_keeps_membership_and_authorization() {
    let mut world = World::guarded(json!({"ApproverGroup": "Deciders"}));
    world.act("ada", "cyd", "New-Group", json!({"Name": "Inner", "Mail": "g@fabrikam.example"})).unwrap();
    member(&mut world, "Add-GroupMember", "Inner", "bob");
    world.act("ada", "cyd", "Add-GroupMember", json!({"Identity": "Deciders", "Member": ["Inner"]})).unwrap();
    let number = world.granted(|_| {});
    member(&mut world, "Remove-GroupMember", "Deciders", "bob");
    assert!(world.state.authorizations.contains_key(&number), "he is in by the other way, without a break");
    world
        .act("ada", "cyd", "Remove-GroupMember", json!({"Identity": "Deciders", "Member": ["Inner"]}))
        .unwrap();
    assert!(!world.state.authorizations.contains_key(&number));
}

#[test]
fn g11_an_administrator_who_enters_the_group_after_the_request_decides_nothing_about_it() {
    let mut world = World::guarded(json!({"ApproverGroup": "Deciders"}));
    let number = pending(&mut world);
    member(&mut world, "Add-GroupMember", "Deciders", "ada");
    assert_eq!(world.approve("ada", number).unwrap_err().code, Code::NotAnApprover);
    assert_eq!(world.deny("ada", number).unwrap_err().code, Code::NotAnApprover);
    // A revocation only asks for who may decide today: it takes power away.
    world.approve("bob", number).unwrap();
    world.send(&world.session("ada"), &Command::Revoke { number, comment: "wrong".to_owned() }).unwrap();
}

#[test]
fn g12_one_denial_ends_it_only_at_the_current_stage_and_with_a_comment() {
    let mut world = World::guarded(json!({"Stages": ["Deciders:1", "Approvers:1"]}));
    let number = pending(&mut world);
    let statement = world.statement(number);
    assert_eq!(world.deny("ada", number).unwrap_err().code, Code::NotAnApprover, "not her stage yet");
    for comment in ["", "  \n"] {
        let deny = Command::Deny { number, statement, comment: comment.to_owned() };
        assert_eq!(world.send(&world.session("bob"), &deny).unwrap_err().code, Code::CommentRequired);
    }
    world.approve("bob", number).unwrap();
    world.deny("ada", number).unwrap();
    for (name, act) in [("cyd", "approve"), ("bob", "deny")] {
        let late = if act == "approve" { world.approve(name, number) } else { world.deny(name, number) };
        assert_eq!(late.unwrap_err().code, Code::AlreadyFinal, "{name}");
    }
    let cancel = world.send(&world.session("rita"), &Command::Cancel { number });
    assert_eq!(cancel.unwrap_err().code, Code::NotFound);
}

#[test]
fn g12_after_the_last_approval_the_requester_gives_back_and_cancels_nothing() {
    let mut world = World::guarded(json!({"ApproverGroup": "Deciders"}));
    let number = world.granted(|_| {});
    let cancel = Command::Cancel { number };
    assert_eq!(world.send(&world.session("rita"), &cancel).unwrap_err().code, Code::AlreadyFinal);
    for name in ["sam", "bob"] {
        assert_eq!(
            world.send(&world.session(name), &Command::GiveBack { number }).unwrap_err().code,
            Code::NotFound
        );
    }
    world.send(&world.session("rita"), &Command::GiveBack { number }).unwrap();
    assert_eq!(
        world.send(&world.session("rita"), &Command::GiveBack { number }).unwrap_err().code,
        Code::NotFound
    );
    assert_eq!(world.refused("rita", DISK, disk()), Code::AuthorizationRequired);
}

#[test]
fn g12_the_same_request_sent_again_carries_its_earlier_denial() {
    let mut world = World::guarded(json!({"ApproverGroup": "Deciders"}));
    let number = pending(&mut world);
    world.deny("bob", number).unwrap();
    let submit = Command::Submit(asking(DISK, &bind(&disk())));
    let wanted = countersign_core::decide::needs(&world.state, &world.session("rita"), &submit);
    let others = countersign_core::decide::needs(&world.state, &world.session("sam"), &submit);
    assert!(wanted.same.is_some(), "core asks for the earlier denial");
    assert_ne!(wanted.same, others.same, "another person's is another request");
    let facts = countersign_core::facts::Facts { denied_before: Some(number), ..Default::default() };
    let session = world.session("rita");
    let decision =
        countersign_core::decide::decide(&world.state, &facts, world.now, [7; 32], &session, None, &submit);
    let Body::RequestSubmitted { denied_before, same, .. } = &decision.events[0].body else { panic!() };
    assert_eq!((*denied_before, Some(*same)), (Some(number), wanted.same));
}

#[test]
fn g12_approving_for_less_only_lowers() {
    let hour = Span::from_hours(1);
    for (less, expected) in [
        (Less { duration: Some(hour), ..Less::default() }, None),
        (Less { duration: Some(Span::from_hours(4)), ..Less::default() }, None),
        (
            Less { duration: Some(Span::from_micros(4 * 3_600_000_000 + 1)), ..Less::default() },
            Some(Code::InvalidInput),
        ),
        (Less { duration: Some(Span::ZERO), ..Less::default() }, Some(Code::InvalidInput)),
        (Less { uses: Some(2), ..Less::default() }, None),
        (Less { uses: Some(4), ..Less::default() }, Some(Code::InvalidInput)),
        (Less { uses: Some(0), ..Less::default() }, Some(Code::InvalidInput)),
        (
            Less {
                constraints: [("Path".parse().unwrap(), ConstraintForm::Equals(json!("/srv")))]
                    .into_iter()
                    .collect(),
                ..Less::default()
            },
            None,
        ),
        (
            Less {
                constraints: [("Path".parse().unwrap(), ConstraintForm::Equals(json!("/etc")))]
                    .into_iter()
                    .collect(),
                ..Less::default()
            },
            Some(Code::InvalidInput),
        ),
    ] {
        let mut world = World::guarded(json!({"ApproverGroup": "Deciders"}));
        let choice = ConstraintForm::OneOf(vec![json!("/var"), json!("/srv")]);
        let mut submit = asking(DISK, &[("Path", choice)]);
        submit.uses = Some(3);
        let number = world.ask("rita", submit).unwrap();
        let voted = world.approve_less("bob", number, Some(less.clone()));
        assert_eq!(voted.err().map(|refusal| refusal.code), expected, "{less:?}");
        assert_eq!(world.state.authorizations.contains_key(&number), expected.is_none());
    }
}

#[test]
fn g12_votes_cast_before_a_narrowing_count_on_and_later_ones_need_the_new_statement() {
    let mut world = World::guarded(json!({"ApproverGroup": "Deciders", "Approvers": 2}));
    let number = pending(&mut world);
    let old = world.statement(number);
    let less = Less { duration: Some(Span::from_hours(1)), ..Less::default() };
    world.approve_less("bob", number, Some(less)).unwrap();
    let late = Command::Approve(Approve { number, statement: old, comment: String::new(), less: None });
    assert_eq!(world.send(&world.session("cyd"), &late).unwrap_err().code, Code::StatementChanged);
    world.approve("cyd", number).unwrap();
    let live = &world.state.authorizations[&number];
    assert_eq!(live.until.since(live.from), Span::from_hours(1));
}
