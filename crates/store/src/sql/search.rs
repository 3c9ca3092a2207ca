//! The search of the audit log: every filter is a set of terms, and a line must have one of each set.

use countersign_core::id::RequestNumber;
use countersign_core::view::words::{Wanted, wanted};
use countersign_core::view::{Cell, Column, EventRow};

use super::db::{Db, Take, rows, value};
use super::events::{COLUMNS, facet, read};
use super::ledger;
use super::list::{MOST, seq};
use super::symbols::numbers;
use crate::error::Error;
use crate::query::{Cursor, Direction, EventFilter, Page, Visibility};

/// Terms that one prefix or name may stand for.
const ALTERNATIVES: usize = 500;
/// Lines counted to find the rarest term; a term with more is common.
const COMMON: i64 = 2_000;

/// What lines must have: any of these terms, or belong to this request.
#[derive(Debug, Default)]
struct Need {
    terms: Vec<i64>,
    request: Option<RequestNumber>,
}

pub(crate) fn search(
    db: &mut dyn Db,
    filter: &EventFilter,
    visibility: &Visibility,
    direction: Direction,
    cursor: Option<&Cursor>,
    limit: usize,
) -> Result<Page<EventRow>, Error> {
    let limit = limit.clamp(1, MOST);
    let size = ledger::size(db)?;
    let nothing = Page { rows: Vec::new(), next: None, size };
    let Some(needs) = needs(db, filter)? else { return Ok(nothing) };
    let Some(mut conditions) = visible(db, visibility)? else { return Ok(nothing) };
    let mut cells = Vec::new();
    let mut bind = |cell: Cell| {
        cells.push(cell);
        format!("?{}", cells.len())
    };
    if let Some(request) = filter.request {
        conditions.push(format!("e.request = {}", bind(request.to_cell())));
    }
    if let Some(from) = filter.from {
        conditions.push(format!("e.time >= {}", bind(from.to_cell())));
    }
    if let Some(until) = filter.until {
        conditions.push(format!("e.time < {}", bind(until.to_cell())));
    }
    let (order, beyond) = match direction {
        Direction::NewestFirst => ("DESC", "<"),
        Direction::OldestFirst => ("ASC", ">"),
    };
    let after = match cursor {
        Some(cursor) => Some(bind(seq(cursor)?)),
        None => None,
    };
    let driver = if filter.request.is_some() { None } else { driver(db, &needs)? };
    let by = if driver.is_some() { "d.seq" } else { "e.seq" };
    for (n, need) in needs.iter().enumerate() {
        if driver.map(|(chosen, _)| chosen) != Some(n) {
            conditions.push(need.sql());
        }
    }
    if let Some(after) = after {
        conditions.push(format!("{by} {beyond} {after}"));
    }
    let from = match driver {
        Some((_, term)) => {
            conditions.push(format!("d.term = {term}"));
            conditions.push("e.seq = d.seq".to_owned());
            "term d CROSS JOIN event e"
        }
        None => "event e",
    };
    let columns: Vec<_> = COLUMNS.iter().map(|column| format!("e.{column}")).collect();
    let conditions = if conditions.is_empty() { "1 = 1".to_owned() } else { conditions.join(" AND ") };
    let columns = columns.join(", ");
    let sql =
        format!("SELECT {columns} FROM {from} WHERE {conditions} ORDER BY {by} {order} LIMIT {}", limit + 1);
    let mut found = rows(db, &sql, &cells)?;
    let more = found.len() > limit;
    found.truncate(limit);
    let lines = read(db, found)?;
    let next = if more { lines.last().map(|line| Cursor(line.seq.to_string())) } else { None };
    Ok(Page { rows: lines, next, size })
}

impl Need {
    fn sql(&self) -> String {
        let terms: Vec<_> = self.terms.iter().map(ToString::to_string).collect();
        let found =
            format!("EXISTS (SELECT 1 FROM term t WHERE t.term IN ({}) AND t.seq = e.seq)", terms.join(","));
        match (self.request, terms.is_empty()) {
            (None, _) => found,
            (Some(request), true) => format!("e.request = {}", request.get()),
            (Some(request), false) => format!("(e.request = {} OR {found})", request.get()),
        }
    }
}

