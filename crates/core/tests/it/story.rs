//! The main job, once through.

use countersign_core::decide::{Reply, RequestStatus};
use countersign_core::event::Body;
use countersign_core::refusal::Code;
use countersign_core::time::Span;
use serde_json::json;

use crate::world::{World, asking, bind};

#[test]
fn request_approve_execute_within_the_window_and_no_further() {
    let mut world = World::enabled();
    world
        .act(
            "ada",
            "bob",
            "New-ElevatedAccessApprovalPolicy",
            json!({"Task": "Host\\Get-DiskUsage", "ApprovalType": "Manual"}),
        )
        .unwrap();

    let values = json!({"Path": "/var"});
    assert_eq!(world.refused("rita", "Host\\Get-DiskUsage", values.clone()), Code::AuthorizationRequired);
    let number = world.ask("rita", asking("Host\\Get-DiskUsage", &bind(&values))).unwrap();
    assert_eq!(world.refused("rita", "Host\\Get-DiskUsage", values.clone()), Code::WaitingForApproval);

    let reply = world.approve("bob", number).unwrap();
    assert!(matches!(reply, Reply::Request { status: RequestStatus::Approved, .. }));

    let execution = world.started("rita", "Host\\Get-DiskUsage", values.clone());
    assert_eq!(world.refused("rita", "Host\\Get-DiskUsage", values.clone()), Code::AlreadyRunning);
    world.finish(execution);
    let execution = world.started("rita", "Host\\Get-DiskUsage", values.clone());
    world.finish(execution);
    assert_eq!(
        world.refused("rita", "Host\\Get-DiskUsage", json!({"Path": "/etc"})),
        Code::ParameterNotApproved
    );
    assert_eq!(world.refused("sam", "Host\\Get-DiskUsage", values.clone()), Code::AuthorizationRequired);

    world.pass(Span::from_hours(4));
    assert_eq!(world.refused("rita", "Host\\Get-DiskUsage", values.clone()), Code::AuthorizationEnded);
    world.tick();
    assert!(world.state.authorizations.get(&number).is_none());
    assert_eq!(world.refused("rita", "Host\\Get-DiskUsage", values), Code::AuthorizationRequired);
}

#[test]
fn replaying_the_events_gives_the_same_state() {
    let mut world = World::enabled();
    world
        .act(
            "ada",
            "bob",
            "New-ElevatedAccessApprovalPolicy",
            json!({"Task": "Host\\Restart", "ApprovalType": "Auto"}),
        )
        .unwrap();
    let number = world.ask("rita", asking("Host\\Restart", &bind(&json!({"Unit": "cron"})))).unwrap();
    world.started("rita", "Host\\Restart", json!({"Unit": "cron"}));
    let mut replayed = countersign_core::state::State::default();
    for event in &world.events {
        countersign_core::apply::apply(&mut replayed, event);
    }
    let [ours, theirs] = [&world.state, &replayed].map(|state| serde_json::to_string(state).unwrap());
    assert_eq!(ours, theirs);
    assert!(world.state.authorizations.contains_key(&number));
}

#[test]
fn a_refusal_is_the_only_thing_that_remains_of_a_refused_command() {
    let mut world = World::enabled();
    let seq = world.state.next_seq;
    assert!(
        world
            .execute("ada", "Countersign\\New-Group", json!({"Name": "X", "Mail": "x@fabrikam.example"}))
            .is_err()
    );
    assert_eq!(world.kinds_since(seq), ["Refused"]);
    assert!(matches!(world.last(), Body::Refused { code: Code::AuthorizationRequired, .. }));
}
