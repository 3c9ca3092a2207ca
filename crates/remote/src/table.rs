//! Columns for people. Hidden characters are shown as what they are.

use countersign_text::{visible, width};

/// A column is not made wider than this; a longer cell sticks out.
const WIDEST: usize = 60;

/// Rows that are kept until their widths are known.
pub(crate) struct Table {
    heads: Vec<String>,
    rows: Vec<Vec<Option<String>>>,
    /// Bytes that may still be kept for the widths: more would not be handed on anyway.
    left: u64,
    all: u64,
}

impl Table {
    /// With the names of its columns, and the bytes of cells that are kept.
    pub(crate) fn new(heads: Vec<String>, keep: u64) -> Self {
        Self { heads, rows: Vec::new(), left: keep, all: 0 }
    }

    /// A row; `None` is an empty cell.
    pub(crate) fn row(&mut self, cells: Vec<Option<String>>) {
        self.all += 1;
        let bytes: usize = cells.iter().flatten().map(|cell| cell.len() + 2).sum();
        if let Some(left) = self.left.checked_sub(bytes as u64) {
            self.left = left;
            let shown = cells.into_iter().map(|cell| cell.map(|cell| visible(&cell)));
            self.rows.push(shown.collect());
        } else {
            self.left = 0;
        }
    }

    /// The whole table, with the number of rows.
    pub(crate) fn end(self) -> String {
        let heads: Vec<String> = self.heads.iter().map(|head| visible(head)).collect();
        let mut widths: Vec<usize> = heads.iter().map(|head| width(head)).collect();
        for row in &self.rows {
            for (widest, cell) in widths.iter_mut().zip(row) {
                *widest = (*widest).max(cell.as_deref().map_or(0, width).min(WIDEST));
            }
        }
        let mut text = line(heads.iter().map(String::as_str), &widths);
        text.push_str(&line(
            widths.iter().map(|width| "-".repeat(*width)).collect::<Vec<_>>().iter().map(String::as_str),
            &widths,
        ));
        for row in &self.rows {
            text.push_str(&line(row.iter().map(|cell| cell.as_deref().unwrap_or_default()), &widths));
        }
        let kept = self.rows.len() as u64;
        let rows = if self.all == 1 { "row" } else { "rows" };
        if kept < self.all {
            text.push_str(&format!("({} {rows}, {kept} shown)\n", self.all));
        } else {
            text.push_str(&format!("({} {rows})\n", self.all));
        }
        text
    }
}

fn line<'a>(cells: impl Iterator<Item = &'a str>, widths: &[usize]) -> String {
    let mut text = String::new();
    for (cell, wide) in cells.zip(widths) {
        text.push_str(cell);
        text.push_str(&" ".repeat(wide.saturating_sub(width(cell)) + 2));
    }
    format!("{}\n", text.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_stand_below_their_heading_and_show_what_they_hide() {
        let mut table = Table::new(vec!["name".to_owned(), "n".to_owned()], 1000);
        table.row(vec![Some("über".to_owned()), Some("1".to_owned())]);
        table.row(vec![Some("two\nlines".to_owned()), None]);
        let text = table.end();
        assert_eq!(text.lines().count(), 5, "{text}");
        assert!(text.starts_with("name"), "{text}");
        assert!(!text.contains("two\nlines") && text.ends_with("(2 rows)\n"), "{text}");
    }

    #[test]
    fn what_would_not_be_handed_on_is_not_kept() {
        let mut table = Table::new(vec!["a".to_owned()], 10);
        table.row(vec![Some("12345678".to_owned())]);
        table.row(vec![Some("x".to_owned())]);
        assert!(table.end().ends_with("(2 rows, 1 shown)\n"));
    }
}
