//! What the values of a run will be, as far as that is certain before it.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value as Json};

use super::constraint::{Constraint, Constraints};
use super::sets;
use super::spec::ParameterSpec;
use super::value::Value;
use super::values::Values;
use crate::name::ParameterName;

/// The values that every run within some limits has, and the parameters whose value is open.
#[derive(Debug, Clone, Default)]
pub struct Definite {
    /// Of each parameter that can have one value only.
    pub values: Values,
    /// Parameters that may have more than one value, secrets among them: those are given when the task runs.
    pub open: BTreeSet<ParameterName>,
}

impl Constraints {
    /// What these limits leave no choice about.
    #[must_use]
    pub fn definite(&self, specs: &[ParameterSpec]) -> Definite {
        let (mut values, mut open) = (BTreeMap::new(), BTreeSet::new());
        for spec in specs {
            match self.get(&spec.name) {
                _ if spec.kind.is_secret() => _ = open.insert(spec.name.clone()),
                Some(constraint) => match only(constraint) {
                    Some(value) => _ = values.insert(spec.name.clone(), value.clone()),
                    None => _ = open.insert(spec.name.clone()),
                },
                // Absent, or its default: filled in below.
                None => {}
            }
        }
        let possible = sets::possible(specs, |name| values.contains_key(name)).unwrap_or_default();
        let free: Vec<ParameterSpec> =
            specs.iter().filter(|spec| !open.contains(&spec.name)).cloned().collect();
        sets::fill(&free, &possible, &mut values);
        Definite { values: Values { values, ..Values::default() }, open }
    }
}

fn only(constraint: &Constraint) -> Option<&Value> {
    match constraint {
        Constraint::Equals(value) => Some(value),
        Constraint::OneOf(values) if values.len() == 1 => values.first(),
        _ => None,
    }
}

/// Values as they were recorded, read again by the definition that they were checked against. None if one does not fit it,
/// or was a secret: those are nowhere.
#[must_use]
pub fn recorded(specs: &[ParameterSpec], recorded: &Map<String, Json>) -> Option<Values> {
    let mut values = Values::default();
    for (name, json) in recorded {
        let spec = specs.iter().find(|spec| spec.name.as_str() == name && !spec.kind.is_secret())?;
        values.values.insert(spec.name.clone(), spec.read(json).ok()?);
    }
    Some(values)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn specs() -> Vec<ParameterSpec> {
        serde_json::from_value(json!([
            {"name": "Path", "kind": {"type": "string", "max_length": 200}},
            {"name": "Days", "kind": {"type": "integer"}, "default": 3},
            {"name": "Deep", "kind": {"type": "switch"}},
            {"name": "Key", "kind": {"type": "secret", "max_length": 9}, "binding": "free"},
        ]))
        .unwrap()
    }

    fn constraints(limits: Json) -> Constraints {
        serde_json::from_value(limits).unwrap()
    }

    #[test]
    fn only_what_has_one_value_is_definite() {
        let names = |open: &BTreeSet<ParameterName>| open.iter().map(ToString::to_string).collect::<Vec<_>>();
        let specs = specs();
        let all = constraints(json!({"Path": {"equals": {"string": "/a"}}})).definite(&specs);
        assert_eq!(Json::Object(all.values.to_json()), json!({"Path": "/a", "Days": 3, "Deep": false}));
        assert_eq!(names(&all.open), ["Key"], "a secret is given when the task runs");
        let some = constraints(json!({"Path": {"prefix": "/a"}, "Days": "any"})).definite(&specs);
        assert_eq!(Json::Object(some.values.to_json()), json!({"Deep": false}));
        assert_eq!(
            names(&some.open),
            ["Days", "Key", "Path"],
            "a default is no answer to what may be anything"
        );
        let read = recorded(&specs, &all.values.to_json()).unwrap();
        assert_eq!(read.to_json(), all.values.to_json());
        assert!(
            recorded(&specs, &Map::from_iter([("Key".to_owned(), json!({"secret": "present"}))])).is_none()
        );
    }
}
