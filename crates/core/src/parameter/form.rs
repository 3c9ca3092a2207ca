//! Constraints as a request writes them.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::constraint::{Constraint, Constraints};
use super::fault::{Fault, FaultCode};
use super::spec::ParameterSpec;
use crate::name::ParameterName;

/// The limit on one parameter with bare JSON values: `{"equals": "/var/log"}`, `{"one_of": [1, 2]}`,
/// `{"range": {"min": "1 MB", "max": "10 MB"}}`, `{"prefix": "/var/"}`, `"any"` or `"absent"`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum ConstraintForm {
    /// Exactly this value.
    Equals(Json),
    /// One of these.
    OneOf(Vec<Json>),
    /// Between these, ends included.
    Range {
        /// The smallest.
        #[serde(default)]
        min: Option<Json>,
        /// The largest.
        #[serde(default)]
        max: Option<Json>,
    },
    /// Text that starts with this.
    Prefix(String),
    /// Any value.
    Any,
    /// No value but the default: narrower than leaving it out where it is not bound.
    Absent,
}

/// The limits of a request as it writes them. Names that differ by case only are refused.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct ConstraintForms(BTreeMap<ParameterName, ConstraintForm>);

impl ConstraintForms {
    /// Reads the limits against the definition, completes them (what need not be bound and is not mentioned may have
    /// any value) and checks them. `bound` are the names that the policy lists.
    ///
    /// # Errors
    /// Everything that is wrong.
    pub fn read(
        &self,
        specs: &[ParameterSpec],
        bound: &BTreeSet<ParameterName>,
    ) -> Result<Constraints, Vec<Fault>> {
        let (mut limits, mut absent, mut faults) = (Constraints::default(), Vec::new(), Vec::new());
        for (name, form) in &self.0 {
            let Some(spec) = specs.iter().find(|spec| spec.name == *name) else {
                let message = "the task has no such parameter";
                faults.push(Fault::new(FaultCode::Unknown, format!("/{name}"), message));
                continue;
            };
            match read(spec, form) {
                Ok(Some(constraint)) => limits.insert(spec.name.clone(), constraint),
                Ok(None) => absent.push(name),
                Err(wrong) => faults.extend(wrong),
            }
        }
        if !faults.is_empty() {
            return Err(faults);
        }
        let mut limits = limits.complete(specs, bound);
        absent.into_iter().for_each(|name| limits.remove(name));
        limits.check(specs, bound)?;
        Ok(limits)
    }
}

impl ConstraintForms {
    /// Reads only what is named here, without completing it: what an approver narrows. `None` means absent.
    ///
    /// # Errors
    /// Everything that is wrong with a single limit.
    pub fn read_named(
        &self,
        specs: &[ParameterSpec],
    ) -> Result<Vec<(ParameterName, Option<Constraint>)>, Vec<Fault>> {
        let mut named = Vec::new();
        for (name, form) in &self.0 {
            let spec = specs.iter().find(|spec| spec.name == *name).ok_or_else(|| {
                vec![Fault::new(FaultCode::Unknown, format!("/{name}"), "the task has no such parameter")]
            })?;
            named.push((spec.name.clone(), read(spec, form)?));
        }
        Ok(named)
    }
}

impl FromIterator<(ParameterName, ConstraintForm)> for ConstraintForms {
    fn from_iter<I: IntoIterator<Item = (ParameterName, ConstraintForm)>>(limits: I) -> Self {
        Self(limits.into_iter().collect())
    }
}

impl<'de> Deserialize<'de> for ConstraintForms {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl<'de> serde::de::Visitor<'de> for Visitor {
            type Value = ConstraintForms;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("an object of limits by parameter")
            }
            fn visit_map<A: serde::de::MapAccess<'de>>(
                self,
                mut map: A,
            ) -> Result<ConstraintForms, A::Error> {
                let mut forms = BTreeMap::new();
                while let Some((name, form)) = map.next_entry::<ParameterName, ConstraintForm>()? {
                    if forms.insert(name, form).is_some() {
                        return Err(serde::de::Error::custom("a parameter is limited twice"));
                    }
                }
                Ok(ConstraintForms(forms))
            }
        }
        deserializer.deserialize_map(Visitor)
    }
}

fn read(spec: &ParameterSpec, form: &ConstraintForm) -> Result<Option<Constraint>, Vec<Fault>> {
    if spec.kind.is_secret() {
        let message = "a secret is given when the task runs, never in a request";
        return Err(vec![Fault::new(FaultCode::SecretHere, format!("/{}", spec.name), message)]);
    }
    let end = |json: &Option<Json>| json.as_ref().map(|json| spec.read(json)).transpose();
    Ok(Some(match form {
        ConstraintForm::Equals(json) => Constraint::Equals(spec.read(json)?),
        ConstraintForm::OneOf(several) => {
            Constraint::OneOf(several.iter().map(|json| spec.read(json)).collect::<Result<_, _>>()?)
        }
        ConstraintForm::Range { min, max } => Constraint::Range { min: end(min)?, max: end(max)? },
        ConstraintForm::Prefix(prefix) => Constraint::Prefix(prefix.clone()),
        ConstraintForm::Any => Constraint::Any,
        ConstraintForm::Absent => return Ok(None),
    }))
}
