use countersign_core::event::Body;
use countersign_core::event::body::{AuthorizationEnd, Credential, Ends, OutputDigest, RequestEnd};
use countersign_core::execution::{Outcome, StopReason};
use countersign_core::id::RequestNumber;
use countersign_core::view::rows::{execution, member, person, policy, request, role, vote, workload};
use countersign_core::view::{AuthorizationStatus, Cell, Column, ExecutionStatus, Field, RequestStatus};
use countersign_ledger::hash::sha256;

use super::{Backend, Script, Story};
use crate::query::{Condition, ListQuery, Visibility};
use crate::store::{Reader, get, list};

fn request(reader: &dyn Reader, number: u64) -> request::Row {
    get::<request::Row>(reader, &[RequestNumber::new(number).to_cell()]).unwrap().unwrap()
}

fn execution(reader: &dyn Reader, x: u8) -> execution::Row {
    get::<execution::Row>(reader, &[Script::execution(x).to_cell()]).unwrap().unwrap()
}

pub(super) fn a_request_is_followed_through_its_life(backend: &dyn Backend) {
    let mut opened = backend.open().unwrap();
    let mut script = Script::default();
    Story::tell(&mut script);
    opened.store.append(&script.batch()).unwrap();
    let reader = opened.store.reader();
    let first = request(&*reader, 1);
    assert_eq!(first.requester, Script::person(1));
    assert_eq!(first.target, Story::TASK);
    assert_eq!((first.target_kind.as_str(), first.workload.as_str()), ("Task", "exchange"));
    assert_eq!(first.status, RequestStatus::Approved);
    assert_eq!(first.reason.as_deref(), Some("Move the mailbox, INC-4711"));
    assert_eq!((first.votes, first.stage), (1, 1));
    assert_eq!(first.authorization, Some(AuthorizationStatus::Active));
    assert_eq!((first.uses, first.used, first.parallel), (Some(3), 1, Some(1)));
    assert_eq!(first.decided_by, Some(Script::person(3)));
    assert!(first.until > first.from);
    let second = request(&*reader, 2);
    assert_eq!(second.status, RequestStatus::Ended(RequestEnd::Denied));
    assert_eq!(second.comment.as_deref(), Some("not during the day"));
    assert_eq!((second.authorization, second.from), (None, None));
    assert_eq!(request(&*reader, 3).status, RequestStatus::Pending);
    let query = ListQuery::all().with(Condition::Is(vote::number(&RequestNumber::new(1))));
    let votes = list::<vote::Row>(&*reader, &query).unwrap().rows;
    assert_eq!(votes.len(), 1);
    assert_eq!(votes[0].comment.as_deref(), Some("go ahead"));
    assert_eq!(votes[0].assurance, "SecondFactor");

    let comment = Some(script.seal(&"enough"));
    let how = AuthorizationEnd::Revoked;
    script.by(3, Body::AuthorizationEnded { number: RequestNumber::new(1), how, comment });
    opened.store.append(&script.batch()).unwrap();
    let first = request(&*reader, 1);
    assert_eq!(first.status, RequestStatus::Approved);
    assert_eq!(first.authorization, Some(AuthorizationStatus::Ended(AuthorizationEnd::Revoked)));
    assert_eq!(first.end_comment.as_deref(), Some("enough"));
    assert_eq!(first.ended_by, Some(Script::person(3)));
}

pub(super) fn what_ends_with_another_event_ends_at_once(backend: &dyn Backend) {
    let mut opened = backend.open().unwrap();
    let mut script = Script::default();
    Story::tell(&mut script);
    let ends = Ends {
        authorizations: [(RequestNumber::new(1), AuthorizationEnd::PersonDisabled)].into(),
        requests: [(RequestNumber::new(3), RequestEnd::PersonDisabled)].into(),
    };
    script.host(Body::PersonDisabled { person: Script::person(1), ends });
    opened.store.append(&script.batch()).unwrap();
    let reader = opened.store.reader();
    let ended = AuthorizationStatus::Ended(AuthorizationEnd::PersonDisabled);
    assert_eq!(request(&*reader, 1).authorization, Some(ended));
    assert_eq!(request(&*reader, 3).status, RequestStatus::Ended(RequestEnd::PersonDisabled));
    assert_eq!(request(&*reader, 2).status, RequestStatus::Ended(RequestEnd::Denied));
    assert!(!get::<person::Row>(&*reader, &[Script::person(1).to_cell()]).unwrap().unwrap().enabled);
}

