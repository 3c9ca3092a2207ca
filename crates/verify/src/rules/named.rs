//! What one of Countersign's own tasks brings about is about what its values name: an approval of one act is no cover for
//! the same act on somebody else.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::Judge;
use crate::{
    Rule,
    form::{Group, Member, Name},
};

/// Every text among a run's values, without regard to case.
pub(super) fn texts(values: &BTreeMap<Name, Value>) -> BTreeSet<String> {
    let mut texts = BTreeSet::new();
    let mut open: Vec<&Value> = values.values().collect();
    while let Some(value) = open.pop() {
        match value {
            Value::String(text) => drop(texts.insert(text.to_ascii_lowercase())),
            Value::Array(items) => open.extend(items),
            Value::Object(fields) => open.extend(fields.values()),
            _ => {}
        }
    }
    texts
}

impl Judge {
    /// An effect is about this; while the values of the run that brings it about are known, they have to name it.
    pub(super) fn about_named(&mut self, what: &str) {
        let named = self.commands.named().is_none_or(|named| named.contains(&what.to_ascii_lowercase()));
        self.check(
            named,
            Rule::Parameters,
            "it is about somebody or something that its task's values do not name",
        );
    }

    /// The same of a group, which values name by its id or its name.
    pub(super) fn about_group(&mut self, group: Group) {
        let Some(named) = self.commands.named() else { return };
        let name = self.world.directory.name_of(group).map(|name| name.as_str().to_ascii_lowercase());
        let by_name = name.filter(|name| named.contains(name));
        let what = by_name.unwrap_or_else(|| group.to_string());
        self.about_named(&what);
    }

    pub(super) fn about_members(&mut self, members: &[Member]) {
        for member in members {
            match member {
                Member::Person(person) => self.about_named(&person.to_string()),
                Member::Group(group) => self.about_group(*group),
            }
        }
    }
}
