use std::ops::ControlFlow;

use countersign_core::event::Body;
use countersign_core::execution::Outcome;
use countersign_core::id::{PolicyId, RequestNumber};
use countersign_core::name::TaskName;
use countersign_core::refusal::Code;
use countersign_core::time::Span;

use super::{Backend, Script, Story};
use crate::query::{Direction, EventFilter, Visibility};
use crate::store::Reader;

fn find(reader: &dyn Reader, filter: &EventFilter) -> Vec<u64> {
    let page = reader.events(filter, &Visibility::All, Direction::NewestFirst, None, 1_000).unwrap();
    page.rows.iter().map(|row| row.seq).collect()
}

fn text(reader: &dyn Reader, text: &str) -> Vec<u64> {
    find(reader, &EventFilter { text: text.to_owned(), ..EventFilter::default() })
}

/// The kinds of the lines a text finds.
fn kinds(reader: &dyn Reader, text: &str) -> Vec<String> {
    let filter = EventFilter { text: text.to_owned(), ..EventFilter::default() };
    let page = reader.events(&filter, &Visibility::All, Direction::OldestFirst, None, 1_000).unwrap();
    page.rows.into_iter().map(|row| row.kind).collect()
}

fn story(backend: &dyn Backend) -> (super::Opened, Script) {
    let mut opened = backend.open().unwrap();
    let mut script = Script::default();
    Story::tell(&mut script);
    opened.store.append(&script.batch()).unwrap();
    (opened, script)
}

pub(super) fn all_words_must_be_found_newest_first(backend: &dyn Backend) {
    let mut opened = backend.open().unwrap();
    let mut script = Script::default();
    let red = script.ask(1, 1, Story::TASK, "red apple", "x");
    let both = script.ask(1, 2, Story::TASK, "red pear", "x");
    let pear = script.ask(1, 3, Story::TASK, "green pear", "x");
    opened.store.append(&script.batch()).unwrap();
    let reader = opened.store.reader();
    assert_eq!(text(&*reader, "red"), [both, red]);
    assert_eq!(text(&*reader, "PEAR"), [pear, both]);
    assert_eq!(text(&*reader, "pear red"), [both]);
    assert!(text(&*reader, "pear red green").is_empty());
    assert!(text(&*reader, "plum").is_empty());
    assert_eq!(text(&*reader, "").len(), 3);
}

pub(super) fn words_prefixes_numbers_and_values_are_found(backend: &dyn Backend) {
    let (opened, _) = story(backend);
    let reader = opened.store.reader();
    let life = ["RequestSubmitted", "VoteCast", "AuthorizationGranted", "ExecutionStarted"];
    for (search, found) in [
        ("INC-4711", &["RequestSubmitted"][..]),
        ("mailb*", &["RequestSubmitted", "RequestSubmitted"]),
        ("inc-47*", &["RequestSubmitted"]),
        ("R-1", &life),
        ("r-2", &["RequestSubmitted", "RequestEnded"]),
        ("R-2 slow", &["RequestSubmitted"]),
        ("\"Identity=Jane Doe\"", &["RequestSubmitted", "ExecutionStarted"]),
        ("identity=db7", &["RequestSubmitted"]),
        ("identity=jan*", &["RequestSubmitted", "ExecutionStarted"]),
        ("doe", &["RequestSubmitted", "ExecutionStarted"]),
        ("postgresql\\get-activity", &["RequestSubmitted", "RequestEnded"]),
        ("get-activity denied", &["RequestEnded"]),
        ("rolede*", &["RoleDefined"]),
        ("mail-recipients", &["RoleDefined"]),
        ("exit_status", &["ExecutionFinished"]),
        ("R-9", &[]),
        ("zzz*", &[]),
    ] {
        assert_eq!(kinds(&*reader, search), found, "{search}");
    }
    let person = Script::person(3).to_string();
    assert_eq!(kinds(&*reader, &format!("{person} go")), ["VoteCast"]);
    assert_eq!(kinds(&*reader, &Script::execution(1).to_string()), ["ExecutionStarted", "ExecutionFinished"]);
}

