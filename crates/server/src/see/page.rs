//! Lists: `{items, next, seq}`.

use countersign_store::{Cursor, ListQuery, Page};
use serde_json::{Value as Json, json};

use crate::problem::{Problem, Result};

/// Items on a page unless asked otherwise, and at most.
const USUAL: usize = 50;
const MOST: usize = 500;

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

/// A page of rows as an answer.
pub(crate) fn answer<T>(page: &Page<T>, items: Vec<Json>) -> Json {
    json!({ "items": items, "next": page.next.as_ref().map(|cursor| &cursor.0), "seq": page.size })
}

/// A whole list that comes from memory.
pub(crate) fn whole(items: Vec<Json>, seq: u64) -> Json {
    json!({ "items": items, "next": null, "seq": seq })
}
