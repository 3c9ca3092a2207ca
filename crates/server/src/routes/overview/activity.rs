//! What was asked and decided lately.

use std::collections::BTreeMap;

use countersign_core::event::body::RequestEnd;
use countersign_core::id::PersonId;
use countersign_core::time::{Instant, Span};
use countersign_core::view::RequestStatus;
use countersign_core::view::rows::{request, vote};
use countersign_store::{Condition, ListQuery, Reader, list};
use schemars::JsonSchema;
use serde::Serialize;

use crate::problem::Result;
use crate::schema::text::At;
use crate::see::people::{Names, Person};

/// How far back.
pub(super) const DAYS: u64 = 30;
const DAY: Span = Span::from_hours(24);
/// Requests and votes looked at, at most.
const MOST: usize = 20_000;
/// Decisions from which on somebody who never said no is named.
const ENOUGH: usize = 10;

/// What was asked and decided within the last 30 days.
#[derive(Serialize, JsonSchema)]
pub(super) struct Activity {
    /// Whether everything was looked at; otherwise the newest 20,000 requests were.
    complete: bool,
    /// By day of UTC, the oldest first.
    days: Vec<Day>,
    time_to_decision: TimeToDecision,
    /// Who decided, those who decided most first.
    approvers: Vec<Approver>,
}

/// A day's requests, by what became of them; each counts on the day on which it was sent.
#[derive(Default, Serialize, JsonSchema)]
struct Day {
    /// When it begins.
    from: Option<At>,
    requests: usize,
    approved: usize,
    denied: usize,
    /// Expired, withdrawn, or ended by a change.
    ended: usize,
    pending: usize,
}

/// How long people's decisions took; requests that no policy made anybody decide are left out.
#[derive(Default, Serialize, JsonSchema)]
struct TimeToDecision {
    decisions: usize,
    median_secs: Option<u64>,
    /// Nine of ten were faster.
    slow_secs: Option<u64>,
}

/// An approver's decisions.
#[derive(Serialize, JsonSchema)]
struct Approver {
    person: Person,
    approved: usize,
    denied: usize,
    /// Decided ten times or more and never said no.
    always_yes: bool,
}

/// What was counted, before names are looked up.
#[derive(Default)]
pub(super) struct Counted {
    complete: bool,
    days: BTreeMap<i64, Day>,
    waits: Vec<u64>,
    /// Approvals and denials.
    decisions: BTreeMap<PersonId, (usize, usize)>,
}

pub(super) fn count(reader: &dyn Reader, now: Instant) -> Result<Counted> {
    let today = now.as_micros().div_euclid(micros(DAY));
    let first = today - i64::try_from(DAYS).unwrap_or(0) + 1;
    let begin = Instant::from_micros(first * micros(DAY));
    let mut counted = Counted { complete: true, ..Counted::default() };
    for day in first..=today {
        let from = Some(At(Instant::from_micros(day * micros(DAY))));
        counted.days.insert(day, Day { from, ..Day::default() });
    }
    let query = ListQuery { limit: 1_000, ..ListQuery::all() };
    let since = query.clone().with(Condition::AtLeast(request::created(&begin)));
    counted.complete &= each::<request::Row>(reader, since, &mut |row| {
        counted_request(&mut counted.days, &mut counted.waits, &mut counted.decisions, &row)
    })?;
    let since = query.with(Condition::AtLeast(vote::created(&begin)));
    let decisions = &mut counted.decisions;
    counted.complete &= each::<vote::Row>(reader, since, &mut |row| {
        decisions.entry(row.approver).or_default().0 += 1;
    })?;
    Ok(counted)
}

fn counted_request(
    days: &mut BTreeMap<i64, Day>,
    waits: &mut Vec<u64>,
    decisions: &mut BTreeMap<PersonId, (usize, usize)>,
    row: &request::Row,
) {
    let Some(day) = days.get_mut(&row.created.as_micros().div_euclid(micros(DAY))) else { return };
    day.requests += 1;
    let denied = row.status == RequestStatus::Ended(RequestEnd::Denied);
    match row.status {
        RequestStatus::Pending => day.pending += 1,
        RequestStatus::Approved => day.approved += 1,
        RequestStatus::Ended(_) if denied => day.denied += 1,
        RequestStatus::Ended(_) => day.ended += 1,
    }
    let by_people = denied || (row.status == RequestStatus::Approved && row.votes > 0);
    if let (true, Some(decided)) = (by_people, row.decided) {
        waits.push(decided.since(row.created).as_secs());
    }
    if let (true, Some(by)) = (denied, row.decided_by) {
        decisions.entry(by).or_default().1 += 1;
    }
}

/// Hands the rows over, page by page; says whether it was all of them.
fn each<T: countersign_core::view::Typed>(
    reader: &dyn Reader,
    mut query: ListQuery,
    take: &mut dyn FnMut(T),
) -> Result<bool> {
    let mut taken = 0;
    loop {
        let page = list::<T>(reader, &query)?;
        taken += page.rows.len();
        page.rows.into_iter().for_each(&mut *take);
        match page.next {
            None => return Ok(true),
            Some(_) if taken >= MOST => return Ok(false),
            Some(next) => query.cursor = Some(next),
        }
    }
}

fn micros(span: Span) -> i64 {
    i64::try_from(span.as_micros()).unwrap_or(i64::MAX)
}

impl Counted {
    pub(super) fn people(&self) -> impl Iterator<Item = PersonId> + '_ {
        self.decisions.keys().copied()
    }
}

impl Activity {
    pub(super) fn of(mut counted: Counted, names: &Names) -> Self {
        counted.waits.sort_unstable();
        let at = |tenths: usize| {
            let last = counted.waits.len().checked_sub(1)?;
            counted.waits.get(last * tenths / 10).copied()
        };
        let time_to_decision =
            TimeToDecision { decisions: counted.waits.len(), median_secs: at(5), slow_secs: at(9) };
        let mut approvers: Vec<Approver> = counted
            .decisions
            .iter()
            .map(|(id, (approved, denied))| Approver {
                person: names.show(*id),
                approved: *approved,
                denied: *denied,
                always_yes: *denied == 0 && *approved >= ENOUGH,
            })
            .collect();
        approvers.sort_by_key(|approver| std::cmp::Reverse(approver.approved + approver.denied));
        Self {
            complete: counted.complete,
            days: counted.days.into_values().collect(),
            time_to_decision,
            approvers,
        }
    }
}
