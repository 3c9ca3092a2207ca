//! The audit log's table: texts as symbols, and the facets that its lines are filtered by.

use std::collections::BTreeSet;

use countersign_core::view::cell::CellError;
use countersign_core::view::{Cell, EventRow};

use super::db::{Db, Take, Values, first};
use super::symbols::{numbers, texts};
use crate::error::Error;

/// The columns of `event`, in the order of the rows.
pub(crate) const COLUMNS: [&str; 14] = [
    "seq",
    "time",
    "request",
    "kind",
    "actor",
    "person",
    "token",
    "task",
    "workload",
    "execution",
    "policy",
    "subject",
    "outcome",
    "code",
];

/// The values that are kept as symbols, in the order of their columns.
pub(crate) fn symbol_texts(line: &EventRow) -> [Option<String>; 11] {
    [
        Some(line.kind.clone()),
        Some(line.actor.clone()),
        line.person.map(|id| id.to_string()),
        line.token.map(|id| id.to_string()),
        line.task.clone(),
        line.workload.clone(),
        line.execution.map(|id| id.to_string()),
        line.policy.map(|id| id.to_string()),
        line.subject.clone(),
        line.outcome.clone(),
        line.code.clone(),
    ]
}

/// A term that stands for a column's value rather than for a word. No word begins with this character.
pub(crate) fn facet(column: &str, value: &str) -> String {
    format!("\u{1}{column}:{}", value.to_lowercase())
}

const NAMES: [&str; 11] = [
    "kind",
    "actor",
    "person",
    "token",
    "task",
    "workload",
    "execution",
    "policy",
    "subject",
    "outcome",
    "code",
];

/// Whether some line has this text in a column: who acts is the one column that is no facet, and its words are few.
pub(crate) fn is_used(db: &mut dyn Db, text: &str) -> Result<bool, Error> {
    let facets = NAMES.map(|name| facet(name, text)).to_vec();
    for term in numbers(db, &facets)?.into_values() {
        if first(db, "SELECT seq FROM term WHERE term = ?1 LIMIT 1", &[Cell::Int(term)])?.is_some() {
            return Ok(true);
        }
    }
    Ok(["person", "host", "system"].contains(&text))
}

/// All facets of a line.
pub(crate) fn facets(line: &EventRow) -> Vec<String> {
    let all = NAMES.iter().zip(symbol_texts(line));
    all.filter(|(name, _)| **name != "actor").filter_map(|(name, text)| Some(facet(name, &text?))).collect()
}

/// Reads rows of `event` with all columns.
pub(crate) fn read(db: &mut dyn Db, rows: Vec<Values>) -> Result<Vec<EventRow>, Error> {
    let mut raw = Vec::with_capacity(rows.len());
    let mut wanted = BTreeSet::new();
    for row in rows {
        let mut row = Take::new(row);
        let (seq, time, request) = (row.take()?, row.take()?, row.take()?);
        let mut symbols = Vec::with_capacity(11);
        for _ in 0..11 {
            let number: Option<i64> = row.take()?;
            wanted.extend(number);
            symbols.push(number);
        }
        raw.push((seq, time, request, symbols));
    }
    let texts = texts(db, &wanted.into_iter().collect::<Vec<_>>())?;
    let mut lines = Vec::with_capacity(raw.len());
    for (seq, time, request, symbols) in raw {
        let mut symbols =
            symbols.into_iter().map(|number| number.and_then(|number| texts.get(&number).cloned()));
        let mut next = || symbols.next().flatten();
        let missing = CellError("a symbol that is there");
        lines.push(EventRow {
            seq,
            time,
            request,
            kind: next().ok_or(missing)?,
            actor: next().ok_or(missing)?,
            person: id(next())?,
            token: id(next())?,
            task: next(),
            workload: next(),
            execution: id(next())?,
            policy: id(next())?,
            subject: next(),
            outcome: next(),
            code: next(),
        });
    }
    Ok(lines)
}

fn id<T: std::str::FromStr>(text: Option<String>) -> Result<Option<T>, Error> {
    text.map(|text| text.parse().map_err(|_| CellError("an id").into())).transpose()
}
