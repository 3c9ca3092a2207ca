//! Random commands by random people at random moments: `core` and the model say and hold the same.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::drive::{Drive, GROUPS, PEOPLE, ROLE_GROUPS, ROLES, TASKS};
use super::{Access, Act, Ask, HOUR, Name, SECOND, Step, Terms, What, Who};

/// What to do, with what: read against what is there at that moment.
type Op = (u8, u8, u8, u8, u8);

fn pick<T: Copy>(all: &[T], index: u8) -> T {
    all[usize::from(index) % all.len()]
}

fn nth(all: impl Iterator<Item = u64>, index: u8) -> u64 {
    // Now and then a number that is over, or was never given.
    let mut all: Vec<u64> = all.collect();
    all.extend([1, 9_999]);
    if index.is_multiple_of(16) {
        pick(&all, index / 16)
    } else {
        all[usize::from(index) % (all.len() - 2).max(1)]
    }
}

fn what(index: u8) -> What {
    match index % 8 {
        0..4 => What::Task(pick(&TASKS, index / 8)),
        4..6 => What::Role(pick(&ROLES, index / 8)),
        _ => What::RoleGroup(pick(&ROLE_GROUPS, index / 8)),
    }
}

fn terms(b: u8, c: u8) -> Terms {
    let group = |index: u8| [None, Some("One"), Some("Two"), Some("Approvers")][usize::from(index % 4)];
    let stages = match b % 6 {
        0 => Vec::new(),
        1 | 2 => vec![(group(b / 6), 1)],
        3 => vec![(group(b / 6), 2)],
        4 => vec![(group(b / 6), 1), (group(b / 24), 1)],
        _ => vec![(group(b / 6), 2), (group(b / 24), 1)],
    };
    Terms {
        stages,
        ask: pick(&[Ask::ByRole, Ask::ByRole, Ask::Group("Askers"), Ask::Everyone], c),
        hours: pick(&[None, None, Some(2)], c / 4),
        uses: pick(&[None, None, Some(2)], c / 12),
        parallel: pick(&[1, 2], c / 36),
    }
}

fn act(drive: &Drive, a: u8, b: u8, c: u8) -> Act {
    let people: &[Name] = &PEOPLE[..7];
    let person = pick(people, b);
    let group = pick(&GROUPS, c);
    let member = if c >= 224 { Who::G(pick(&GROUPS, b)) } else { Who::P(person) };
    match a % 32 {
        0..3 => Act::Join(group, member),
        3..6 => Act::Leave(group, member),
        6..8 => Act::JoinRoleGroup(pick(&ROLE_GROUPS, c), member),
        8..10 => Act::LeaveRoleGroup(pick(&ROLE_GROUPS, c), member),
        10..14 => Act::NewPolicy(what(a / 32 * 8 + b % 8), terms(b, c)),
        14..16 => {
            let known: Vec<What> = drive.model.policies.keys().copied().collect();
            Act::SetPolicy(if known.is_empty() { what(b) } else { pick(&known, b) }, terms(b, c))
        }
        16 => {
            let known: Vec<What> = drive.model.policies.keys().copied().collect();
            Act::RemovePolicy(if known.is_empty() { what(b) } else { pick(&known, b) })
        }
        17 => {
            let other = pick(people, c);
            if other == person { Act::Unlink(person) } else { Act::Link(person, other) }
        }
        18 => Act::Unlink(person),
        19..21 => Act::DisablePerson(person),
        21..23 => Act::EnablePerson(person),
        23 => {
            let tasks: BTreeSet<Name> = TASKS
                .iter()
                .enumerate()
                .filter(|(bit, _)| (1 + b % 7) >> bit & 1 == 1)
                .map(|(_, name)| *name)
                .collect();
            Act::DefineRole(pick(&ROLES, c), tasks)
        }
        24 => Act::Redefine(pick(&TASKS, b), c.is_multiple_of(2)),
        25 => {
            let until = Access::Until(drive.model.now + HOUR * (1 + i64::from(c % 5)));
            Act::Disable(pick(&[Access::Off, Access::Observe, until], b))
        }
        26..28 => Act::Enable,
        28 => Act::DefaultDecides(b.is_multiple_of(2)),
        29 => Act::Exempt("svc", 1 + i64::from(b % 120)),
        30 => Act::Unexempt("svc"),
        _ if b < 200 => Act::RevokeLive(nth(drive.model.lives.keys().copied(), c)),
        _ => Act::StopAll,
    }
}

fn pass(drive: &Drive, a: u8, b: u8) -> i64 {
    let model = &drive.model;
    let mut ends: Vec<i64> = model.lives.values().flat_map(|live| [live.from, live.until]).collect();
    ends.extend(model.requests.values().map(|request| request.expires));
    ends.extend(model.runs.values().map(|run| run.deadline));
    ends.extend(model.exempt.values().flat_map(|exempt| [exempt.until, exempt.last_used + 90 * 24 * HOUR]));
    ends.retain(|end| *end > model.now + 1);
    if a.is_multiple_of(2) && !ends.is_empty() {
        // Just before, at, and just after what ends next or later.
        return pick(&ends, b) - model.now + pick(&[-1, 0, 1], a / 2);
    }
    pick(&[1, SECOND, 1_800 * SECOND, HOUR, 2 * HOUR, 4 * HOUR, 24 * HOUR], b)
}

