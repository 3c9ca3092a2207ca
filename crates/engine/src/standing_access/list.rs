//! The form of a list: one JSON object a line, an entry each.

use std::collections::BTreeSet;

use serde::Deserialize;

/// The most entries that are compared.
const MOST: usize = 100_000;

/// Who holds which power through what.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct List(BTreeSet<Entry>);

/// An account, a power, and what it has that through: a role, a group, a host.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    account: String,
    power: String,
    #[serde(default)]
    through: Option<String>,
    /// Whether it is the account by which Countersign itself works.
    #[serde(default)]
    own: Option<bool>,
}

/// Why something is no list.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum NoList {
    #[error("the output is not text")]
    NotText,
    #[error("line {line} is no entry: {why}")]
    Line { line: usize, why: String },
    #[error("there are more than {MOST} entries")]
    TooMany,
}

impl List {
    /// Every line must be an entry: one that is not understood is not passed over.
    pub(super) fn parse(bytes: &[u8]) -> Result<Self, NoList> {
        let text = std::str::from_utf8(bytes).map_err(|_| NoList::NotText)?;
        let mut entries = BTreeSet::new();
        for (at, line) in text.lines().enumerate() {
            let entry = serde_json::from_str(line);
            entries.insert(entry.map_err(|error| NoList::Line { line: at + 1, why: error.to_string() })?);
            if entries.len() > MOST {
                return Err(NoList::TooMany);
            }
        }
        Ok(Self(entries))
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// How many entries the other has not.
    pub(super) fn beyond(&self, other: &Self) -> usize {
        self.0.difference(&other.0).count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ADA: &str = r#"{"account":"ada","power":"superuser","through":"ada","own":false}"#;
    const BEN: &str = r#"{"account":"ben","power":"member","through":"writers","own":false}"#;

    fn list(lines: &[&str]) -> List {
        List::parse(lines.join("\n").as_bytes()).unwrap()
    }

    #[test]
    fn an_account_that_gains_another_power_is_beyond_the_list_before() {
        let (before, after) = (list(&[ADA]), list(&[BEN, ADA]));
        assert_eq!((after.beyond(&before), before.beyond(&after)), (1, 0));
        let more = ADA.replace("superuser", "makes roles");
        assert_eq!(list(&[&more]).beyond(&before), 1);
        assert_eq!(list(&[ADA, ADA]), before);
    }

    #[test]
    fn what_is_not_understood_is_no_list() {
        let fault = |text: &str| List::parse(text.as_bytes()).unwrap_err();
        assert!(matches!(fault(&format!("{ADA}\nroot:x:0:")), NoList::Line { line: 2, .. }));
        assert!(matches!(fault(r#"{"account":"ada"}"#), NoList::Line { line: 1, .. }));
        assert!(matches!(fault(r#"{"account":"ada","power":"p","more":1}"#), NoList::Line { .. }));
        assert_eq!(List::parse(&[0xff]).unwrap_err(), NoList::NotText);
        assert_eq!(list(&[]).len(), 0);
    }
}
