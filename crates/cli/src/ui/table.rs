//! Rows in columns.

use std::fmt;

use countersign_text::{visible, width};
use serde_json::Value as Json;

use super::time;

/// A column: its head, and where its value stands in a row (a JSON pointer without the first slash).
pub(crate) type Column = (&'static str, &'static str);

/// Rows of texts under heads.
pub(crate) struct Table {
    heads: Vec<String>,
    rows: Vec<Vec<String>>,
}

impl Table {
    /// The rows' values by column; what is missing is `-`.
    pub(crate) fn of(columns: &[Column], rows: &[Json]) -> Self {
        let heads = columns.iter().map(|(head, _)| (*head).to_owned()).collect();
        let rows =
            rows.iter().map(|row| columns.iter().map(|(_, place)| cell(row, place)).collect()).collect();
        Self { heads, rows }
    }
}

fn cell(row: &Json, place: &str) -> String {
    // The first of several places that has a value.
    let value =
        place.split('|').find_map(|place| row.pointer(&format!("/{place}")).filter(|value| !value.is_null()));
    value.map_or_else(|| "-".to_owned(), text)
}

/// A value as one line.
pub(crate) fn text(value: &Json) -> String {
    match value {
        Json::Null => "-".to_owned(),
        Json::Bool(true) => "yes".to_owned(),
        Json::Bool(false) => "no".to_owned(),
        Json::String(text) => time::instant(text).unwrap_or_else(|| visible(text)),
        Json::Number(number) => number.to_string(),
        Json::Array(items) => items.iter().map(self::text).collect::<Vec<_>>().join(", "),
        Json::Object(_) => visible(&value.to_string()),
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut widths: Vec<usize> = self.heads.iter().map(|head| width(head)).collect();
        for row in &self.rows {
            for (wide, cell) in widths.iter_mut().zip(row) {
                *wide = (*wide).max(width(cell));
            }
        }
        for row in std::iter::once(&self.heads).chain(&self.rows) {
            let mut line = String::new();
            for (cell, wide) in row.iter().zip(&widths) {
                line.push_str(cell);
                line.push_str(&" ".repeat(wide.saturating_sub(width(cell)) + 2));
            }
            writeln!(f, "{}", line.trim_end())?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn columns_are_as_wide_as_their_widest_cell_and_hide_nothing() {
        let rows = [json!({"a": "漢字", "b": {"c": true}}), json!({"a": "x\u{202e}y", "b": null})];
        let table = Table::of(&[("A", "a"), ("B", "b/c")], &rows).to_string();
        assert_eq!(table, "A           B\n漢字        yes\nx\\u{202e}y  -\n");
    }
}
