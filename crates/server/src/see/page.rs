//! Lists: `{items, next, seq}`.

use countersign_store::{Cursor, ListQuery, Page as Rows};
use schemars::JsonSchema;
use serde::Serialize;

use crate::problem::{Problem, Result};

/// Items on a page unless asked otherwise, and at most.
const USUAL: usize = 50;
const MOST: usize = 500;

/// Some items of a list.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "{T}Page")]
pub(crate) struct Page<T> {
    items: Vec<T>,
    /// The next page's cursor; null if this was the last.
    next: Option<String>,
    /// The size of the ledger that the items were read at.
    seq: u64,
}

/// How many items are asked for.
pub(crate) fn limit(asked: Option<usize>) -> Result<usize> {
    match asked {
        None => Ok(USUAL),
        Some(limit) if (1..=MOST).contains(&limit) => Ok(limit),
        Some(_) => Err(Problem::invalid(format!("`limit` lies between 1 and {MOST}."))),
    }
}

/// A query for everything, from a cursor on.
pub(crate) fn query(asked: Option<usize>, cursor: Option<String>) -> Result<ListQuery> {
    Ok(ListQuery { limit: limit(asked)?, cursor: cursor.map(Cursor), ..ListQuery::all() })
}

impl<T> Page<T> {
    /// A page of rows, each as it is shown.
    pub(crate) fn of<R>(rows: &Rows<R>, show: impl Fn(&R) -> T) -> Self {
        Self::of_some(rows, |row| Some(show(row)))
    }

    /// The same where a row may have nothing to show.
    pub(crate) fn of_some<R>(rows: &Rows<R>, show: impl Fn(&R) -> Option<T>) -> Self {
        Self {
            items: rows.rows.iter().filter_map(show).collect(),
            next: rows.next.as_ref().map(|cursor| cursor.0.clone()),
            seq: rows.size,
        }
    }

    /// A part of a list, with the cursor of the next.
    pub(crate) const fn part(items: Vec<T>, next: Option<String>, seq: u64) -> Self {
        Self { items, next, seq }
    }

    /// A whole list that comes from memory.
    pub(crate) const fn whole(items: Vec<T>, seq: u64) -> Self {
        Self { items, next: None, seq }
    }
}
