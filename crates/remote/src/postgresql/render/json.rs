//! One JSON object per row. Integers and booleans are themselves, null is null, everything else is the server's text.

use std::collections::BTreeSet;

use serde_json::Value as Json;

use super::Column;

pub(in crate::postgresql) struct JsonLines {
    /// The key as JSON, and how its cells are written.
    columns: Vec<(String, Form)>,
}

#[derive(Clone, Copy)]
enum Form {
    Text,
    Boolean,
    Integer,
}

impl JsonLines {
    pub(super) fn new(columns: Vec<Column>) -> Self {
        let mut names = BTreeSet::new();
        let columns = columns.into_iter().map(|column| {
            // A key given twice would hide a cell from most readers.
            let mut name = column.name.clone();
            let mut count = 2;
            while !names.insert(name.clone()) {
                name = format!("{}_{count}", column.name);
                count += 1;
            }
            let form = match column.type_oid {
                16 => Form::Boolean,
                20 | 21 | 23 | 26 => Form::Integer,
                _ => Form::Text,
            };
            (Json::from(name).to_string(), form)
        });
        Self { columns: columns.collect() }
    }

    pub(super) fn row(&self, cells: &[Option<String>]) -> String {
        let members: Vec<String> = self
            .columns
            .iter()
            .zip(cells)
            .map(|((key, form), cell)| format!("{key}:{}", value(*form, cell.as_deref())))
            .collect();
        format!("{{{}}}\n", members.join(","))
    }
}

fn value(form: Form, cell: Option<&str>) -> String {
    let Some(text) = cell else { return "null".to_owned() };
    match (form, text) {
        (Form::Boolean, "t") => "true".to_owned(),
        (Form::Boolean, "f") => "false".to_owned(),
        (Form::Integer, digits) if digits.parse::<i64>().is_ok() => digits.to_owned(),
        _ => Json::from(text).to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_is_json_with_all_cells() {
        let column = |name: &str, type_oid| Column { name: name.to_owned(), type_oid };
        let lines =
            JsonLines::new(vec![column("a\"", 23), column("b", 16), column("b", 25), column("n", 1700)]);
        let cells = ["7", "t", "x\n\u{1}", "1.50"].map(|cell| Some(cell.to_owned()));
        let read: Json = serde_json::from_str(&lines.row(&cells)).expect("JSON");
        assert_eq!(read, serde_json::json!({"a\"": 7, "b": true, "b_2": "x\n\u{1}", "n": "1.50"}));
        assert_eq!(
            lines.row(&[None, None, None, None]),
            "{\"a\\\"\":null,\"b\":null,\"b_2\":null,\"n\":null}\n"
        );
    }
}