/// What lines must have; `None` if no line can have it.
fn needs(db: &mut dyn Db, filter: &EventFilter) -> Result<Option<Vec<Need>>, Error> {
    let columns = [
        ("person", filter.person.map(|id| id.to_string())),
        ("subject", filter.subject.clone()),
        ("task", filter.task.clone()),
        ("workload", filter.workload.clone()),
        ("outcome", filter.outcome.clone()),
        ("code", filter.code.clone()),
        ("policy", filter.policy.map(|id| id.to_string())),
        ("execution", filter.execution.map(|id| id.to_string())),
    ];
    let mut needs = Vec::new();
    for (column, value) in columns {
        if let Some(value) = value {
            needs.push(Need { terms: known(db, &[facet(column, &value)])?, request: None });
        }
    }
    if !filter.kinds.is_empty() {
        let kinds: Vec<_> = filter.kinds.iter().map(|kind| facet("kind", kind)).collect();
        needs.push(Need { terms: known(db, &kinds)?, request: None });
    }
    for wanted in wanted(&filter.text) {
        match wanted {
            Wanted::Prefix(prefix) => needs.push(Need { terms: prefixed(db, &prefix)?, request: None }),
            Wanted::Word { whole, parts } => word(db, &whole, &parts, &mut needs)?,
        }
    }
    let possible = needs.iter().all(|need| !need.terms.is_empty() || need.request.is_some());
    Ok(possible.then_some(needs))
}

fn word(db: &mut dyn Db, whole: &str, parts: &[String], needs: &mut Vec<Need>) -> Result<(), Error> {
    let request = whole.starts_with("r-").then(|| whole.parse().ok()).flatten();
    let mut texts = vec![whole.to_owned()];
    texts.extend(["person", "subject", "execution", "policy", "token"].map(|column| facet(column, whole)));
    for person in named(db, whole)? {
        texts.extend([facet("person", &person), facet("subject", &person)]);
    }
    let terms = known(db, &texts)?;
    if !terms.is_empty() || request.is_some() || parts.len() < 2 {
        needs.push(Need { terms, request });
    } else {
        for part in parts {
            needs.push(Need { terms: known(db, std::slice::from_ref(part))?, request: None });
        }
    }
    Ok(())
}

/// Terms by their texts.
fn known(db: &mut dyn Db, texts: &[String]) -> Result<Vec<i64>, Error> {
    Ok(numbers(db, texts)?.into_values().collect())
}

/// Terms that begin so.
fn prefixed(db: &mut dyn Db, prefix: &str) -> Result<Vec<i64>, Error> {
    let sql = format!("SELECT id FROM symbol WHERE text >= ?1 AND text < ?2 LIMIT {ALTERNATIVES}");
    let end = format!("{prefix}{}", char::MAX);
    rows(db, &sql, &[Cell::text(prefix), Cell::text(&end)])?
        .into_iter()
        .map(|row| Take::new(row).take())
        .collect()
}

/// People with a name that holds this word: an event is found by who did it.
fn named(db: &mut dyn Db, word: &str) -> Result<Vec<String>, Error> {
    let pattern = format!("% {} %", word.replace('!', "!!").replace('%', "!%").replace('_', "!_"));
    let sql = "SELECT id FROM person WHERE words LIKE ?1 ESCAPE '!' ORDER BY seq LIMIT 50";
    rows(db, sql, &[Cell::Text(pattern)])?
        .into_iter()
        .map(|row| Ok(Take::new(row).take::<countersign_core::id::PersonId>()?.to_string()))
        .collect()
}

/// The rarest term that every line must have, and whose need it is: lines are read in its order.
fn driver(db: &mut dyn Db, needs: &[Need]) -> Result<Option<(usize, i64)>, Error> {
    let mut best: Option<(usize, i64, i64)> = None;
    for (n, need) in needs.iter().enumerate() {
        let ([term], None) = (need.terms.as_slice(), need.request) else { continue };
        let sql = format!("SELECT count(*) FROM (SELECT 1 FROM term WHERE term = ?1 LIMIT {COMMON}) few");
        let count: i64 = value(db, &sql, &[Cell::Int(*term)])?.unwrap_or(0);
        if best.is_none_or(|(_, _, least)| count < least) {
            best = Some((n, *term, count));
        }
    }
    Ok(best.map(|(n, term, _)| (n, term)))
}

/// The conditions of visibility; `None` if nothing may be seen.
fn visible(db: &mut dyn Db, visibility: &Visibility) -> Result<Option<Vec<String>>, Error> {
    let Visibility::Only { person, requests } = visibility else { return Ok(Some(Vec::new())) };
    let mut ways = Vec::new();
    if let Some(person) = person {
        for number in known(db, &[person.to_string()])? {
            ways.push(format!("e.person = {number} OR e.subject = {number}"));
        }
    }
    if !requests.is_empty() {
        let numbers: Vec<_> = requests.iter().map(|number| number.get().to_string()).collect();
        ways.push(format!("e.request IN ({})", numbers.join(",")));
    }
    Ok((!ways.is_empty()).then(|| vec![format!("({})", ways.join(" OR "))]))
}
