//! The filter of searches and exports.

use countersign_store::EventFilter;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::problem::{Problem, Result};
use crate::see::instant;

/// Longest search text.
const MAX_TEXT: usize = 500;

/// What the kinds of reading share; each has some of its own beside it.
macro_rules! filter {
    ($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident: $type:ty,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Default, Deserialize, JsonSchema)]
        #[serde(deny_unknown_fields, default)]
        pub(super) struct $name {
            /// Only events of this task.
            task: Option<String>,
            /// Only events of this workload.
            workload: Option<String>,
            /// Only what this person did: `p-…`.
            person: Option<String>,
            /// Only what was done to this: an id or a name.
            subject: Option<String>,
            /// Only events of these kinds, separated by commas.
            kind: Option<String>,
            /// Only events with this outcome.
            outcome: Option<String>,
            /// Only refusals with this code.
            code: Option<String>,
            /// Only events of this request: `R-1042`.
            request: Option<String>,
            /// Only events of this policy: `pol-…`.
            policy: Option<String>,
            /// Only events of this execution: `x-…`.
            execution: Option<String>,
            /// Words that must all be found: `word`, `prefix*`, `parameter=value`, `"parameter=a longer value"`.
            text: Option<String>,
            /// Not before this instant.
            from: Option<String>,
            /// Before this instant.
            to: Option<String>,
            $($(#[$field_doc])* pub(super) $field: $type,)*
        }

        impl $name {
            pub(super) fn read(&self) -> Result<EventFilter> {
                let text = self.text.clone().unwrap_or_default();
                if text.len() > MAX_TEXT {
                    return Err(Problem::invalid(format!("`text` has at most {MAX_TEXT} bytes.")));
                }
                Ok(EventFilter {
                    text,
                    person: parsed(self.person.as_deref(), "person")?,
                    subject: self.subject.clone(),
                    task: self.task.clone(),
                    workload: self.workload.clone(),
                    outcome: self.outcome.clone(),
                    code: self.code.clone(),
                    kinds: listed(self.kind.as_deref()),
                    policy: parsed(self.policy.as_deref(), "policy")?,
                    execution: parsed(self.execution.as_deref(), "execution")?,
                    request: parsed(self.request.as_deref(), "request")?,
                    from: moment(self.from.as_deref(), "from")?,
                    until: moment(self.to.as_deref(), "to")?,
                })
            }
        }
    };
}

filter! {
    /// A search, a page at a time.
    Search {
        /// Items on a page; 50 if absent.
        #[schemars(range(min = 1, max = 500))]
        limit: Option<usize>,
        /// `next` of the page before.
        cursor: Option<String>,
    }
}

filter! {
    /// An export: all that matches.
    Export {
        /// `jsonl` (the default), `csv` or `purview`.
        format: Option<String>,
    }
}

filter! {
    /// A count over time.
    Histogram {
        /// Parts of the time between `from` (30 days before `to` if absent) and `to` (now if absent); 60 if absent.
        #[schemars(range(min = 1, max = 400))]
        parts: Option<usize>,
    }
}

fn listed(kinds: Option<&str>) -> Vec<String> {
    let kinds = kinds.iter().flat_map(|kinds| kinds.split(',')).map(|kind| kind.trim().to_owned());
    kinds.filter(|kind| !kind.is_empty()).collect()
}

fn parsed<T: std::str::FromStr>(text: Option<&str>, name: &str) -> Result<Option<T>> {
    let wrong = |_| Problem::invalid(format!("`{name}` is malformed."));
    text.map(|text| text.parse().map_err(wrong)).transpose()
}

fn moment(text: Option<&str>, name: &str) -> Result<Option<countersign_core::time::Instant>> {
    let wrong = || Problem::invalid(format!("`{name}` is an instant such as 2026-01-31T08:00:00Z."));
    text.map(|text| instant(text).ok_or_else(wrong)).transpose()
}