pub(super) fn filters_hold_together(backend: &dyn Backend) {
    let (mut opened, mut script) = story(backend);
    let task: TaskName = Story::TASK.parse().unwrap();
    let refused = script.by(
        2,
        Body::Refused {
            attempt: "execute".to_owned(),
            code: Code::AuthorizationRequired,
            task: Some(task),
            number: None,
        },
    );
    opened.store.append(&script.batch()).unwrap();
    let reader = opened.store.reader();
    let all = EventFilter::default();
    let count = |filter: EventFilter| find(&*reader, &filter).len();
    assert_eq!(count(EventFilter { person: Some(Script::person(3)), ..all.clone() }), 3);
    assert_eq!(count(EventFilter { subject: Some(Script::person(1).to_string()), ..all.clone() }), 2);
    assert_eq!(
        count(EventFilter { kinds: vec!["VoteCast".to_owned(), "refused".to_owned()], ..all.clone() }),
        2
    );
    assert_eq!(count(EventFilter { policy: Some(PolicyId::from_bytes([5; 16])), ..all.clone() }), 4);
    assert_eq!(count(EventFilter { request: Some(RequestNumber::new(2)), ..all.clone() }), 2);
    assert_eq!(count(EventFilter { workload: Some("postgresql".to_owned()), ..all.clone() }), 2);
    let code = EventFilter { code: Some("authorization_required".to_owned()), ..all.clone() };
    assert_eq!(find(&*reader, &code), [refused]);
    assert_eq!(count(EventFilter { person: Some(Script::person(1)), ..code.clone() }), 0);
    assert_eq!(count(EventFilter { text: "execute".to_owned(), ..code.clone() }), 1);
    assert_eq!(count(EventFilter { from: Some(script.time), ..all.clone() }), 1);
    assert_eq!(find(&*reader, &EventFilter { until: Some(script.time), ..all.clone() })[0], refused - 1);
    assert_eq!(count(EventFilter { from: Some(script.time), until: Some(script.time), ..all.clone() }), 0);
    assert_eq!(
        count(EventFilter { request: Some(RequestNumber::new(2)), text: "denied".to_owned(), ..all }),
        1
    );
}

pub(super) fn outcomes_are_found_by_their_task(backend: &dyn Backend) {
    let (mut opened, mut script) = story(backend);
    script.start(2, 7, 3, Story::OTHER, "x");
    let other = script.finish(7, Outcome::Failed { exit: None, reason: "timeout".to_owned() });
    opened.store.append(&script.batch()).unwrap();
    let reader = opened.store.reader();
    let failed = EventFilter { outcome: Some("failed".to_owned()), ..EventFilter::default() };
    assert_eq!(find(&*reader, &failed).len(), 2);
    let of_other = EventFilter { task: Some(Story::OTHER.to_uppercase()), ..failed };
    assert_eq!(find(&*reader, &of_other), [other]);
    let page = reader.events(&of_other, &Visibility::All, Direction::NewestFirst, None, 9).unwrap();
    assert_eq!(page.rows[0].task.as_deref(), Some(Story::OTHER));
    assert_eq!(page.rows[0].workload.as_deref(), Some("PostgreSQL"));
    assert_eq!(page.rows[0].execution, Some(Script::execution(7)));
    assert_eq!(page.rows[0].actor, "system");
}

pub(super) fn a_persons_name_finds_what_they_did(backend: &dyn Backend) {
    let (opened, _) = story(backend);
    let reader = opened.store.reader();
    let found = ["PersonCreated", "VoteCast", "AuthorizationGranted", "RequestEnded"];
    assert_eq!(kinds(&*reader, "Eve"), found);
    assert_eq!(kinds(&*reader, "mason"), found);
    assert_eq!(kinds(&*reader, "eve denied"), ["RequestEnded"]);
    assert_eq!(kinds(&*reader, "eve@example.com votecast"), ["VoteCast"]);
    assert_eq!(kinds(&*reader, "stone queries"), ["RequestSubmitted"]);
}

pub(super) fn search_shows_only_ones_own(backend: &dyn Backend) {
    let (opened, _) = story(backend);
    let reader = opened.store.reader();
    let see = |person: Option<u8>, numbers: &[u64], text: &str| {
        let requests = numbers.iter().map(|number| RequestNumber::new(*number)).collect();
        let visibility = Visibility::Only { person: person.map(Script::person), requests };
        let filter = EventFilter { text: text.to_owned(), ..EventFilter::default() };
        let mut exported = 0;
        reader
            .export(&filter, &visibility, &mut |_, _| {
                exported += 1;
                ControlFlow::Continue(())
            })
            .unwrap();
        let page = reader.events(&filter, &visibility, Direction::OldestFirst, None, 100).unwrap();
        assert_eq!(page.rows.len(), exported);
        page.rows.into_iter().map(|row| row.kind).collect::<Vec<_>>()
    };
    assert_eq!(see(Some(2), &[], ""), ["PersonCreated", "RequestSubmitted", "RequestSubmitted"]);
    assert_eq!(see(Some(2), &[2], "denied"), ["RequestEnded"]);
    assert!(see(Some(2), &[], "denied").is_empty());
    assert!(see(Some(2), &[], "INC-4711").is_empty());
    assert!(see(None, &[], "").is_empty());
    assert!(see(Some(9), &[], "").is_empty());
}

