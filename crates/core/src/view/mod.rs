//! From an event to what lists, details and the search show of it. Pure: the same event and the same opened values
//! give the same rows, at the commit and when the tables are rebuilt.
//!
//! Tables answer, memory decides: nothing here ever feeds a grant.

mod catalog;
pub mod cell;
mod directory;
mod erased;
mod event_row;
mod execution;
pub mod noun;
mod opened;
mod request;
pub mod rows;
pub mod status;
pub mod words;

use std::collections::BTreeSet;

use crate::event::Event;
use crate::event::body::Ends;
use crate::sealing::SealedValue;
pub use cell::{Cell, CellKind, Column};
pub use directory::upn_key;
pub use erased::erased;
pub use event_row::EventRow;
pub use noun::{Field, Noun, Order, Row, Typed};
use opened::Opened;
pub use opened::commitments;
pub use status::{AuthorizationStatus, ExecutionStatus, RequestStatus};

/// The version of the index: tables of another version are thrown away and rebuilt.
pub const SCHEMA: u32 = 1;

/// What the index holds of one event.
#[derive(Debug, Clone, PartialEq)]
pub struct View {
    /// The row of the audit log.
    pub event: EventRow,
    /// The words it is found by, besides the columns of [`EventRow`].
    pub words: BTreeSet<String>,
    /// The changes of index rows, in this order.
    pub rows: Vec<Row>,
}

/// What the index holds of one event. `sealed` are the values behind [`commitments`], as far as they still exist; a
/// value that does not match its commitment is left out.
#[must_use]
pub fn view(event: &Event, sealed: &[SealedValue]) -> View {
    let mut out = Out { event: EventRow::of(event), words: BTreeSet::new(), rows: Vec::new() };
    let opened = Opened::new(sealed);
    directory::view(event, &opened, &mut out);
    catalog::view(event, &opened, &mut out);
    request::view(event, &opened, &mut out);
    execution::view(event, &opened, &mut out);
    if let Some(ends) = event.body.ends() {
        ended(event, ends, &mut out);
    }
    View { event: out.event, words: out.words, rows: out.rows }
}

/// What the parts fill in.
struct Out {
    event: EventRow,
    words: BTreeSet<String>,
    rows: Vec<Row>,
}

impl Out {
    /// Makes a text findable.
    fn find(&mut self, text: &str) {
        words::collect(text, &mut self.words);
    }

    /// The same for a text that may have been erased; hands it on.
    fn found(&mut self, text: Option<String>) -> Option<String> {
        if let Some(text) = &text {
            self.find(text);
        }
        text
    }
}

/// Everything that ends with an event stands as ended at once.
fn ended(event: &Event, ends: &Ends, out: &mut Out) {
    for (number, how) in &ends.authorizations {
        out.rows.push(request::authorization_ended(event, *number, *how, None));
    }
    for (number, how) in &ends.requests {
        out.rows.push(request::request_ended(event, *number, *how, None));
    }
}
