//! Texts that come again and again, kept once and referred to by number.

use std::collections::{BTreeMap, BTreeSet};

use countersign_core::view::{Cell, Column};

use super::db::{Db, Existing, Insert, Take, rows, value};
use crate::error::Error;

/// Texts remembered in memory before the memory starts anew.
const REMEMBERED: usize = 50_000;
/// Texts looked up by one statement.
const AT_ONCE: usize = 500;

/// The writer's side: gives each text its number.
#[derive(Debug, Default)]
pub(crate) struct Symbols {
    numbers: BTreeMap<String, i64>,
    next: Option<i64>,
}

impl Symbols {
    /// Forgets everything: what a transaction gave out did not come to be.
    pub(crate) fn forget(&mut self) {
        *self = Self::default();
    }

    /// Sees to it that each of these texts has a number, a new one if need be, in the order of the texts.
    pub(crate) fn learn<'a>(
        &mut self,
        db: &mut dyn Db,
        texts: impl Iterator<Item = &'a str> + Clone,
    ) -> Result<(), Error> {
        if self.numbers.len() > REMEMBERED {
            self.numbers.clear();
        }
        let unknown: BTreeSet<_> = texts.clone().filter(|text| !self.numbers.contains_key(*text)).collect();
        let unknown: Vec<_> = unknown.into_iter().map(str::to_owned).collect();
        self.numbers.extend(numbers(db, &unknown)?);
        let mut new = Vec::new();
        for text in texts {
            if !self.numbers.contains_key(text) {
                let number = self.fresh(db)?;
                self.numbers.insert(text.to_owned(), number);
                new.push(vec![Cell::Int(number), Cell::text(text)]);
            }
        }
        db.insert(&Insert { table: "symbol", columns: &["id", "text"], existing: Existing::Refuse }, &new)
    }

    /// The number of a text that was learnt.
    pub(crate) fn number(&self, text: &str) -> Result<Cell, Error> {
        self.numbers.get(text).map(Column::to_cell).ok_or(Error::Usage("a text was not learnt"))
    }

    fn fresh(&mut self, db: &mut dyn Db) -> Result<i64, Error> {
        let next = match self.next {
            Some(next) => next,
            None => value::<i64>(db, "SELECT COALESCE(MAX(id), 0) + 1 FROM symbol", &[])?.unwrap_or(1),
        };
        self.next = Some(next + 1);
        Ok(next)
    }
}

/// The numbers of those texts that have one.
pub(crate) fn numbers(db: &mut dyn Db, texts: &[String]) -> Result<BTreeMap<String, i64>, Error> {
    let mut found = BTreeMap::new();
    for chunk in texts.chunks(AT_ONCE) {
        let cells: Vec<_> = chunk.iter().map(|text| Cell::text(text)).collect();
        let sql = format!("SELECT text, id FROM symbol WHERE text IN ({})", places(1, cells.len()));
        for row in rows(db, &sql, &cells)? {
            let mut row = Take::new(row);
            found.insert(row.take()?, row.take()?);
        }
    }
    Ok(found)
}

/// The texts behind numbers.
pub(crate) fn texts(db: &mut dyn Db, numbers: &[i64]) -> Result<BTreeMap<i64, String>, Error> {
    let mut found = BTreeMap::new();
    for chunk in numbers.chunks(AT_ONCE) {
        let cells: Vec<_> = chunk.iter().map(Column::to_cell).collect();
        let sql = format!("SELECT id, text FROM symbol WHERE id IN ({})", places(1, cells.len()));
        for row in rows(db, &sql, &cells)? {
            let mut row = Take::new(row);
            found.insert(row.take()?, row.take()?);
        }
    }
    Ok(found)
}

/// `?first, …`: that many placeholders.
pub(crate) fn places(first: usize, count: usize) -> String {
    (first..first + count).map(|n| format!("?{n}")).collect::<Vec<_>>().join(", ")
}
