//! Lists and single rows of nouns.

use countersign_core::view::{Cell, Column, Noun, Order};

use super::db::{Db, Values, first, rows};
use super::index::matching;
use super::ledger;
use super::symbols::places;
use crate::error::Error;
use crate::query::{Condition, Cursor, ListQuery, Page, Visibility};
use crate::schema::{columns, quote};

/// The most rows of a page.
pub(crate) const MOST: usize = 1_000;

pub(crate) fn row(db: &mut dyn Db, noun: &Noun, key: &[Cell]) -> Result<Option<Values>, Error> {
    if key.len() != noun.key.len() {
        return Err(Error::Usage("a key has all its columns"));
    }
    first(db, &format!("SELECT {} FROM {} WHERE {}", all(noun), quote(noun.table), matching(noun, 0)), key)
}

pub(crate) fn page(db: &mut dyn Db, noun: &Noun, query: &ListQuery) -> Result<Page<Values>, Error> {
    let limit = query.limit.clamp(1, MOST);
    let mut asked = Asked { noun, conditions: Vec::new(), cells: Vec::new() };
    for condition in &query.conditions {
        asked.condition(condition)?;
    }
    asked.visible(&query.visibility);
    let (order, position) = match noun.order {
        Order::Newest => ("seq", "DESC"),
        Order::Name(column) => (column, "ASC"),
    };
    if let Some(cursor) = &query.cursor {
        asked.after(cursor)?;
    }
    let sql = format!(
        "SELECT {} FROM {} WHERE {} ORDER BY {} {position} LIMIT {}",
        all(noun),
        quote(noun.table),
        asked.sql(),
        quote(order),
        limit + 1
    );
    let mut found = rows(db, &sql, &asked.cells)?;
    let more = found.len() > limit;
    found.truncate(limit);
    let place = noun.columns.iter().position(|column| column.name == order);
    let last = found.last().and_then(|row| row.get(place?));
    let next = match last {
        Some(Cell::Int(seq)) if more => Some(Cursor(seq.to_string())),
        Some(Cell::Text(name)) if more => Some(Cursor(name.clone())),
        _ => None,
    };
    Ok(Page { rows: found, next, size: ledger::size(db)? })
}

fn all(noun: &Noun) -> String {
    columns(noun.columns.iter().map(|column| column.name))
}

/// Conditions and their values as they come together.
struct Asked<'a> {
    noun: &'a Noun,
    conditions: Vec<String>,
    cells: Vec<Cell>,
}

impl Asked<'_> {
    fn sql(&self) -> String {
        if self.conditions.is_empty() { "1 = 1".to_owned() } else { self.conditions.join(" AND ") }
    }

    fn bind(&mut self, cell: Cell) -> String {
        self.cells.push(cell);
        format!("?{}", self.cells.len())
    }

    fn column(&self, name: &str) -> Result<String, Error> {
        let known = self.noun.columns.iter().any(|column| column.name == name);
        if known { Ok(quote(name)) } else { Err(Error::Usage("the list has no such column")) }
    }

    fn condition(&mut self, condition: &Condition) -> Result<(), Error> {
        let sql = match condition {
            Condition::Is(field) if field.cell == Cell::Null => {
                format!("{} IS NULL", self.column(field.column)?)
            }
            Condition::Is(field) => {
                format!("{} = {}", self.column(field.column)?, self.bind(field.cell.clone()))
            }
            Condition::OneOf(_, cells) if cells.is_empty() => "1 = 0".to_owned(),
            Condition::OneOf(column, cells) => {
                let column = self.column(column)?;
                let first = self.cells.len() + 1;
                self.cells.extend(cells.iter().cloned());
                format!("{column} IN ({})", places(first, cells.len()))
            }
            Condition::Present(column) => format!("{} IS NOT NULL", self.column(column)?),
            Condition::Below(field) => {
                format!("{} < {}", self.column(field.column)?, self.bind(field.cell.clone()))
            }
            Condition::AtLeast(field) => {
                format!("{} >= {}", self.column(field.column)?, self.bind(field.cell.clone()))
            }
            Condition::Prefix(field) => {
                let text = pattern(&field.cell)? + "%";
                format!("{} LIKE {} ESCAPE '!'", self.column(field.column)?, self.bind(Cell::Text(text)))
            }
            Condition::Contains(field) => {
                let text = format!("%{}%", pattern(&field.cell)?);
                format!("{} LIKE {} ESCAPE '!'", self.column(field.column)?, self.bind(Cell::Text(text)))
            }
        };
        self.conditions.push(sql);
        Ok(())
    }

    /// Rows of a noun that belong to nobody are seen by those alone who see everything.
    fn visible(&mut self, visibility: &Visibility) {
        let Visibility::Only { person, requests } = visibility else { return };
        let mut ways = Vec::new();
        if let (Some(column), Some(person)) = (self.noun.person, person) {
            let place = self.bind(person.to_cell());
            ways.push(format!("{} = {place}", quote(column)));
        }
        if let Some(column) = self.noun.request
            && !requests.is_empty()
        {
            let numbers: Vec<_> = requests.iter().map(|number| number.get().to_string()).collect();
            ways.push(format!("{} IN ({})", quote(column), numbers.join(",")));
        }
        let sql = if ways.is_empty() { "1 = 0".to_owned() } else { format!("({})", ways.join(" OR ")) };
        self.conditions.push(sql);
    }

    fn after(&mut self, cursor: &Cursor) -> Result<(), Error> {
        let sql = match self.noun.order {
            Order::Newest => format!("{} < {}", quote("seq"), self.bind(seq(cursor)?)),
            Order::Name(column) => format!("{} > {}", quote(column), self.bind(Cell::text(&cursor.0))),
        };
        self.conditions.push(sql);
        Ok(())
    }
}

/// The place in the ledger that a cursor stands for.
pub(crate) fn seq(cursor: &Cursor) -> Result<Cell, Error> {
    cursor.0.parse().map(Cell::Int).map_err(|_| Error::Usage("the cursor is not one of this list"))
}

/// A text as part of a pattern, where its `%` and `_` mean themselves.
fn pattern(cell: &Cell) -> Result<String, Error> {
    match cell {
        Cell::Text(text) => Ok(text.replace('!', "!!").replace('%', "!%").replace('_', "!_")),
        _ => Err(Error::Usage("only texts have parts")),
    }
}
