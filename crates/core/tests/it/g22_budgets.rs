//! G22: what costs nothing to send has a budget by the hour.

use countersign_core::budget::Budget;
use countersign_core::command::Command;
use countersign_core::event::body::Credential;
use countersign_core::refusal::{Code, Refusal};
use countersign_core::time::Span;
use countersign_ledger::hash::sha256;
use serde_json::json;

use crate::world::{DISK, World, asking, bind, disk};

type Once = fn(&mut World) -> Result<(), Refusal>;

/// A request sent and taken back.
fn submit_and_cancel(world: &mut World) -> Result<(), Refusal> {
    let number = world.ask("rita", asking(DISK, &bind(&disk())))?;
    world.send(&world.session("rita"), &Command::Cancel { number }).map(|_| ())
}

fn ask(world: &mut World) -> Result<(), Refusal> {
    let number = *world.state.requests.keys().next().unwrap();
    world.send(&world.session("bob"), &Command::Question { number, text: "why?".to_owned() }).map(|_| ())
}

fn answer(world: &mut World) -> Result<(), Refusal> {
    let number = *world.state.requests.keys().next().unwrap();
    world.send(&world.session("rita"), &Command::Answer { number, text: "so".to_owned() }).map(|_| ())
}

fn set_factor(world: &mut World) -> Result<(), Refusal> {
    let command = Command::SetCredential {
        person: world.id("rita"),
        link: None,
        credential: Credential::Totp,
        digest: sha256(b"new"),
    };
    world.send(&world.session("rita"), &command).map(|_| ())
}

#[test]
fn g22_what_one_account_sends_within_an_hour_is_bounded() {
    let cases: [(&str, Budget, Once); 4] = [
        ("requests sent and cancelled", Budget::Requests, submit_and_cancel),
        ("questions", Budget::Messages, ask),
        ("answers", Budget::Messages, answer),
        ("second factors", Budget::Credentials, set_factor),
    ];
    for (name, budget, once) in cases {
        let mut world = World::guarded(json!({"ApproverGroup": "Deciders", "Everyone": true}));
        world.ask("rita", asking(DISK, &bind(&disk()))).unwrap();
        // What was done to make this world is forgotten within the hour.
        world.pass(Span::from_hours(2));
        for count in 0..budget.most() {
            once(&mut world).unwrap_or_else(|refusal| panic!("{name} {count}: {refusal}"));
        }
        let refused = once(&mut world).expect_err(name);
        assert_eq!(refused.code, Code::RateLimited, "{name}");
        assert!(refused.governs.is_some() && refused.hint.is_some(), "{name}");
        // Others have budgets of their own, and this one comes back.
        let others = world.ask("sam", asking(DISK, &bind(&disk())));
        assert!(others.is_ok(), "{name}: {others:?}");
        world.pass(Span::from_hours(1));
        once(&mut world).unwrap_or_else(|refusal| panic!("{name}, an hour later: {refusal}"));
    }
}

#[test]
fn g22_what_was_spent_is_kept_no_longer_than_it_counts() {
    let mut world = World::guarded(json!({"ApproverGroup": "Deciders"}));
    for _ in 0..3 {
        for _ in 0..20 {
            submit_and_cancel(&mut world).unwrap();
        }
        world.pass(Span::from_hours(1));
    }
    submit_and_cancel(&mut world).unwrap();
    let rita = world.id("rita");
    assert_eq!(world.state.spent[&rita][&Budget::Requests].len(), 1);
}
