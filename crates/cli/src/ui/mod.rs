//! What is said and how: data on standard output, messages on standard error.
//!
//! Whatever came from people or targets has its hidden characters made visible. Nothing is said by colour.

mod details;
mod table;
mod time;

use std::io::{IsTerminal as _, Write as _};

use serde_json::Value as Json;

pub(crate) use table::{Column, Table};
pub(crate) use time::{instant, seconds};

/// The form of data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub(crate) enum Format {
    /// Tables, for people.
    #[default]
    Table,
    /// JSON, for programs.
    Json,
}

/// Standard output and standard error.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Ui {
    /// The form of data.
    pub(crate) format: Format,
}

impl Ui {
    /// A line of data.
    pub(crate) fn out(&self, line: &str) {
        self.data(format!("{}\n", countersign_text::visible_lines(line)).as_bytes());
    }

    /// Bytes of data as they are. Whoever reads no more has what they wanted.
    pub(crate) fn data(&self, bytes: &[u8]) {
        let mut out = std::io::stdout().lock();
        let _ = out.write_all(bytes).and_then(|()| out.flush());
    }

    /// Bytes for standard error as they are.
    pub(crate) fn data_err(&self, bytes: &[u8]) {
        let mut err = std::io::stderr().lock();
        let _ = err.write_all(bytes);
    }

    /// A message.
    pub(crate) fn note(&self, text: &str) {
        self.data_err(format!("{}\n", countersign_text::visible_lines(text)).as_bytes());
    }

    /// A message that something is not as it was asked for.
    pub(crate) fn error(&self, word: &str, text: &str) {
        self.note(&format!("{word}: {text}"));
    }

    /// The next step.
    pub(crate) fn hint(&self, hint: Option<&str>) {
        if let Some(hint) = hint {
            self.note(&format!("hint: {hint}"));
        }
    }

    /// A JSON document.
    pub(crate) fn json(&self, json: &Json) {
        let text = serde_json::to_string_pretty(json).unwrap_or_default();
        self.data(format!("{}\n", escaped(&text)).as_bytes());
    }

    /// Rows in columns, or as JSON.
    pub(crate) fn rows(&self, columns: &[Column], rows: &[Json]) {
        match self.format {
            Format::Json => self.json(&Json::from(rows.to_vec())),
            Format::Table if rows.is_empty() => self.note("There are none."),
            Format::Table => self.data(Table::of(columns, rows).to_string().as_bytes()),
        }
    }

    /// One object, field by field, or as JSON.
    pub(crate) fn object(&self, object: &Json) {
        match self.format {
            Format::Json => self.json(object),
            Format::Table => self.data(details::details(object).as_bytes()),
        }
    }

    /// What was done, as a sentence, or as JSON.
    pub(crate) fn done(&self, sentence: &str, object: &Json) {
        match self.format {
            Format::Json => self.json(object),
            Format::Table => self.out(sentence),
        }
    }

    /// Whether a person reads the messages and can answer.
    pub(crate) fn interactive(&self) -> bool {
        std::io::stdin().is_terminal() && std::io::stderr().is_terminal()
    }
}

/// The same document with every hidden character as JSON's own escape: a terminal is not steered by it, and a program
/// reads what it read before.
fn escaped(json: &str) -> String {
    let mut shown = String::with_capacity(json.len());
    for c in json.chars() {
        if c == '\n' || !countersign_text::is_hidden(c) {
            shown.push(c);
            continue;
        }
        for unit in c.encode_utf16(&mut [0; 2]) {
            shown.push_str(&format!("\\u{unit:04x}"));
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_steers_no_terminal_and_says_the_same() {
        let json = serde_json::json!({"reason": "a\u{9b}2Jb\u{202e}c\u{e0041}\n\u{7f}", "name": "Zoë 😀"});
        let shown = escaped(&serde_json::to_string_pretty(&json).unwrap());
        assert!(shown.chars().all(|c| c == '\n' || !countersign_text::is_hidden(c)), "{shown}");
        assert!(shown.contains("Zoë 😀"));
        assert_eq!(serde_json::from_str::<Json>(&shown).unwrap(), json);
    }
}
