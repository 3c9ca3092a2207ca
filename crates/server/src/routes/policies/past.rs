//! The requests of the last 90 days, judged under other policies.

use std::collections::{BTreeMap, BTreeSet};

use countersign_core::hindsight::{self, Verdict};
use countersign_core::id::{PolicyId, RequestNumber};
use countersign_core::policy::Target as Asked;
use countersign_core::refusal::Code;
use countersign_core::state::State;
use countersign_core::statement::Statement;
use countersign_core::tasks;
use countersign_core::time::{Instant, Span};
use countersign_core::view::rows::request;
use countersign_store::{Condition, ListQuery, Reader, list};
use schemars::JsonSchema;
use serde::Serialize;

use crate::problem::Result;
use crate::schema::text::{self, At, Number};
use crate::see::people::{Names, Person};
use crate::see::policies::Target;

/// How far back.
const BACK: Span = Span::from_hours(24 * 90);
/// Requests looked at, at most; those shown.
const MOST: usize = 20_000;
const SHOWN: usize = 100;

/// The last 90 days' requests that the change concerns.
#[derive(Serialize, JsonSchema)]
pub(super) struct PastRequests {
    since: At,
    /// How many the change concerns.
    concerned: usize,
    /// Whether everything was looked at; otherwise the newest 20,000 requests were.
    complete: bool,
    /// Those for which nothing would have been different.
    same: usize,
    /// Those whose statement was erased.
    unknown: usize,
    /// How many would have come out otherwise, by how.
    outcomes: Vec<Shift>,
    /// Those that would have come out otherwise, the newest first; at most 100.
    changed: Vec<ChangedRequest>,
}

/// So many requests, judged under the policies of now and after the change.
#[derive(Serialize, JsonSchema)]
struct Shift {
    now: Judged,
    then: Judged,
    requests: usize,
}

/// A request that would have come out otherwise.
#[derive(Serialize, JsonSchema)]
struct ChangedRequest {
    number: Number,
    created: At,
    requester: Person,
    target: Target,
    now: Judged,
    then: Judged,
}

/// What would become of a request: not needed, approved at once, decided by so many people, or refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(tag = "verdict", rename_all = "snake_case")]
enum Judged {
    NotNeeded {},
    AtOnce {},
    Decided {
        people: usize,
    },
    Refused {
        #[schemars(with = "text::Code")]
        code: Code,
    },
}

impl From<Verdict> for Judged {
    fn from(verdict: Verdict) -> Self {
        match verdict {
            Verdict::NotNeeded => Self::NotNeeded {},
            Verdict::AtOnce => Self::AtOnce {},
            Verdict::Decided { people } => Self::Decided { people },
            Verdict::Refused { code } => Self::Refused { code },
        }
    }
}

/// Judges them.
pub(super) fn judged(
    reader: &dyn Reader,
    (before, after): (&State, &State),
    changed: &BTreeSet<PolicyId>,
    now: Instant,
) -> Result<PastRequests> {
    let since = now.minus(BACK);
    let mut concerned = Concerned { states: (before, after), changed, known: BTreeMap::new() };
    let mut counted = Counted::default();
    let mut query = ListQuery { limit: 1_000, ..ListQuery::all() };
    query = query.with(Condition::AtLeast(request::created(&since)));
    let mut looked = 0;
    let complete = loop {
        let page = list::<request::Row>(reader, &query)?;
        looked += page.rows.len();
        let rows: Vec<_> = page.rows.into_iter().filter(|row| concerned.has(row)).collect();
        let statements = statements(reader, &rows)?;
        for row in rows {
            let statement = statements.get(&row.number);
            let judged = statement.map(|it| (hindsight::judge(before, it), hindsight::judge(after, it)));
            counted.take(row, judged);
        }
        match page.next {
            None => break true,
            Some(_) if looked >= MOST => break false,
            Some(next) => query.cursor = Some(next),
        }
    };
    let names = Names::load(reader, counted.shown.iter().map(|(row, ..)| row.requester))?;
    Ok(counted.past(since, complete, &names))
}

#[derive(Default)]
struct Counted {
    concerned: usize,
    same: usize,
    unknown: usize,
    shifts: BTreeMap<(Judged, Judged), usize>,
    shown: Vec<(request::Row, Judged, Judged)>,
}

impl Counted {
    fn take(&mut self, row: request::Row, judged: Option<(Verdict, Verdict)>) {
        self.concerned += 1;
        match judged {
            None => self.unknown += 1,
            Some((now, then)) if now == then => self.same += 1,
            Some((now, then)) => {
                *self.shifts.entry((now.into(), then.into())).or_default() += 1;
                if self.shown.len() < SHOWN {
                    self.shown.push((row, now.into(), then.into()));
                }
            }
        }
    }

    fn past(self, since: Instant, complete: bool, names: &Names) -> PastRequests {
        let outcomes = self.shifts.into_iter().map(|((now, then), requests)| Shift { now, then, requests });
        let changed = self.shown.into_iter().map(|(row, now, then)| ChangedRequest {
            number: Number(row.number),
            created: row.created.into(),
            requester: names.show(row.requester),
            target: Target { r#type: row.target_kind, name: row.target },
            now,
            then,
        });
        PastRequests {
            since: since.into(),
            concerned: self.concerned,
            complete,
            same: self.same,
            unknown: self.unknown,
            outcomes: outcomes.collect(),
            changed: changed.collect(),
        }
    }
}

/// Which requests a change concerns: those of a target that a changed policy governs, before or after. Remembered by
/// target.
struct Concerned<'a> {
    states: (&'a State, &'a State),
    changed: &'a BTreeSet<PolicyId>,
    known: BTreeMap<(String, String), bool>,
}

impl Concerned<'_> {
    fn has(&mut self, row: &request::Row) -> bool {
        if self.changed.contains(&row.policy) {
            return true;
        }
        let key = (row.target_kind.clone(), row.target.clone());
        if let Some(known) = self.known.get(&key) {
            return *known;
        }
        let governs = |state: &State, target: &Asked| {
            tasks::governing(state, target).iter().any(|governing| self.changed.contains(&governing.policy))
        };
        let has = target(row)
            .is_some_and(|target| governs(self.states.0, &target) || governs(self.states.1, &target));
        self.known.insert(key, has);
        has
    }
}

fn target(row: &request::Row) -> Option<Asked> {
    match row.target_kind.as_str() {
        "Task" => row.target.parse().ok().map(Asked::Task),
        "Role" => row.target.parse().ok().map(Asked::Role),
        _ => row.target.parse().ok().map(Asked::RoleGroup),
    }
}

/// The statements that still exist, checked against what the ledger commits to.
fn statements(reader: &dyn Reader, rows: &[request::Row]) -> Result<BTreeMap<RequestNumber, Statement>> {
    let digests: Vec<_> = rows.iter().map(|row| row.statement).collect();
    let mut found = BTreeMap::new();
    for some in digests.chunks(200) {
        for value in reader.sealed(some)? {
            if let Ok(statement) = Statement::from_bytes(&value.value, value.commitment) {
                found.insert(statement.number, statement);
            }
        }
    }
    Ok(found)
}
