//! The filter of searches and exports.

use countersign_store::EventFilter;
use serde::Deserialize;

use crate::problem::{Problem, Result};
use crate::see::instant;

/// Longest search text.
const MAX_TEXT: usize = 500;

/// The parameters that searches and exports share.
pub(super) const QUERY: [(&str, &str); 11] = [
    ("task", "Only events of this task."),
    ("workload", "Only events of this workload."),
    ("person", "Only what this person did: `p-…`."),
    ("subject", "Only what was done to this: an id or a name."),
    ("kind", "Only events of these kinds, separated by commas."),
    ("outcome", "Only events with this outcome."),
    ("code", "Only refusals with this code."),
    ("request", "Only events of this request: `R-1042`."),
    ("text", "Words that must all be found: `word`, `prefix*`, `name=value`."),
    ("from", "Not before this instant."),
    ("to", "Before this instant."),
];

/// What may be asked for. Every field that is set must hold.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Filter {
    task: Option<String>,
    workload: Option<String>,
    person: Option<String>,
    subject: Option<String>,
    kind: Option<String>,
    outcome: Option<String>,
    code: Option<String>,
    request: Option<String>,
    text: Option<String>,
    from: Option<String>,
    to: Option<String>,
    pub(super) limit: Option<usize>,
    pub(super) cursor: Option<String>,
    pub(super) format: Option<String>,
}

impl Filter {
    pub(super) fn read(&self) -> Result<EventFilter> {
        let text = self.text.clone().unwrap_or_default();
        if text.len() > MAX_TEXT {
            return Err(Problem::invalid(format!("`text` has at most {MAX_TEXT} bytes.")));
        }
        let kinds = self.kind.iter().flat_map(|kinds| kinds.split(',')).map(|kind| kind.trim().to_owned());
        Ok(EventFilter {
            text,
            person: parsed(self.person.as_deref(), "person")?,
            subject: self.subject.clone(),
            task: self.task.clone(),
            workload: self.workload.clone(),
            outcome: self.outcome.clone(),
            code: self.code.clone(),
            kinds: kinds.filter(|kind| !kind.is_empty()).collect(),
            policy: None,
            execution: None,
            request: parsed(self.request.as_deref(), "request")?,
            from: moment(self.from.as_deref(), "from")?,
            until: moment(self.to.as_deref(), "to")?,
        })
    }
}

fn parsed<T: std::str::FromStr>(text: Option<&str>, name: &str) -> Result<Option<T>> {
    let wrong = |_| Problem::invalid(format!("`{name}` is malformed."));
    text.map(|text| text.parse().map_err(wrong)).transpose()
}

fn moment(text: Option<&str>, name: &str) -> Result<Option<countersign_core::time::Instant>> {
    let wrong = || Problem::invalid(format!("`{name}` is an instant such as 2026-01-31T08:00:00Z."));
    text.map(|text| instant(text).ok_or_else(wrong)).transpose()
}
