//! The search of the audit log: every filter is a set of terms, and a line must have one of each set.

use countersign_core::id::RequestNumber;
use countersign_core::time::Instant;
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

/// Where the lines are that a filter finds.
struct Found {
    from: &'static str,
    conditions: Vec<String>,
    cells: Vec<Cell>,
    /// The column in whose order they are read.
    by: &'static str,
}

impl Found {
    fn bind(&mut self, cell: Cell) -> String {
        self.cells.push(cell);
        format!("?{}", self.cells.len())
    }

    fn conditions(&self) -> String {
        if self.conditions.is_empty() { "1 = 1".to_owned() } else { self.conditions.join(" AND ") }
    }
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
    let Some(mut found) = find(db, filter, visibility)? else { return Ok(nothing) };
    let (order, beyond) = match direction {
        Direction::NewestFirst => ("DESC", "<"),
        Direction::OldestFirst => ("ASC", ">"),
    };
    if let Some(cursor) = cursor {
        let after = found.bind(seq(cursor)?);
        found.conditions.push(format!("{} {beyond} {after}", found.by));
    }
    let columns: Vec<_> = COLUMNS.iter().map(|column| format!("e.{column}")).collect();
    let columns = columns.join(", ");
    let sql = format!(
        "SELECT {columns} FROM {} WHERE {} ORDER BY {} {order} LIMIT {}",
        found.from,
        found.conditions(),
        found.by,
        limit + 1
    );
    let mut found = rows(db, &sql, &found.cells)?;
    let more = found.len() > limit;
    found.truncate(limit);
    let lines = read(db, found)?;
    let next = if more { lines.last().map(|line| Cursor(line.seq.to_string())) } else { None };
    Ok(Page { rows: lines, next, size })
}

/// How many lines there are in each of `parts` equal parts of the time between two instants.
pub(crate) fn histogram(
    db: &mut dyn Db,
    filter: &EventFilter,
    visibility: &Visibility,
    (from, until): (Instant, Instant),
    parts: usize,
) -> Result<Vec<u64>, Error> {
    let mut counts = vec![0; parts];
    let Some(mut found) = find(db, filter, visibility)? else { return Ok(counts) };
    let width = part(from, until, parts);
    let (start, end) = (found.bind(from.to_cell()), found.bind(until.to_cell()));
    let width = found.bind(Cell::Int(width));
    found.conditions.push(format!("e.time >= {start} AND e.time < {end}"));
    let sql = format!(
        "SELECT (e.time - {start}) / {width} AS part, count(*) FROM {} WHERE {} GROUP BY 1",
        found.from,
        found.conditions()
    );
    for row in rows(db, &sql, &found.cells)? {
        let mut row = Take::new(row);
        let (part, count): (i64, u64) = (row.take()?, row.take()?);
        if let Some(slot) = usize::try_from(part).ok().and_then(|part| counts.get_mut(part)) {
            *slot = count;
        }
    }
    Ok(counts)
}

/// The length of a part in microseconds: as many parts of it as asked for hold the whole time.
fn part(from: Instant, until: Instant, parts: usize) -> i64 {
    let whole = until.as_micros().saturating_sub(from.as_micros()).max(1);
    let parts = i64::try_from(parts.max(1)).unwrap_or(i64::MAX);
    whole / parts + i64::from(whole % parts != 0)
}

/// Where the lines are; `None` if there can't be any.
fn find(db: &mut dyn Db, filter: &EventFilter, visibility: &Visibility) -> Result<Option<Found>, Error> {
    let Some(needs) = needs(db, filter)? else { return Ok(None) };
    let Some(conditions) = visible(db, visibility)? else { return Ok(None) };
    let mut found = Found { from: "event e", conditions, cells: Vec::new(), by: "e.seq" };
    if let Some(request) = filter.request {
        let request = found.bind(request.to_cell());
        found.conditions.push(format!("e.request = {request}"));
    }
    if let Some(from) = filter.from {
        let from = found.bind(from.to_cell());
        found.conditions.push(format!("e.time >= {from}"));
    }
    if let Some(until) = filter.until {
        let until = found.bind(until.to_cell());
        found.conditions.push(format!("e.time < {until}"));
    }
    let driver = if filter.request.is_some() { None } else { driver(db, &needs)? };
    for (n, need) in needs.iter().enumerate() {
        if driver.map(|(chosen, _)| chosen) != Some(n) {
            found.conditions.push(need.sql());
        }
    }
    if let Some((_, term)) = driver {
        found.conditions.push(format!("d.term = {term}"));
        found.conditions.push("e.seq = d.seq".to_owned());
        found.from = "term d CROSS JOIN event e";
        found.by = "d.seq";
    }
    Ok(Some(found))
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
