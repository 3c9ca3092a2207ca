//! One file of a pack while it is read, with the faults found in it.

use std::cell::RefCell;
use std::ops::Range;

use toml::de::DeTable;

use crate::fault::{Fault, FaultCode};
use crate::table::Table;

/// A file's text, and what is wrong with it so far.
pub(crate) struct File<'a> {
    path: &'a str,
    text: &'a str,
    faults: RefCell<Vec<Fault>>,
}

/// Reads a file's TOML and hands its root to `read`. Nothing comes out if anything is wrong.
pub(crate) fn read<T>(
    path: &str,
    text: &str,
    faults: &mut Vec<Fault>,
    read: impl FnOnce(&Table<'_, '_>) -> Option<T>,
) -> Option<T> {
    let file = File { path, text, faults: RefCell::default() };
    let (root, errors) = DeTable::parse_recoverable(text);
    for error in &errors {
        file.fault(&error.span().unwrap_or(0..0), FaultCode::Syntax, error.message());
    }
    let mut made = None;
    // After a syntax fault the rest of the text is guesswork; its faults would mislead.
    if errors.is_empty() {
        let table = Table::new(&file, root.get_ref(), 0..0);
        made = read(&table);
        table.finish();
    }
    let mut found = file.faults.into_inner();
    found.sort_by_key(|fault| (fault.line, fault.column));
    let sound = found.is_empty();
    faults.append(&mut found);
    made.filter(|_| sound)
}

impl File<'_> {
    pub(crate) fn fault(&self, span: &Range<usize>, code: FaultCode, message: impl Into<String>) {
        self.hinted(span, code, message, None);
    }

    pub(crate) fn hinted(
        &self,
        span: &Range<usize>,
        code: FaultCode,
        message: impl Into<String>,
        hint: Option<String>,
    ) {
        let (line, column) = self.position(span.start);
        // File and key names are the pack author's text: shown, never interpreted by a terminal.
        let message = countersign_text::visible(&message.into());
        let fault = Fault { file: self.path.to_owned(), line, column, code, message, hint };
        self.faults.borrow_mut().push(fault);
    }

    /// Line and character of a byte, counted from 1.
    pub(crate) fn position(&self, offset: usize) -> (usize, usize) {
        let before = self.text.get(..offset).unwrap_or(self.text);
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        (line, column)
    }
}
