//! Rows of nouns that wait to be written together: one statement per noun and batch, not one per row.

use std::collections::BTreeMap;

use countersign_core::view::{Cell, Noun, Row};

use super::db::{Db, Existing, Insert, Values};
use super::index::matching;
use crate::error::Error;
use crate::schema::quote;

/// Whole rows by table and key; changes of a waiting row are made here, all others in the database at once.
#[derive(Debug, Default)]
pub(crate) struct Pending {
    nouns: BTreeMap<&'static str, (&'static Noun, BTreeMap<Vec<Cell>, Values>)>,
}

impl Pending {
    pub(crate) fn apply(&mut self, db: &mut dyn Db, row: Row) -> Result<(), Error> {
        match row {
            Row::Put { noun, cells } => self.put(noun, cells),
            Row::Set { noun, key, fields } => {
                if let Some(waiting) = self.find(noun, &key) {
                    for field in fields {
                        if let Some(cell) = place(noun, field.column).and_then(|place| waiting.get_mut(place))
                        {
                            *cell = field.cell;
                        }
                    }
                    return Ok(());
                }
                let sets: Vec<_> =
                    (1..).zip(&fields).map(|(n, field)| format!("{} = ?{n}", quote(field.column))).collect();
                let table = quote(noun.table);
                let sql =
                    format!("UPDATE {table} SET {} WHERE {}", sets.join(", "), matching(noun, fields.len()));
                let cells: Vec<_> = fields.into_iter().map(|field| field.cell).chain(key).collect();
                db.execute(&sql, &cells)?;
            }
            Row::Count { noun, key, column } => {
                if let Some(waiting) = self.find(noun, &key) {
                    if let Some(Cell::Int(count)) =
                        place(noun, column).and_then(|place| waiting.get_mut(place))
                    {
                        *count = count.saturating_add(1);
                    }
                    return Ok(());
                }
                let (table, column) = (quote(noun.table), quote(column));
                let sql = format!("UPDATE {table} SET {column} = {column} + 1 WHERE {}", matching(noun, 0));
                db.execute(&sql, &key)?;
            }
            Row::Delete { noun, key } => {
                if let Some((_, rows)) = self.nouns.get_mut(noun.table) {
                    rows.remove(&key);
                }
                db.execute(&format!("DELETE FROM {} WHERE {}", quote(noun.table), matching(noun, 0)), &key)?;
            }
        }
        Ok(())
    }

    /// A value of a waiting row.
    pub(crate) fn cell(&self, noun: &Noun, key: &[Cell], column: &str) -> Option<&Cell> {
        self.nouns.get(noun.table)?.1.get(key)?.get(place(noun, column)?)
    }

    /// Writes what waits.
    pub(crate) fn flush(&mut self, db: &mut dyn Db) -> Result<(), Error> {
        for (noun, rows) in std::mem::take(&mut self.nouns).into_values() {
            let columns: Vec<_> = noun.columns.iter().map(|column| column.name).collect();
            let existing = Existing::Replace { key: noun.key, but: "seq" };
            let rows: Vec<_> = rows.into_values().collect();
            db.insert(&Insert { table: noun.table, columns: &columns, existing }, &rows)?;
        }
        Ok(())
    }

    fn put(&mut self, noun: &'static Noun, mut cells: Values) {
        let key: Vec<_> = noun
            .key
            .iter()
            .filter_map(|column| place(noun, column).and_then(|place| cells.get(place)).cloned())
            .collect();
        let rows = &mut self.nouns.entry(noun.table).or_insert_with(|| (noun, BTreeMap::new())).1;
        // A row keeps the event that made it.
        if let (Some(before), Some(seq)) =
            (rows.get(&key).and_then(|before| before.first()), cells.first_mut())
        {
            seq.clone_from(before);
        }
        rows.insert(key, cells);
    }

    fn find(&mut self, noun: &Noun, key: &[Cell]) -> Option<&mut Values> {
        self.nouns.get_mut(noun.table)?.1.get_mut(key)
    }
}

fn place(noun: &Noun, column: &str) -> Option<usize> {
    noun.columns.iter().position(|defined| defined.name == column)
}
