//! Time: what is due, and clocks that lie.

use std::sync::Arc;

use countersign_core::actor::Principal;
use countersign_core::command::Command;
use countersign_core::event::Body;
use countersign_core::event::body::{AuthorizationEnd, RequestEnd};
use countersign_core::refusal::Code;
use countersign_core::time::Span;
use countersign_engine::ManualClock;
use serde_json::json;

use crate::world::*;

async fn world() -> (ManualClock, World) {
    let clock = ManualClock::at(START);
    let shared = clock.clone();
    let world = World::new(move |config| config.clock = Arc::new(shared)).await;
    (clock, world.enabled().await)
}

#[tokio::test(flavor = "multi_thread")]
async fn g13_a_window_that_ran_out_while_nothing_served_is_over_at_the_start() {
    let (clock, mut world) = world().await;
    let number = world.granted("Host\\Sleep", &json!({"Seconds": "1"})).await;
    world.engine.stop().await;
    clock.advance(Span::from_hours(5));
    world.reopen().unwrap();
    let refused = world.execute("rita", "Host\\Sleep", json!({"Seconds": "1"})).await.unwrap_err();
    assert!(matches!(refused.code, Code::AuthorizationEnded | Code::AuthorizationRequired), "{refused}");
    let ended = world.until("the end", |event| matches!(event.body, Body::AuthorizationEnded { .. })).await;
    assert_eq!(ended.request, Some(number));
}

#[tokio::test(flavor = "multi_thread")]
async fn g16_a_clock_that_was_set_while_nothing_served_is_suspect_at_the_start() {
    let (clock, mut world) = world().await;
    let number = world.granted("Host\\Sleep", &json!({"Seconds": "1"})).await;
    world.engine.stop().await;
    clock.advance(Span::from_mins(10));
    clock.set_wall(START.plus(Span::from_hours(48)));
    world.reopen().unwrap();
    world.until("the suspicion", |event| matches!(event.body, Body::ClockSuspected { .. })).await;
    assert!(
        world.engine.state().authorizations.contains_key(&number),
        "ten minutes have passed, not two days"
    );
    // Two default approvers accept it, each signed in.
    for name in ["bob", "cyd"] {
        world.submit(world.session(name), Command::AcceptClock).await.reply.unwrap();
    }
    assert!(!world.engine.state().organization.clock_suspect);
    assert_eq!(
        world.engine.now(),
        START.plus(Span::from_hours(48)),
        "the clock that was accepted is believed"
    );
    world.engine.stop().await;
    world.reopen().unwrap();
    assert!(!world.engine.state().organization.clock_suspect, "what was accepted stays accepted");
    let refused = world.execute("rita", "Host\\Sleep", json!({"Seconds": "1"})).await.unwrap_err();
    assert_eq!(refused.code, Code::AuthorizationRequired);
}

#[tokio::test(flavor = "multi_thread")]
async fn g13_a_request_that_nobody_decides_is_reminded_of_and_expires() {
    let (clock, world) = world().await;
    let number = world.ask("rita", "Host\\Sleep", &json!({"Seconds": "1"})).await;
    clock.advance(Span::from_hours(21));
    world.until("the reminder", |event| matches!(event.body, Body::ReminderDue { .. })).await;
    clock.advance(Span::from_hours(4));
    let end = world.until("the end", |event| matches!(event.body, Body::RequestEnded { .. })).await;
    assert!(
        matches!(end.body, Body::RequestEnded { how: RequestEnd::Expired, number: ended, .. } if ended == number)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn g16_a_clock_that_jumps_two_days_halts_starts_until_it_is_accepted() {
    let (clock, world) = world().await;
    let number = world.granted("Host\\Sleep", &json!({"Seconds": "1"})).await;
    clock.set_wall(START.plus(Span::from_hours(48)));
    world.until("the suspicion", |event| matches!(event.body, Body::ClockSuspected { .. })).await;
    assert!(world.engine.state().authorizations.contains_key(&number), "two days have not passed");
    let refused = world.execute("rita", "Host\\Sleep", json!({"Seconds": "1"})).await.unwrap_err();
    assert_eq!(refused.code, Code::ClockSuspect);
    world.submit(Principal::host(), Command::AcceptClock).await.reply.unwrap();
    let ended = world.until("the end", |event| matches!(event.body, Body::AuthorizationEnded { .. })).await;
    assert!(matches!(ended.body, Body::AuthorizationEnded { how: AuthorizationEnd::ClockFault, .. }));
    clock.set_wall(START);
    let back = world.until(
        "the second suspicion",
        |event| matches!(event.body, Body::ClockSuspected { stated } if stated == START),
    );
    back.await;
    let events = world.events();
    assert!(events.windows(2).all(|pair| pair[0].time <= pair[1].time), "ledger time never decreases");
}
