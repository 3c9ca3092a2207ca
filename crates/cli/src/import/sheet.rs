//! A CSV file (RFC 4180) with named columns, read strictly: unknown and repeated columns, ragged lines and oversized
//! files are refused.

use std::path::Path;

use crate::fault::{Fault, Outcome};

/// The largest file that is read.
const MOST_BYTES: u64 = 8 * 1024 * 1024;
/// The most lines below the names of the columns.
const MOST_LINES: usize = 20_000;

/// Lines with their values in the order in which the columns were asked for.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Sheet<const N: usize> {
    pub(crate) lines: Vec<Line<N>>,
}

/// One line.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Line<const N: usize> {
    /// Counted from one.
    pub(crate) number: u64,
    /// Without surrounding blanks; a column that the file lacks is empty.
    pub(crate) values: [String; N],
}

/// Whether a file must have a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Need {
    Required,
    Optional,
}

/// Reads a file.
pub(crate) fn read<const N: usize>(path: &Path, columns: &[(&str, Need); N]) -> Outcome<Sheet<N>> {
    let named = |what: String| Fault::usage(format!("{}: {what}", path.display()));
    let size = std::fs::metadata(path).map_err(|error| named(format!("{error}.")))?.len();
    if size > MOST_BYTES {
        return Err(named(format!("it has {size} bytes; at most {MOST_BYTES} are read.")));
    }
    let bytes = std::fs::read(path).map_err(|error| named(format!("{error}.")))?;
    parse(&bytes, columns).map_err(|(line, what)| named(format!("line {line}: {what}")))
}

fn parse<const N: usize>(bytes: &[u8], columns: &[(&str, Need); N]) -> Result<Sheet<N>, (u64, String)> {
    // Spreadsheets write a byte-order mark.
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(bytes);
    let place = |error: &csv::Error| error.position().map_or(1, csv::Position::line);
    let names = reader.headers().map_err(|error| (place(&error), error.to_string()))?.clone();
    let places = find(&names, columns).map_err(|what| (1, what))?;
    let (mut lines, mut counted) = (Vec::new(), Counted::default());
    for record in reader.records() {
        let record = record.map_err(|error| (place(&error), plain(&error)))?;
        let number = record.position().map_or(0, |position| counted.line_of(bytes, position.byte()));
        if lines.len() == MOST_LINES {
            return Err((number, format!("a file has at most {MOST_LINES} lines.")));
        }
        let value = |place: Option<usize>| place.and_then(|at| record.get(at)).unwrap_or_default().to_owned();
        lines.push(Line { number, values: places.map(value) });
    }
    Ok(Sheet { lines })
}

/// Lines counted so far. The reader's own count is one behind where lines end in CR LF.
#[derive(Debug, Default)]
struct Counted {
    bytes: usize,
    breaks: u64,
}

impl Counted {
    /// The line on which a record begins; `start` may be before the break that ends the line above.
    fn line_of(&mut self, bytes: &[u8], start: u64) -> u64 {
        let start = usize::try_from(start).unwrap_or(usize::MAX);
        let blank = |byte: &&u8| matches!(byte, b'\r' | b'\n');
        let begins = start + bytes.iter().skip(start).take_while(blank).count();
        let passed = bytes.get(self.bytes..begins).unwrap_or_default();
        self.breaks += u64::try_from(passed.iter().filter(|byte| **byte == b'\n').count()).unwrap_or(0);
        self.bytes = begins;
        self.breaks + 1
    }
}

fn find<const N: usize>(
    names: &csv::StringRecord,
    columns: &[(&str, Need); N],
) -> Result<[Option<usize>; N], String> {
    let known: Vec<&str> = columns.iter().map(|(name, _)| *name).collect();
    for (at, name) in names.iter().enumerate() {
        if !known.iter().any(|known| known.eq_ignore_ascii_case(name)) {
            return Err(format!("`{name}` is not a column here; the columns are {}.", known.join(", ")));
        }
        if names.iter().take(at).any(|before| before.eq_ignore_ascii_case(name)) {
            return Err(format!("`{name}` stands twice."));
        }
    }
    let place = |column: &str| names.iter().position(|name| name.eq_ignore_ascii_case(column));
    let missing = columns.iter().find(|(name, need)| *need == Need::Required && place(name).is_none());
    match missing {
        Some((name, _)) => Err(format!("the column `{name}` is missing.")),
        None => Ok(columns.map(|(name, _)| place(name))),
    }
}

fn plain(error: &csv::Error) -> String {
    match error.kind() {
        csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
            format!("{len} values for {expected_len} columns.")
        }
        csv::ErrorKind::Utf8 { .. } => "it is not UTF-8.".to_owned(),
        _ => format!("{error}."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const COLUMNS: [(&str, Need); 3] =
        [("Name", Need::Required), ("Mail", Need::Optional), ("Member", Need::Optional)];

    fn refused(text: &[u8]) -> (u64, String) {
        parse(text, &COLUMNS).unwrap_err()
    }

    #[test]
    fn columns_come_in_any_order_and_case_and_with_quotes() {
        let text = b"\xef\xbb\xbfmember,NAME\r\n\"a, b\", x \r\n,\"say \"\"hi\"\"\nthere\"\r\n";
        let sheet = parse(text, &COLUMNS).unwrap();
        let values: Vec<_> = sheet.lines.iter().map(|line| (line.number, line.values.clone())).collect();
        let wanted = [
            (2, ["x".to_owned(), String::new(), "a, b".to_owned()]),
            (3, ["say \"hi\"\nthere".to_owned(), String::new(), String::new()]),
        ];
        assert_eq!(values, wanted);
    }

    #[test]
    fn what_is_not_of_this_form_is_refused_with_its_line() {
        assert_eq!(
            refused(b"Name,Colour\n"),
            (1, "`Colour` is not a column here; the columns are Name, Mail, Member.".to_owned())
        );
        assert_eq!(refused(b"Name,name\n"), (1, "`name` stands twice.".to_owned()));
        assert_eq!(refused(b"Mail\n"), (1, "the column `Name` is missing.".to_owned()));
        assert_eq!(refused(b"Name,Mail\na,b\nc\n"), (3, "1 values for 2 columns.".to_owned()));
        assert_eq!(refused(b"Name\na\n\xff\n"), (3, "it is not UTF-8.".to_owned()));
        let long = format!("Name\n{}", "a\n".repeat(MOST_LINES + 1));
        assert!(refused(long.as_bytes()).1.contains("at most"), "too many lines");
    }
}
