//! Writes what [`view`](countersign_core::view::view) says of events into the derived tables.

use std::collections::{BTreeMap, BTreeSet};

use countersign_core::event::Event;
use countersign_core::name::TaskName;
use countersign_core::sealing::SealedValue;
use countersign_core::view::rows::{execution, request};
use countersign_core::view::{Cell, Column, EventRow, Noun, View, commitments, view, words};
use countersign_ledger::hash::Digest;

use super::db::{Db, Existing, Insert, Values, first};
use super::events::{COLUMNS, facets, symbol_texts};
use super::facts;
use super::pending::Pending;
use super::symbols::Symbols;
use crate::error::Error;
use crate::schema::quote;

/// Rows that wait to be written together.
#[derive(Debug, Default)]
pub(crate) struct Indexer {
    symbols: Symbols,
    pending: Pending,
    lines: Vec<Line>,
    causes: Vec<Values>,
}

impl Indexer {
    /// Forgets everything: the transaction did not come to be.
    pub(crate) fn forget(&mut self) {
        *self = Self { symbols: std::mem::take(&mut self.symbols), ..Self::default() };
        self.symbols.forget();
    }

    /// Indexes one event. Values that were sealed with earlier events are looked up.
    pub(crate) fn add(
        &mut self,
        db: &mut dyn Db,
        event: &Event,
        opened: &BTreeMap<Digest, &SealedValue>,
    ) -> Result<(), Error> {
        let (mut sealed, mut missing) = (Vec::new(), Vec::new());
        for commitment in commitments(event) {
            match opened.get(&commitment) {
                Some(value) => sealed.push((*value).clone()),
                None => missing.push(commitment),
            }
        }
        sealed.extend(facts::sealed(db, &missing)?);
        let View { event: mut line, words, rows } = view(event, &sealed);
        for row in rows {
            self.pending.apply(db, row)?;
        }
        self.inherit(db, &mut line)?;
        self.lines.push(Line::new(&line, words));
        if let Some(cause) = &event.cause {
            self.causes.push(vec![cause.key.to_cell(), cause.command.to_cell(), event.seq.to_cell()]);
        }
        Ok(())
    }

    /// The words that an event is found by, as far as its values are given.
    pub(crate) fn words(
        &self,
        db: &mut dyn Db,
        event: &Event,
        sealed: &[SealedValue],
    ) -> Result<BTreeSet<String>, Error> {
        let View { event: mut line, words, .. } = view(event, sealed);
        self.inherit(db, &mut line)?;
        Ok(Line::new(&line, words).words)
    }

    /// An outcome is found by the task it is the outcome of, a vote by the task that was asked for.
    fn inherit(&self, db: &mut dyn Db, line: &mut EventRow) -> Result<(), Error> {
        if line.task.is_some() {
            return Ok(());
        }
        if let Some(id) = line.execution
            && let Some(task) = self.look(db, &execution::NOUN, id.to_cell(), "task")?
        {
            line.set_task(&TaskName::from_cell(task)?);
        } else if let (Some(number), None, None) = (line.request, line.policy, &line.workload)
            && self.look(db, &request::NOUN, number.to_cell(), "target_kind")?
                == Some(Cell::Text("Task".to_owned()))
            && let Some(target) = self.look(db, &request::NOUN, number.to_cell(), "target")?
        {
            line.set_task(&TaskName::from_cell(target)?);
        }
        Ok(())
    }

    /// A value of a row that waits or is written.
    fn look(&self, db: &mut dyn Db, noun: &Noun, key: Cell, column: &str) -> Result<Option<Cell>, Error> {
        let key = [key];
        if let Some(cell) = self.pending.cell(noun, &key, column) {
            return Ok(Some(cell.clone()));
        }
        let sql = format!("SELECT {} FROM {} WHERE {}", quote(column), quote(noun.table), matching(noun, 0));
        Ok(first(db, &sql, &key)?.and_then(|row| row.into_iter().next()))
    }

    /// Writes what waits.
    pub(crate) fn flush(&mut self, db: &mut dyn Db) -> Result<(), Error> {
        self.pending.flush(db)?;
        let lines = std::mem::take(&mut self.lines);
        self.symbols.learn(db, lines.iter().flat_map(Line::texts))?;
        let (mut events, mut terms) = (Vec::with_capacity(lines.len()), Vec::new());
        for line in &lines {
            let mut cells = line.plain.to_vec();
            for text in &line.symbols {
                cells.push(text.as_ref().map_or(Ok(Cell::Null), |text| self.symbols.number(text))?);
            }
            events.push(cells);
            for word in &line.words {
                terms.push(vec![self.symbols.number(word)?, line.seq()]);
            }
        }
        db.insert(&Insert { table: "event", columns: &COLUMNS, existing: Existing::Refuse }, &events)?;
        db.insert(&Insert { table: "term", columns: &["term", "seq"], existing: Existing::Refuse }, &terms)?;
        let cause = Insert { table: "cause", columns: &["key", "command", "seq"], existing: Existing::Keep };
        db.insert(&cause, &std::mem::take(&mut self.causes))
    }
}

/// A line of the audit log that waits to be written.
#[derive(Debug)]
struct Line {
    plain: [Cell; 3],
    symbols: [Option<String>; 11],
    words: BTreeSet<String>,
}

impl Line {
    fn new(line: &EventRow, mut words: BTreeSet<String>) -> Self {
        let shown = [
            Some(&line.kind),
            line.task.as_ref(),
            line.subject.as_ref(),
            line.outcome.as_ref(),
            line.code.as_ref(),
        ];
        for text in shown.into_iter().flatten() {
            words::collect(text, &mut words);
        }
        words.extend(facets(line));
        let plain = [line.seq.to_cell(), line.time.to_cell(), line.request.to_cell()];
        Self { plain, symbols: symbol_texts(line), words }
    }

    fn seq(&self) -> Cell {
        let [seq, ..] = &self.plain;
        seq.clone()
    }

    fn texts(&self) -> impl Iterator<Item = &str> + Clone {
        self.symbols.iter().flatten().chain(&self.words).map(String::as_str)
    }
}

/// The condition that picks a row by its key; its values come behind `before` others.
pub(crate) fn matching(noun: &Noun, before: usize) -> String {
    let conditions: Vec<_> = noun
        .key
        .iter()
        .enumerate()
        .map(|(n, column)| format!("{} = ?{}", quote(column), before + n + 1))
        .collect();
    conditions.join(" AND ")
}
