//! G13: at the old end an extension takes over what runs with the same parameters, and takes one use for each.

use countersign_core::actor::Principal;
use countersign_core::command::{Command, Submit};
use countersign_core::event::Body;
use countersign_core::execution::StopReason;
use countersign_core::id::{ExecutionId, RequestNumber};
use countersign_core::refusal::Code;
use countersign_core::time::{Instant, Span};
use serde_json::{Value as Json, json};

use crate::world::{DISK, World, asking, bind, disk, task};

/// How long before the old end it happens.
const AHEAD: Span = Span::from_secs(15);

struct Story {
    world: World,
    old: RequestNumber,
    /// When the old authorization ends.
    end: Instant,
    runs: Vec<ExecutionId>,
}

/// `rita` has an authorization for four hours, for any path; runs of these paths began ten minutes before its end.
fn story(terms: Json, paths: &[&str]) -> Story {
    let mut world = World::guarded(terms);
    let old = world.granted(|submit| *submit = any());
    let end = world.state.authorizations[&old].until;
    world.now = end.minus(Span::from_mins(10));
    let runs = paths.iter().map(|path| world.started("rita", DISK, json!({"Path": path}))).collect();
    Story { world, old, end, runs }
}

fn deciders(parallel: u32) -> Json {
    json!({"ApproverGroup": "Deciders", "Parallel": parallel})
}

fn any() -> Submit {
    asking(DISK, &[("Path", countersign_core::parameter::ConstraintForm::Prefix("/".to_owned()))])
}

impl Story {
    fn extend(&mut self, change: impl FnOnce(&mut Submit)) -> RequestNumber {
        let old = self.old;
        let mut submit = asking(DISK, &bind(&disk()));
        submit.extends = Some(old);
        change(&mut submit);
        let number = self.world.ask("rita", submit).unwrap();
        self.world.approve("bob", number).unwrap();
        number
    }

    fn at(&mut self, before: Span) {
        self.world.now = self.end.minus(before);
        self.world.tick();
    }

    fn basis(&self, run: usize) -> Option<RequestNumber> {
        self.world.state.executions[&self.runs[run]].authorization()
    }

    fn stopping(&self, run: usize) -> Option<StopReason> {
        self.world.state.executions[&self.runs[run]].stopping
    }
}

#[test]
fn g13_an_extension_takes_over_what_runs_at_the_old_end_for_one_use() {
    let mut story = story(deciders(1), &["/var"]);
    let new = story.extend(|submit| submit.uses = Some(2));
    let until = story.world.state.authorizations[&new].until;
    story.at(Span::from_micros(AHEAD.as_micros() + 1));
    assert_eq!(story.basis(0), Some(story.old), "not before it is time");
    story.at(AHEAD);
    assert_eq!(story.basis(0), Some(new));
    assert!(matches!(story.world.last(), Body::ExecutionAdopted { number, .. } if *number == new));
    let live = &story.world.state.authorizations[&new];
    assert_eq!((live.used, live.until), (1, until), "one use, and its window is what it was");
    let run = &story.world.state.executions[&story.runs[0]];
    let longest = run.started.plus(Span::from_hours(1)).min(until);
    assert!(run.deadline > story.end && run.deadline <= longest, "{} {longest}", run.deadline);
    story.at(Span::ZERO);
    assert!(!story.world.state.authorizations.contains_key(&story.old));
    assert_eq!(story.stopping(0), None, "it goes on");
    assert_eq!(story.world.refused("rita", DISK, disk()), Code::AlreadyRunning, "it holds the new slot");
    story.world.finish(story.runs[0]);
    story.world.started("rita", DISK, disk());
    assert_eq!(story.world.state.authorizations[&new].used, 2);
}

