//! RFC 4180: a heading, CRLF, quotes where they are needed. Null is empty, an empty text is `""`.

use super::Column;

pub(in crate::postgresql) struct Csv;

pub(super) fn heading(columns: &[Column]) -> String {
    line(columns.iter().map(|column| Some(column.name.as_str())))
}

pub(super) fn row(cells: &[Option<String>]) -> String {
    line(cells.iter().map(Option::as_deref))
}

fn line<'a>(fields: impl Iterator<Item = Option<&'a str>>) -> String {
    let fields: Vec<String> = fields.map(|field| field.map_or_else(String::new, quoted)).collect();
    format!("{}\r\n", fields.join(","))
}

fn quoted(field: &str) -> String {
    let plain = !field.is_empty() && !field.contains([',', '"', '\r', '\n']);
    if plain { field.to_owned() } else { format!("\"{}\"", field.replace('"', "\"\"")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_quoted_where_they_must_be() {
        let cells = ["a", "", "b,c", "d\"e", "f\ng"].map(|cell| Some(cell.to_owned()));
        assert_eq!(row(&cells), "a,\"\",\"b,c\",\"d\"\"e\",\"f\ng\"\r\n");
        assert_eq!(row(&[None, Some("x".to_owned())]), ",x\r\n");
    }
}
