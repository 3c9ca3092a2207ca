//! G13: windows, ceilings, later starts, extensions.

use countersign_core::refusal::Code;
use countersign_core::time::Span;
use serde_json::json;

use crate::world::{DISK, World, asking, bind, disk};

const HOUR: u64 = 3_600_000_000;

#[test]
fn g13_the_duration_is_bounded_by_policy_and_organization_to_the_microsecond() {
    for (policy, organization, asked, expected) in [
        (None, None, None, Ok(4 * HOUR)),
        (None, None, Some(24 * HOUR), Ok(24 * HOUR)),
        (None, None, Some(24 * HOUR + 1), Err(Code::DurationOutOfRange)),
        (None, None, Some(0), Err(Code::DurationOutOfRange)),
        (None, None, Some(1), Ok(1)),
        (Some(2), None, None, Ok(2 * HOUR)),
        (Some(2), None, Some(2 * HOUR), Ok(2 * HOUR)),
        (Some(2), None, Some(2 * HOUR + 1), Err(Code::DurationOutOfRange)),
        (Some(48), None, Some(25 * HOUR), Err(Code::DurationOutOfRange)),
        (Some(48), Some(72), Some(48 * HOUR), Ok(48 * HOUR)),
        (None, Some(1), None, Ok(HOUR)),
    ] {
        let mut terms = json!({"ApproverGroup": "Deciders"});
        if let Some(hours) = policy {
            terms["MaximumDurationHours"] = json!(hours);
        }
        let mut world = World::guarded(terms);
        if let Some(hours) = organization {
            world
                .act("ada", "bob", "Set-OrganizationConfig", json!({"MaximumDurationHours": hours}))
                .unwrap();
        }
        let mut submit = asking(DISK, &bind(&disk()));
        submit.duration = asked.map(Span::from_micros);
        let case = format!("{policy:?} {organization:?} {asked:?}");
        match (world.ask("rita", submit), expected) {
            (Ok(number), Ok(lasts)) => {
                world.pass(Span::from_mins(7));
                world.approve("bob", number).unwrap();
                let live = &world.state.authorizations[&number];
                assert_eq!(
                    (live.from, live.until),
                    (world.now, world.now.plus(Span::from_micros(lasts))),
                    "{case}"
                );
            }
            (asked, expected) => {
                assert_eq!(asked.map(|_| ()).map_err(|refusal| refusal.code), expected.map(|_| ()), "{case}");
            }
        }
    }
}

#[test]
fn g13_a_start_lies_ahead_by_at_most_thirty_days() {
    let month = 30 * 24 * HOUR;
    for (ahead, expected) in [
        (0, None),
        (1, None),
        (i64::try_from(month).unwrap(), None),
        (i64::try_from(month).unwrap() + 1, Some(Code::StartOutOfRange)),
        (-1, Some(Code::StartOutOfRange)),
    ] {
        let mut world = World::guarded(json!({"ApproverGroup": "Deciders"}));
        let mut submit = asking(DISK, &bind(&disk()));
        let start = countersign_core::time::Instant::from_micros(world.now.as_micros() + ahead);
        submit.start = Some(start);
        let asked = world.ask("rita", submit);
        assert_eq!(asked.as_ref().err().map(|refusal| refusal.code), expected, "{ahead}");
        let Ok(number) = asked else { continue };
        world.approve("bob", number).unwrap();
        if ahead > 0 {
            world.now = start.minus(Span::from_micros(1));
            assert_eq!(world.refused("rita", DISK, disk()), Code::NotYetStarted);
        }
        world.now = start;
        world.started("rita", DISK, disk());
        assert_eq!(world.state.authorizations[&number].until, start.plus(Span::from_hours(4)));
    }
}