#[test]
fn g13_what_an_extension_would_not_let_start_it_does_not_take_over() {
    type Spoil = fn(&mut Story, RequestNumber);
    type Case = (&'static str, &'static str, fn(&mut Submit), Spoil);
    let nothing: Spoil = |_, _| {};
    let cases: Vec<Case> = vec![
        ("another path", "/etc", |_| {}, nothing),
        (
            "a later start",
            "/var",
            |_| {},
            |story, _| {
                let start = story.end.plus(Span::from_secs(1));
                let earlier = story.world.state.authorizations.keys().copied().max().unwrap();
                story
                    .world
                    .send(&story.world.session("rita"), &Command::GiveBack { number: earlier })
                    .unwrap();
                story.extend(|submit| submit.start = Some(start));
            },
        ),
        (
            "given back",
            "/var",
            |_| {},
            |story, number| {
                story.world.send(&story.world.session("rita"), &Command::GiveBack { number }).unwrap();
            },
        ),
        (
            "revoked",
            "/var",
            |_| {},
            |story, number| {
                let comment = "no longer".to_owned();
                story.world.send(&story.world.session("bob"), &Command::Revoke { number, comment }).unwrap();
            },
        ),
        (
            "no use left",
            "/var",
            |submit| submit.uses = Some(1),
            |story, _| {
                let other = story.world.started("rita", DISK, disk());
                story.world.finish(other);
            },
        ),
        (
            "its slot is taken",
            "/var",
            |_| {},
            |story, _| {
                let other = story.world.execute("rita", DISK, disk());
                assert!(other.is_ok());
            },
        ),
        (
            "a suspect clock",
            "/var",
            |_| {},
            |story, _| {
                let stated = story.world.now;
                story.world.send(&Principal::system(), &Command::SuspectClock { stated }).unwrap();
            },
        ),
        (
            "redefined",
            "/var",
            |_| {},
            |story, _| {
                let mut other = task(DISK, &["Path"]);
                other.limits.max_run_time = Span::from_mins(59);
                let pack =
                    json!({"Workload": "Host", "Definitions": serde_json::to_string(&[other]).unwrap()});
                story.world.act("ada", "bob", "Import-TaskPack", pack).unwrap();
            },
        ),
        (
            "a quorum that is lost",
            "/var",
            |_| {},
            |story, _| {
                let bob = story.world.id("bob").to_string();
                story
                    .world
                    .act("ada", "cyd", "Remove-GroupMember", json!({"Identity": "Deciders", "Member": [bob]}))
                    .unwrap();
            },
        ),
    ];
    for (name, path, change, spoil) in cases {
        let mut story = story(deciders(1), &[path]);
        let new = story.extend(change);
        spoil(&mut story, new);
        story.at(Span::from_secs(1));
        story.at(Span::ZERO);
        let adopted =
            story.world.events.iter().any(|event| matches!(event.body, Body::ExecutionAdopted { .. }));
        assert!(!adopted, "{name}");
        if let Some(run) = story.world.state.executions.get(&story.runs[0]) {
            assert!(run.stopping.is_some(), "{name}: it ends with its own window");
        }
    }
}

#[test]
fn g6_g13_each_run_that_is_taken_over_takes_a_use_and_a_slot() {
    for (uses, slots, taken) in [(None, 2, 2), (Some(1), 2, 1), (None, 1, 1)] {
        let mut story = story(deciders(2), &["/var", "/var"]);
        let policy = story.world.policy(DISK);
        if slots == 1 {
            // Wider is no tightening, narrower would end what lives: the extension is asked under other terms.
            let terms = json!({"Identity": policy, "ApproverGroup": "Deciders", "Parallel": 2});
            story.world.act("ada", "cyd", "Set-ElevatedAccessApprovalPolicy", terms).unwrap();
        }
        let new = story.extend(|submit| submit.uses = uses);
        if slots == 1 {
            story.world.started("rita", DISK, disk());
        }
        story.at(AHEAD);
        let adopted = (0..2).filter(|run| story.basis(*run) == Some(new)).count();
        assert_eq!(adopted, taken, "{uses:?} {slots}");
        story.at(Span::ZERO);
        let stopped = (0..2).filter(|run| story.stopping(*run) == Some(StopReason::Expired)).count();
        assert_eq!(stopped, 2 - taken);
    }
}

#[test]
fn g13_an_extension_takes_over_from_what_it_extends_and_from_nothing_else() {
    let mut story = story(deciders(1), &["/var"]);
    let other = story.world.granted(|submit| *submit = asking(DISK, &bind(&disk())));
    story.at(AHEAD);
    assert_eq!(story.basis(0), Some(story.old), "{other} extends nothing");
    let first = story.extend(|_| {});
    let second = story.extend(|_| {});
    story.at(Span::from_secs(1));
    assert_eq!(story.basis(0), Some(first), "the first of two; {second} finds nothing left");
    assert_eq!(story.world.state.authorizations[&second].used, 0);
}

/// After it was taken over, it ends with its new ground.
#[test]
fn g15_what_was_taken_over_is_stopped_when_the_extension_is_revoked() {
    let mut story = story(deciders(1), &["/var"]);
    let number = story.extend(|_| {});
    story.at(AHEAD);
    let comment = "enough".to_owned();
    story.world.send(&story.world.session("cyd"), &Command::Revoke { number, comment }).unwrap();
    assert_eq!(story.stopping(0), Some(StopReason::Revoked));
}