pub(super) fn executions_show_how_they_stand(backend: &dyn Backend) {
    let mut opened = backend.open().unwrap();
    let mut script = Script::default();
    Story::tell(&mut script);
    script.start(1, 2, 1, Story::TASK, "Jane Doe");
    script.by(3, Body::StopRequested { execution: Script::execution(2), why: StopReason::Revoked });
    script.start(1, 3, 1, Story::TASK, "Jane Doe");
    script.finish(3, Outcome::Unknown { reason: "runner_lost".to_owned() });
    opened.store.append(&script.batch()).unwrap();
    let reader = opened.store.reader();
    let failed = execution(&*reader, 1);
    assert_eq!(failed.status, ExecutionStatus::Failed);
    assert_eq!((failed.exit, failed.detail.as_deref()), (Some(3), Some("exit_status")));
    assert_eq!(failed.values.as_deref(), Some(r#"{"Identity":"Jane Doe"}"#));
    assert_eq!(failed.number, Some(RequestNumber::new(1)));
    assert!(failed.finished > Some(failed.started));
    let stopping = execution(&*reader, 2);
    assert_eq!(stopping.status, ExecutionStatus::Running);
    assert_eq!(stopping.stopping.as_deref(), Some("revoked"));
    assert_eq!(execution(&*reader, 3).status, ExecutionStatus::Unknown);
    assert_eq!(request(&*reader, 1).used, 3);

    let output = Some(OutputDigest {
        stdout_bytes: 12,
        stdout_sha256: sha256(b"out"),
        stderr_bytes: 0,
        stderr_sha256: sha256(b""),
        truncated: true,
    });
    let execution_id = Script::execution(3);
    script.system(Body::ExecutionReported { execution: execution_id, outcome: Outcome::Succeeded, output });
    opened.store.append(&script.batch()).unwrap();
    let late = execution(&*reader, 3);
    assert_eq!((late.status, late.detail, late.exit), (ExecutionStatus::Succeeded, None, Some(0)));
    assert_eq!((late.stdout_bytes, late.truncated), (Some(12), Some(true)));
    let query = ListQuery::all().with(Condition::Is(execution::status(&ExecutionStatus::Running)));
    assert_eq!(list::<execution::Row>(&*reader, &query).unwrap().rows.len(), 1);
}

pub(super) fn pages_join_without_gaps_or_repeats(backend: &dyn Backend) {
    let mut opened = backend.open().unwrap();
    let mut script = Script::default();
    for number in 1..=25 {
        script.ask(1, number, Story::TASK, "reason", "x");
    }
    opened.store.append(&script.batch()).unwrap();
    let reader = opened.store.reader();
    let mut query = ListQuery { limit: 10, ..ListQuery::all() };
    let mut numbers = Vec::new();
    for length in [10, 10, 5] {
        let page = list::<request::Row>(&*reader, &query).unwrap();
        assert_eq!((page.rows.len(), page.size), (length, 25));
        numbers.extend(page.rows.iter().map(|row| row.number.get()));
        query.cursor = page.next;
    }
    assert_eq!(query.cursor, None);
    assert_eq!(numbers, (1..=25).rev().collect::<Vec<_>>());
    // A page that is exactly full has no next one.
    let page = list::<request::Row>(&*reader, &ListQuery { limit: 25, ..ListQuery::all() }).unwrap();
    assert_eq!((page.rows.len(), page.next), (25, None));
    let pending = Condition::OneOf("status", vec![RequestStatus::Pending.to_cell()]);
    let below = Condition::Below(request::number(&RequestNumber::new(4)));
    let page = list::<request::Row>(&*reader, &ListQuery::all().with(pending).with(below)).unwrap();
    assert_eq!(page.rows.len(), 3);
    let nothing = Condition::OneOf("status", Vec::new());
    assert!(list::<request::Row>(&*reader, &ListQuery::all().with(nothing)).unwrap().rows.is_empty());
}

pub(super) fn only_ones_own_is_seen(backend: &dyn Backend) {
    let mut opened = backend.open().unwrap();
    let mut script = Script::default();
    Story::tell(&mut script);
    opened.store.append(&script.batch()).unwrap();
    let reader = opened.store.reader();
    let see = |person: Option<u8>, numbers: &[u64]| {
        let requests = numbers.iter().map(|number| RequestNumber::new(*number)).collect();
        let visibility = Visibility::Only { person: person.map(Script::person), requests };
        let page =
            list::<request::Row>(&*reader, &ListQuery { visibility: visibility.clone(), ..ListQuery::all() });
        let policies = list::<policy::Row>(&*reader, &ListQuery { visibility, ..ListQuery::all() });
        assert!(policies.unwrap().rows.is_empty(), "configuration belongs to nobody");
        page.unwrap().rows.iter().map(|row| row.number.get()).collect::<Vec<_>>()
    };
    assert_eq!(see(Some(1), &[]), [1]);
    assert_eq!(see(Some(2), &[]), [3, 2]);
    assert_eq!(see(Some(2), &[1]), [3, 2, 1]);
    assert_eq!(see(None, &[3]), [3]);
    assert!(see(None, &[]).is_empty());
    assert!(see(Some(9), &[]).is_empty());
}

pub(super) fn names_are_listed_in_order(backend: &dyn Backend) {
    let mut opened = backend.open().unwrap();
    let mut script = Script::default();
    for name in ["Zeta", "alpha", "Beta", "beta-2"] {
        script.host(Body::WorkloadRegistered {
            workload: name.parse().unwrap(),
            runspace: "process".to_owned(),
        });
    }
    Story::tell(&mut script);
    opened.store.append(&script.batch()).unwrap();
    let reader = opened.store.reader();
    let mut query = ListQuery { limit: 3, ..ListQuery::all() };
    let page = list::<workload::Row>(&*reader, &query).unwrap();
    assert_eq!(
        page.rows.iter().map(|row| row.name.as_str()).collect::<Vec<_>>(),
        ["alpha", "Beta", "beta-2"]
    );
    query.cursor = page.next;
    let page = list::<workload::Row>(&*reader, &query).unwrap();
    assert_eq!(page.rows.iter().map(|row| row.name.as_str()).collect::<Vec<_>>(), ["Zeta"]);
    let roles = list::<role::Row>(&*reader, &ListQuery::all()).unwrap().rows;
    assert_eq!(roles[0].tasks, r#"["Exchange\\New-MoveRequest"]"#);
    let members = list::<member::Row>(&*reader, &ListQuery::all()).unwrap().rows;
    assert_eq!(members[0].member, Script::person(3).to_string());
}

pub(super) fn a_column_that_is_not_there_is_refused(backend: &dyn Backend) {
    let opened = backend.open().unwrap();
    let reader = opened.store.reader();
    let field = Field { column: "1 = 1 OR seq", cell: Cell::Int(1) };
    assert!(list::<request::Row>(&*reader, &ListQuery::all().with(Condition::Is(field))).is_err());
    assert!(list::<request::Row>(&*reader, &ListQuery::all().with(Condition::Present("absent"))).is_err());
    let query =
        ListQuery { cursor: Some(crate::Cursor("1; DROP TABLE entry".to_owned())), ..ListQuery::all() };
    assert!(list::<request::Row>(&*reader, &query).is_err());
    assert!(get::<vote::Row>(&*reader, &[Cell::Int(1)]).is_err());
    assert_eq!(reader.secret(Script::person(1), Credential::Recovery).unwrap(), None);
}
