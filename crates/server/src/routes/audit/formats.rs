//! The forms of an export.

use countersign_core::view::EventRow;
use serde_json::{Value as Json, json};

use crate::see::at;

/// A form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    /// One JSON object a line.
    JsonLines,
    /// RFC 4180, one event a line.
    Csv,
    /// CSV with the columns that Microsoft's audit search exports: CreationDate, UserIds, Operations, AuditData.
    Purview,
}

const COLUMNS: [&str; 14] = [
    "seq",
    "time",
    "kind",
    "actor",
    "person",
    "upn",
    "request",
    "task",
    "execution",
    "policy",
    "subject",
    "outcome",
    "code",
    "token",
];

impl Format {
    pub(super) fn named(name: &str) -> Option<Self> {
        match name {
            "jsonl" => Some(Self::JsonLines),
            "csv" => Some(Self::Csv),
            "purview" => Some(Self::Purview),
            _ => None,
        }
    }

    pub(super) const fn media_type(self) -> &'static str {
        match self {
            Self::JsonLines => "application/x-ndjson",
            Self::Csv | Self::Purview => "text/csv; charset=utf-8; header=present",
        }
    }

    pub(super) const fn extension(self) -> &'static str {
        match self {
            Self::JsonLines => "jsonl",
            Self::Csv | Self::Purview => "csv",
        }
    }

    pub(super) fn head(self) -> String {
        match self {
            Self::JsonLines => String::new(),
            Self::Csv => format!("{}\r\n", COLUMNS.join(",")),
            Self::Purview => "CreationDate,UserIds,Operations,AuditData\r\n".to_owned(),
        }
    }

    pub(super) fn line(self, row: &EventRow, leaf: &[u8], upn: Option<&str>) -> String {
        match self {
            Self::JsonLines => {
                let event: Json = serde_json::from_slice(leaf).unwrap_or_default();
                format!("{}\n", json!({ "seq": row.seq, "time": at(row.time), "upn": upn, "event": event }))
            }
            Self::Csv => csv(&cells(row, upn)),
            Self::Purview => {
                let event: Json = serde_json::from_slice(leaf).unwrap_or_default();
                let user = upn.unwrap_or(&row.actor).to_owned();
                let data = json!({
                    "CreationTime": at(row.time),
                    "Id": row.seq,
                    "Operation": row.kind,
                    "UserId": user,
                    "Workload": row.workload,
                    "ObjectId": row.task.as_ref().or(row.subject.as_ref()),
                    "ResultStatus": row.outcome,
                    "Event": event,
                });
                csv(&[at(row.time), user, row.kind.clone(), data.to_string()])
            }
        }
    }
}

fn cells(row: &EventRow, upn: Option<&str>) -> [String; 14] {
    fn shown<T: ToString>(value: Option<&T>) -> String {
        value.map(ToString::to_string).unwrap_or_default()
    }
    [
        row.seq.to_string(),
        at(row.time),
        row.kind.clone(),
        row.actor.clone(),
        shown(row.person.as_ref()),
        upn.unwrap_or_default().to_owned(),
        shown(row.request.as_ref()),
        shown(row.task.as_ref()),
        shown(row.execution.as_ref()),
        shown(row.policy.as_ref()),
        shown(row.subject.as_ref()),
        shown(row.outcome.as_ref()),
        shown(row.code.as_ref()),
        shown(row.token.as_ref()),
    ]
}

/// A line of CSV. What a spreadsheet would take for a formula gets an apostrophe in front (OWASP, CSV injection).
fn csv(cells: &[String]) -> String {
    let cells = cells.iter().map(|cell| {
        let dangerous = cell.starts_with(['=', '+', '-', '@', '\t', '\r']);
        let cell = if dangerous { format!("'{cell}") } else { cell.clone() };
        if cell.contains([',', '"', '\n', '\r']) {
            format!("\"{}\"", cell.replace('"', "\"\""))
        } else {
            cell
        }
    });
    format!("{}\r\n", cells.collect::<Vec<_>>().join(","))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn csv_is_quoted_and_never_a_formula() {
        let line = |cells: &[&str]| csv(&cells.iter().map(|cell| (*cell).to_owned()).collect::<Vec<_>>());
        assert_eq!(line(&["a", "b,c", "d\"e"]), "a,\"b,c\",\"d\"\"e\"\r\n");
        assert_eq!(line(&["=1+1", "@x", "-2", "+3"]), "'=1+1,'@x,'-2,'+3\r\n");
        assert_eq!(line(&["=cmd|' /C calc'!A0,"]), "\"'=cmd|' /C calc'!A0,\"\r\n");
    }

    #[test]
    fn as_many_cells_as_columns() {
        let head = Format::Csv.head();
        assert_eq!(head.trim_end().split(',').count(), COLUMNS.len());
        assert_eq!(Format::Purview.head(), "CreationDate,UserIds,Operations,AuditData\r\n");
    }
}