/// Who is asked most is who can.
fn someone(drive: &Drive, index: u8) -> Name {
    let likely: Vec<Name> =
        drive.model.lives.values().map(|live| live.request.account.unwrap_or(live.request.who)).collect();
    if index < 160 && !likely.is_empty() { pick(&likely, index) } else { pick(&PEOPLE, index) }
}

fn approver(drive: &Drive, number: u64, index: u8) -> Name {
    let request = drive.model.requests.get(&number);
    let likely: Vec<Name> = request
        .map(|request| {
            PEOPLE
                .into_iter()
                .filter(|who| drive.model.is_eligible(request, who, drive.model.open(request)))
                .collect()
        })
        .unwrap_or_default();
    if index < 170 && !likely.is_empty() { pick(&likely, index) } else { pick(&PEOPLE, index) }
}

fn carry_out(drive: &mut Drive, (kind, a, b, c, d): Op) {
    let model = &drive.model;
    let pending = nth(model.requests.keys().copied(), a);
    let live = nth(model.lives.keys().copied(), a);
    let run = model.runs.keys().nth(usize::from(a) % model.runs.len().max(1)).copied().unwrap_or(99_999);
    let statement = model.requests.get(&pending).map_or(0, |request| request.statement);
    let statement = if c.is_multiple_of(16) { statement.saturating_sub(1) } else { statement };
    let step = match kind % 64 {
        0..14 => {
            let asked = what(b);
            let askers: Vec<Name> = PEOPLE
                .into_iter()
                .filter(|who| {
                    model
                        .governing(asked, None)
                        .is_some_and(|policy| model.may_ask(who, asked, policy.terms.ask))
                })
                .collect();
            let who = if a < 200 && !askers.is_empty() { pick(&askers, a) } else { pick(&PEOPLE, a) };
            let role = pick(&[None, None, None, Some(ROLES[0]), Some(ROLES[1])], c);
            let values = pick(&[&["/a"][..], &["/b"], &["/a", "/b"]], d);
            let start =
                pick(&[None, None, None, Some(HOUR), Some(2 * HOUR), Some(-1), Some(721 * HOUR)], d / 3);
            let account = (d.is_multiple_of(5)).then_some("svc");
            let who = if account.is_some() && a < 220 { "eve" } else { who };
            Step::Ask {
                who,
                account,
                what: asked,
                role,
                values: values.iter().map(|value| (*value).to_owned()).collect(),
                duration: pick(&[None, None, Some(2 * HOUR), Some(SECOND), Some(25 * HOUR), Some(0)], c / 5),
                start: start.map(|start| model.now + start),
                uses: pick(&[None, None, Some(1), Some(2), Some(3), Some(0)], d / 21),
            }
        }
        14..28 => {
            let less = pick(&[None, None, None, Some((SECOND, 1)), Some((HOUR, 2)), Some((30 * HOUR, 1))], d);
            Step::Approve { who: approver(drive, pending, b), number: pending, statement, less }
        }
        28 => Step::Deny { who: approver(drive, pending, b), number: pending, statement },
        29 => Step::Cancel { who: someone(drive, b), number: pending },
        30 => Step::GiveBack { who: someone(drive, b), number: live },
        31 => Step::Revoke { who: pick(&PEOPLE, b), number: live },
        32..44 => {
            let cite = pick(&[None, None, None, Some(live)], d);
            let value = pick(&["/a", "/b"], c / 8).to_owned();
            Step::Run { who: someone(drive, b), task: pick(&TASKS, c), value, cite }
        }
        44..46 => Step::Stop { who: someone(drive, b), run },
        46 => Step::Acknowledge { who: someone(drive, b), run },
        47..50 => {
            let accepted = model.accepted.iter().nth(usize::from(c) % model.accepted.len().max(1)).copied();
            let run = accepted.filter(|_| d.is_multiple_of(2)).unwrap_or(run);
            Step::Finish { run, unknown: b.is_multiple_of(3) }
        }
        50..54 => Step::Pass(pass(drive, a, b)),
        54 => Step::Tick,
        55 if a < 64 => Step::Suspect,
        55 => Step::Accept,
        _ => {
            let act = act(drive, b, c, d);
            let who = if a.is_multiple_of(8) { pick(&PEOPLE, a / 8) } else { "ada" };
            let by = pick(&["bob", "cyd", "bob", "cyd", "ada", "dan"], a);
            if drive.model.suspect && a > 80 {
                drive.step(&Step::Accept);
            }
            drive.administer(who, by, act);
            return;
        }
    };
    drive.step(&step);
}

fn replay(drive: &Drive) {
    let mut replayed = countersign_core::state::State::default();
    for event in &drive.world.events {
        countersign_core::apply::apply(&mut replayed, event);
    }
    let [ours, theirs] = [&drive.world.state, &replayed].map(|state| serde_json::to_string(state).unwrap());
    assert_eq!(ours, theirs, "the state is what the events add up to");
}

/// Few cases in every run, as many as `PROPTEST_CASES` says in a soak.
fn cases(few: u32) -> ProptestConfig {
    let config = ProptestConfig { failure_persistence: None, ..ProptestConfig::default() };
    if std::env::var_os("PROPTEST_CASES").is_some() {
        config
    } else {
        ProptestConfig { cases: few, ..config }
    }
}

proptest! {
    #![proptest_config(cases(36))]
    #[test]
    fn core_and_the_reference_model_agree_on_every_command(
        ops in prop::collection::vec(any::<Op>(), 1..160)
    ) {
        let mut drive = Drive::new();
        for op in ops {
            carry_out(&mut drive, op);
        }
        replay(&drive);
    }
}
