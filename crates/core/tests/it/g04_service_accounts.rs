//! G4, G8, G9: an owner asks for their service account and counts as requester everywhere; the account executes.

use countersign_core::actor::{Principal, Scope};
use countersign_core::command::{Command, Submit};
use countersign_core::decide::Reply;
use countersign_core::execution::Outcome;
use countersign_core::id::{ExecutionId, RequestNumber};
use countersign_core::refusal::Code;
use countersign_core::time::Span;
use countersign_ledger::hash::sha256;
use serde_json::{Value as Json, json};

use crate::world::{DISK, World, asking, bind, disk, execution};

/// Guarded, with a service account `svc` of rita's, who may ask; `sam` owns `bot`.
fn world() -> World {
    world_with(json!({"ApproverGroup": "Deciders", "Everyone": true}))
}

fn world_with(terms: Json) -> World {
    let mut world = World::guarded(terms);
    for (account, owner) in [("svc", "rita"), ("bot", "sam")] {
        let values = json!({
            "UserPrincipalName": format!("{account}@fabrikam.example"), "DisplayName": account,
            "Owner": world.id(owner).to_string(),
        });
        let made = world.act("ada", "bob", "New-ServiceAccount", values).unwrap();
        let Reply::Ran { made, .. } = made else { panic!("{made:?}") };
        world.people.insert(account.to_owned(), made["person"].parse().unwrap());
    }
    world
}

fn submit(world: &World, account: &str) -> Submit {
    Submit { account: Some(world.id(account)), ..asking(DISK, &bind(&disk())) }
}

fn granted(world: &mut World) -> RequestNumber {
    let number = world.ask("rita", submit(world, "svc")).unwrap();
    world.approve("bob", number).unwrap();
    number
}

/// A token of the account's, made by its owner.
fn token(world: &mut World, owner: &str, account: &str, scopes: &[Scope]) -> Result<Principal, Code> {
    let command = Command::IssueToken {
        account: Some(world.id(account)),
        secret: sha256(account.as_bytes()),
        scopes: scopes.iter().copied().collect(),
        until: world.now.plus(Span::from_hours(24)),
        label: "nightly".to_owned(),
    };
    match world.send(&world.session(owner), &command) {
        Ok(Reply::Token { token }) => Ok(Principal::token(world.id(account), token)),
        Ok(other) => panic!("{other:?}"),
        Err(refusal) => Err(refusal.code),
    }
}

fn run(world: &mut World, principal: &Principal) -> Result<ExecutionId, Code> {
    match world.send(principal, &execution(DISK, disk())) {
        Ok(Reply::Started { execution, .. }) => Ok(execution),
        Ok(other) => panic!("{other:?}"),
        Err(refusal) => Err(refusal.code),
    }
}

#[test]
fn g04_the_account_runs_within_what_its_owner_was_granted_for_it_and_nobody_else_does() {
    let mut world = world();
    let svc = token(&mut world, "rita", "svc", &[Scope::Execute]).unwrap();
    assert_eq!(run(&mut world, &svc), Err(Code::AuthorizationRequired), "nothing was asked for yet");
    let number = granted(&mut world);
    let live = &world.state.authorizations[&number];
    assert_eq!((live.asked.requester, live.asked.holder()), (world.id("rita"), world.id("svc")));
    let rita = world.session("rita");
    assert_eq!(
        run(&mut world, &rita),
        Err(Code::AuthorizationRequired),
        "it is the account's, not its owner's"
    );
    let execution = run(&mut world, &svc).unwrap();
    assert_eq!(world.state.executions[&execution].person, world.id("svc"));
    world.finish(execution);
    let statement = world.statement(number);
    let text = String::from_utf8(world.sealed[&statement].value.clone()).unwrap();
    assert!(
        text.contains(&format!("\"account\":\"{}\"", world.id("svc"))),
        "approvers see whose it is: {text}"
    );
}

#[test]
fn g04_only_its_owner_asks_for_an_account_and_never_for_the_control_plane() {
    let group = json!({"Name": "More", "Mail": "more@fabrikam.example"});
    type Change = fn(&mut Submit, &World);
    let control: Change = |submit, _| {
        submit.target = "Countersign\\New-Group".parse().map(countersign_core::policy::Target::Task).unwrap()
    };
    for (name, who, account, change, expected) in [
        ("its owner", "rita", "svc", None, None),
        ("somebody else", "sam", "svc", None, Some(Code::NotFound)),
        ("an administrator", "ada", "svc", None, Some(Code::NotFound)),
        ("for a person", "rita", "sam", None, Some(Code::NotFound)),
        ("for oneself as if one were an account", "rita", "rita", None, Some(Code::NotFound)),
        ("the control plane", "rita", "svc", Some(control), Some(Code::Forbidden)),
    ] {
        let mut world = world();
        let mut asked = submit(&world, account);
        if let Some(change) = change {
            change(&mut asked, &world);
            asked.constraints =
                bind(&group).into_iter().map(|(name, form)| (name.parse().unwrap(), form)).collect();
        }
        assert_eq!(world.ask(who, asked).err().map(|refusal| refusal.code), expected, "{name}");
    }
    let mut world = world();
    let svc = token(&mut world, "rita", "svc", &[Scope::Request]).unwrap();
    let own = world.send(&svc, &Command::Submit(asking(DISK, &bind(&disk()))));
    assert_eq!(own.unwrap_err().code, Code::NotEligibleToRequest, "the account itself never asks");
    world.run("ada", "Disable-User", json!({"Identity": world.id("svc").to_string()}));
    let asked = submit(&world, "svc");
    assert_eq!(world.ask("rita", asked).unwrap_err().code, Code::NotFound, "a disabled account");
}

