//! Rows as text.

mod csv;
mod json;

use countersign_runspace::definition::RowFormat;

use crate::table::Table;

/// A column of a result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Column {
    pub(super) name: String,
    pub(super) type_oid: u32,
}

/// A row's cells as the server wrote them; `None` is null.
pub(super) type Cells = Vec<Option<String>>;

/// Writes the rows of one statement.
pub(super) enum Rows {
    Table(Table),
    Json(json::JsonLines),
    Csv(csv::Csv),
}

impl Rows {
    /// Begins, with what is to be written before the first row.
    pub(super) fn begin(format: RowFormat, columns: Vec<Column>, keep: u64) -> (Self, String) {
        match format {
            RowFormat::Table => {
                let heads = columns.into_iter().map(|column| column.name).collect();
                (Self::Table(Table::new(heads, keep)), String::new())
            }
            RowFormat::JsonLines => (Self::Json(json::JsonLines::new(columns)), String::new()),
            RowFormat::Csv => {
                let heading = csv::heading(&columns);
                (Self::Csv(csv::Csv), heading)
            }
        }
    }

    /// What is to be written for a row now.
    pub(super) fn row(&mut self, cells: Cells) -> String {
        match self {
            Self::Table(table) => {
                table.row(cells);
                String::new()
            }
            Self::Json(lines) => lines.row(&cells),
            Self::Csv(_) => csv::row(&cells),
        }
    }

    /// What is to be written after the last row.
    pub(super) fn end(self) -> String {
        match self {
            Self::Table(table) => table.end(),
            Self::Json(_) | Self::Csv(_) => String::new(),
        }
    }
}