pub(super) fn search_pages_join_in_both_directions(backend: &dyn Backend) {
    let mut opened = backend.open().unwrap();
    let mut script = Script::default();
    for number in 1..=23 {
        script.ask(1, number, Story::TASK, if number % 2 == 0 { "even" } else { "odd" }, "x");
    }
    opened.store.append(&script.batch()).unwrap();
    let reader = opened.store.reader();
    for search in ["", "odd", "od*", "odd exchange", "odd R-7"] {
        let filter = EventFilter { text: search.to_owned(), ..EventFilter::default() };
        for direction in [Direction::NewestFirst, Direction::OldestFirst] {
            let whole = reader.events(&filter, &Visibility::All, direction, None, 100).unwrap();
            let (mut seqs, mut cursor) = (Vec::new(), None);
            loop {
                let page = reader.events(&filter, &Visibility::All, direction, cursor.as_ref(), 4).unwrap();
                seqs.extend(page.rows.iter().map(|row| row.seq));
                cursor = page.next;
                if cursor.is_none() {
                    break;
                }
            }
            assert_eq!(seqs, whole.rows.iter().map(|row| row.seq).collect::<Vec<_>>(), "{search}");
        }
    }
    assert_eq!(text(&*reader, "odd").len(), 12);
    assert_eq!(text(&*reader, "odd R-7"), [6]);
}

pub(super) fn an_export_is_whole_and_can_be_stopped(backend: &dyn Backend) {
    let mut opened = backend.open().unwrap();
    let mut script = Script::default();
    for _ in 0..1_201 {
        script.set_password(1);
    }
    let batch = script.batch();
    opened.store.append(&batch).unwrap();
    let reader = opened.store.reader();
    let mut seqs = Vec::new();
    let all = EventFilter::default();
    let written = reader
        .export(&all, &Visibility::All, &mut |row, leaf| {
            assert_eq!(leaf, batch.entries[usize::try_from(row.seq).unwrap()].bytes);
            seqs.push(row.seq);
            ControlFlow::Continue(())
        })
        .unwrap();
    assert_eq!(written, 1_201);
    assert_eq!(seqs, (0..1_201).collect::<Vec<_>>());
    let mut left = 3;
    let stop = reader.export(&all, &Visibility::All, &mut |_, _| {
        left -= 1;
        if left == 0 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    assert_eq!(stop.unwrap(), 3);
}

pub(super) fn a_histogram_counts_what_a_search_finds(backend: &dyn Backend) {
    let (opened, _) = story(backend);
    let reader = opened.store.reader();
    for filter in [
        EventFilter::default(),
        EventFilter { text: "doe".to_owned(), ..EventFilter::default() },
        EventFilter { request: Some(RequestNumber::new(2)), ..EventFilter::default() },
        EventFilter { text: "zzz".to_owned(), ..EventFilter::default() },
    ] {
        let lines =
            reader.events(&filter, &Visibility::All, Direction::OldestFirst, None, 1_000).unwrap().rows;
        let all = reader
            .events(&EventFilter::default(), &Visibility::All, Direction::OldestFirst, None, 1_000)
            .unwrap()
            .rows;
        let (from, until) = (all[0].time, all[all.len() - 1].time.plus(Span::from_micros(1)));
        for parts in [1, 2, 7, 400] {
            let counts = reader.histogram(&filter, &Visibility::All, (from, until), parts).unwrap();
            assert_eq!(counts.len(), parts);
            let width = (until.as_micros() - from.as_micros() + parts as i64 - 1) / parts as i64;
            for (part, count) in counts.iter().enumerate() {
                let begins = from.as_micros() + part as i64 * width;
                let within = lines
                    .iter()
                    .filter(|line| (begins..begins + width).contains(&line.time.as_micros()))
                    .count();
                assert_eq!(*count, within as u64, "part {part} of {parts}");
            }
        }
        let nothing = reader.histogram(&filter, &Visibility::All, (until, until), 3).unwrap();
        assert_eq!(nothing, [0, 0, 0]);
        let hidden = Visibility::Only { person: None, requests: Vec::new() };
        assert_eq!(reader.histogram(&filter, &hidden, (from, until), 2).unwrap(), [0, 0]);
    }
}