#[test]
fn g09_the_owner_is_the_requester_for_votes_links_and_history() {
    let mut world = world_with(json!({"ApproverGroup": "Approvers", "Everyone": true}));
    let values = json!({
        "UserPrincipalName": "robot@fabrikam.example", "DisplayName": "robot", "Owner": world.id("bob").to_string(),
    });
    let Reply::Ran { made, .. } = world.act("ada", "cyd", "New-ServiceAccount", values).unwrap() else {
        panic!()
    };
    world.people.insert("robot".to_owned(), made["person"].parse().unwrap());
    let asked = submit(&world, "robot");
    let number = world.ask("bob", asked.clone()).unwrap();
    assert_eq!(world.approve("bob", number).unwrap_err().code, Code::SelfApproval, "its owner");
    // Linked accounts are one person, before the vote and after it.
    let (ada, bob) = (world.id("ada").to_string(), world.id("bob").to_string());
    let link = json!({"Identity": ada, "Other": bob});
    world.approve("ada", number).unwrap();
    assert!(world.state.authorizations.contains_key(&number));
    let first = world.state.next_seq;
    world.act("ada", "cyd", "Add-UserLink", link).unwrap();
    assert!(
        !world.state.authorizations.contains_key(&number),
        "a link made later ends it: {:?}",
        world.kinds_since(first)
    );
    // A denial is shown again to whoever asks the same for the same account, and not for another.
    let number = world.ask("bob", asked.clone()).unwrap();
    let same = world.state.requests[&number].same;
    world.send(&world.session("bob"), &Command::Cancel { number }).unwrap();
    let own = world.ask("bob", Submit { account: None, ..asked }).unwrap();
    assert_ne!(world.state.requests[&own].same, same);
}

#[test]
fn g14_what_rests_on_an_account_ends_with_it_and_with_its_owner() {
    for (name, who) in [("the account is disabled", "svc"), ("its owner is disabled", "rita")] {
        let mut world = world();
        let svc = token(&mut world, "rita", "svc", &[Scope::Execute]).unwrap();
        let live = granted(&mut world);
        let pending = world.ask("rita", submit(&world, "svc")).unwrap();
        let execution = run(&mut world, &svc).unwrap();
        world.run("ada", "Disable-User", json!({"Identity": world.id(who).to_string()}));
        assert!(
            !world.state.authorizations.contains_key(&live) && !world.state.requests.contains_key(&pending),
            "{name}"
        );
        assert!(world.state.executions[&execution].stopping.is_some(), "{name}");
        assert!(run(&mut world, &svc).is_err(), "{name}");
    }
    // Another account of the same owner's, and the owner's own, live on.
    let mut world = world();
    let own = world.granted(|_| {});
    granted(&mut world);
    world.run("ada", "Disable-User", json!({"Identity": world.id("svc").to_string()}));
    let left = world.state.authorizations.of(world.id("rita")).map(|(number, _)| number);
    assert_eq!(left.collect::<Vec<_>>(), [own]);
}

#[test]
fn tokens_of_an_account_are_made_and_revoked_by_its_owner_alone() {
    let mut world = world();
    for (who, account, expected) in [
        ("rita", "svc", None),
        ("sam", "svc", Some(Code::NotFound)),
        ("ada", "svc", Some(Code::NotFound)),
        ("rita", "sam", Some(Code::NotFound)),
    ] {
        assert_eq!(token(&mut world, who, account, &[Scope::Execute]).err(), expected, "{who} for {account}");
    }
    let (id, _) = world.state.tokens.iter().next().map(|(id, token)| (*id, token.clone())).unwrap();
    let revoke = Command::RevokeToken { token: id };
    assert_eq!(world.send(&world.session("sam"), &revoke).unwrap_err().code, Code::NotFound);
    world.send(&world.session("rita"), &revoke).unwrap();
    assert!(world.state.tokens.is_empty());
}

#[test]
fn g06_an_owner_stops_and_acknowledges_what_the_account_runs() {
    let mut world = world();
    let svc = token(&mut world, "rita", "svc", &[Scope::Execute]).unwrap();
    granted(&mut world);
    let execution = run(&mut world, &svc).unwrap();
    let stop = Command::Stop { execution };
    assert_eq!(world.send(&world.session("sam"), &stop).unwrap_err().code, Code::NotFound);
    world.send(&world.session("rita"), &stop).unwrap();
    assert!(world.state.executions[&execution].stopping.is_some());
    let outcome = Outcome::Unknown { reason: "gone".to_owned() };
    world.send(&Principal::system(), &Command::Finish { execution, outcome, output: None }).unwrap();
    let acknowledge = Command::Acknowledge { execution };
    assert_eq!(world.send(&world.session("sam"), &acknowledge).unwrap_err().code, Code::NotFound);
    assert_eq!(world.send(&svc, &acknowledge).unwrap_err().code, Code::TokenNotAllowed);
    world.send(&world.session("rita"), &acknowledge).unwrap();
    assert!(!world.state.executions.contains_key(&execution));
}