#[test]
fn g13_a_start_that_is_over_before_the_approval_gives_nothing() {
    let mut world = World::guarded(json!({"ApproverGroup": "Deciders"}));
    let mut submit = asking(DISK, &bind(&disk()));
    submit.start = Some(world.now.plus(Span::from_mins(1)));
    submit.duration = Some(Span::from_hours(1));
    let number = world.ask("rita", submit).unwrap();
    let end = world.now.plus(Span::from_mins(61));
    world.now = end;
    assert_eq!(world.approve("bob", number).unwrap_err().code, Code::AlreadyFinal);
    assert!(world.state.requests[&number].asked.votes.is_empty(), "a refused vote is no vote");
    world.now = end.minus(Span::from_micros(1));
    world.approve("bob", number).unwrap();
    world.started("rita", DISK, disk());
    world.now = end;
    assert_eq!(world.refused("rita", DISK, disk()), Code::AuthorizationEnded);
}

#[test]
fn g13_pending_lives_twenty_four_hours_to_the_microsecond() {
    for (age, open) in [(24 * HOUR - 1, true), (24 * HOUR, false), (24 * HOUR + 1, false)] {
        for ticked in [false, true] {
            let mut world = World::guarded(json!({"ApproverGroup": "Deciders"}));
            let number = world.ask("rita", asking(DISK, &bind(&disk()))).unwrap();
            world.pass(Span::from_micros(age));
            if ticked {
                world.tick();
            }
            let voted = world.approve("bob", number);
            assert_eq!(
                voted.err().map(|refusal| refusal.code),
                (!open).then_some(Code::AlreadyFinal),
                "{age} {ticked}"
            );
        }
    }
}

#[test]
fn g13_the_end_holds_with_and_without_a_timer() {
    for ticked in [false, true] {
        for (age, runs) in [(4 * HOUR - 1, true), (4 * HOUR, false), (4 * HOUR + 1, false)] {
            let mut world = World::guarded(json!({"ApproverGroup": "Deciders"}));
            world.granted(|_| {});
            world.pass(Span::from_micros(age));
            if ticked {
                world.tick();
            }
            assert_eq!(world.execute("rita", DISK, disk()).is_ok(), runs, "{age} {ticked}");
        }
    }
}

#[test]
fn g13_only_a_live_authorization_of_ones_own_for_the_same_target_is_extended() {
    let mut world = World::guarded(json!({"ApproverGroup": "Deciders", "Everyone": true}));
    let number = world.granted(|_| {});
    for (name, extends, expected) in [
        ("rita", number, None),
        ("sam", number, Some(Code::NotFound)),
        ("rita", countersign_core::id::RequestNumber::new(999), Some(Code::NotFound)),
    ] {
        let mut submit = asking(DISK, &bind(&disk()));
        submit.extends = Some(extends);
        let asked = world.ask(name, submit);
        assert_eq!(asked.err().map(|refusal| refusal.code), expected, "{name} {extends}");
    }
}

#[test]
fn g13_weekly_windows_close_at_the_minute_also_across_daylight_saving() {
    // Berlin leaves summer time on 2026-10-25 at 03:00, which is 01:00 UTC.
    let windows = r#"[{"zone":"Europe/Berlin","days":["sun"],"from":"02:00","until":"04:00"}]"#;
    let at = |text: &str| {
        let stamp: jiff::Timestamp = text.parse().unwrap();
        countersign_core::time::Instant::from_micros(stamp.as_microsecond())
    };
    for (moment, open) in [
        ("2026-10-24T23:59:59Z", false),
        ("2026-10-25T00:00:00Z", true),
        ("2026-10-25T00:59:59Z", true),
        // The hour comes a second time: it was open once.
        ("2026-10-25T01:30:00Z", false),
        ("2026-10-25T02:00:00Z", true),
        ("2026-10-25T02:59:59Z", true),
        ("2026-10-25T03:00:00Z", false),
        ("2026-10-26T01:30:00Z", false),
    ] {
        let mut world = World::guarded(json!({"ApproverGroup": "Deciders", "Windows": windows}));
        world.now = at("2026-10-24T20:00:00Z");
        world.granted(|submit| submit.duration = Some(Span::from_hours(24)));
        world.now = at(moment);
        let code = world.execute("rita", DISK, disk()).err().map(|refusal| refusal.code);
        let expected = if moment.starts_with("2026-10-26") {
            Some(Code::AuthorizationEnded)
        } else {
            (!open).then_some(Code::OutsideWindow)
        };
        assert_eq!(code, expected, "{moment}");
    }
}
