//! What a task takes.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::kind::ParameterKind;
use super::value::Value;
use crate::name::{ParameterName, TaskName};

/// One parameter of a task. `title`, `help` and `picker` are for people and stand outside the task's digest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Wire", into = "Wire")]
pub struct ParameterSpec {
    /// Its name.
    pub name: ParameterName,
    /// A short label; empty means the name.
    pub title: String,
    /// What it is for.
    pub help: String,
    /// What values it takes.
    pub kind: ParameterKind,
    /// Whether it must be given (in each of its sets).
    pub required: bool,
    /// The value that counts as given when none is.
    pub default: Option<Value>,
    /// Whether a request must limit it.
    pub binding: Binding,
    /// Whether a value may start with `-`, which programs could read as an option.
    pub may_start_with_dash: bool,
    /// The parameter sets it belongs to; empty means all.
    pub sets: BTreeSet<String>,
    /// A read-only task whose output offers values.
    pub picker: Option<TaskName>,
    /// When it is required or allowed.
    pub conditions: Vec<Condition>,
}

/// Whether approvers must see a limit on a parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Binding {
    /// Every request limits it.
    Always,
    /// Requests limit it if the policy lists it.
    Policy,
    /// No request needs to limit it; approvers read ANY VALUE.
    Free,
}

/// What another parameter's value brings about. Several `allowed` conditions mean that one of them suffices; each
/// `required` condition counts by itself. A switch that is not given is `false`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "ParameterCondition")]
pub struct Condition {
    /// What follows.
    pub effect: Effect,
    /// The other parameter, which has no conditions itself.
    #[schemars(with = "String")]
    pub when: ParameterName,
    /// The value it must have, in the bare form of its kind.
    pub equals: Json,
}

/// What a condition brings about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "ConditionEffect")]
pub enum Effect {
    /// The parameter must be given when the condition holds.
    Required,
    /// The parameter may be given only when the condition holds.
    Allowed,
}

impl ParameterSpec {
    /// A parameter of a kind, optional, in all sets, bound as fits the kind.
    #[must_use]
    pub fn new(name: ParameterName, kind: ParameterKind) -> Self {
        Self {
            name,
            title: String::new(),
            help: String::new(),
            required: false,
            default: None,
            binding: default_binding(&kind),
            kind,
            may_start_with_dash: false,
            sets: BTreeSet::new(),
            picker: None,
            conditions: Vec::new(),
        }
    }

    /// Makes it required.
    #[must_use]
    pub const fn required(mut self) -> Self {
        self.required = true;
        self
    }

    /// Sets the binding.
    #[must_use]
    pub const fn bound(mut self, binding: Binding) -> Self {
        self.binding = binding;
        self
    }

    /// Sets label and help.
    #[must_use]
    pub fn described(mut self, title: impl Into<String>, help: impl Into<String>) -> Self {
        self.title = title.into();
        self.help = help.into();
        self
    }

    /// Sets the default.
    #[must_use]
    pub fn or(mut self, default: Value) -> Self {
        self.default = Some(default);
        self
    }

    /// Adds it to a parameter set.
    #[must_use]
    pub fn in_set(mut self, set: impl Into<String>) -> Self {
        self.sets.insert(set.into());
        self
    }

    /// Adds a condition.
    #[must_use]
    pub fn when(mut self, effect: Effect, when: ParameterName, equals: Json) -> Self {
        self.conditions.push(Condition { effect, when, equals });
        self
    }

    /// The label for people.
    #[must_use]
    pub fn label(&self) -> &str {
        if self.title.is_empty() { self.name.as_str() } else { &self.title }
    }

    /// What counts as given when nothing is: the default, or `false` for a switch.
    #[must_use]
    pub fn implied(&self) -> Option<Value> {
        let off = matches!(self.kind, ParameterKind::Switch {}).then_some(Value::Boolean(false));
        self.default.clone().or(off)
    }

    /// Whether a request must limit it, given the names that the policy lists. A policy may also bind what the
    /// definition leaves free. Secrets are never in a request.
    #[must_use]
    pub fn is_bound(&self, by_policy: &BTreeSet<ParameterName>) -> bool {
        !self.kind.is_secret() && (self.binding == Binding::Always || by_policy.contains(&self.name))
    }

    pub(super) fn in_sets_of(&self, set: Option<&str>) -> bool {
        self.sets.is_empty() || set.is_some_and(|set| self.sets.contains(set))
    }
}

fn default_binding(kind: &ParameterKind) -> Binding {
    if kind.is_secret() {
        Binding::Free
    } else if kind.is_target() {
        Binding::Always
    } else {
        Binding::Policy
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Wire {
    name: ParameterName,
    #[serde(default)]
    title: String,
    #[serde(default)]
    help: String,
    kind: ParameterKind,
    #[serde(default)]
    required: bool,
    #[serde(default)]
    default: Option<Json>,
    #[serde(default)]
    binding: Option<Binding>,
    #[serde(default)]
    may_start_with_dash: bool,
    #[serde(default)]
    sets: BTreeSet<String>,
    #[serde(default)]
    picker: Option<TaskName>,
    #[serde(default)]
    conditions: Vec<Condition>,
}

impl TryFrom<Wire> for ParameterSpec {
    type Error = super::Fault;

    fn try_from(wire: Wire) -> Result<Self, super::Fault> {
        let mut spec = Self {
            binding: wire.binding.unwrap_or_else(|| default_binding(&wire.kind)),
            name: wire.name,
            title: wire.title,
            help: wire.help,
            kind: wire.kind,
            required: wire.required,
            default: None,
            may_start_with_dash: wire.may_start_with_dash,
            sets: wire.sets,
            picker: wire.picker,
            conditions: wire.conditions,
        };
        if let Some(default) = wire.default {
            let value = spec.read(&default).map_err(|faults| super::fault::first(faults, "/default"))?;
            spec.default = Some(value);
        }
        Ok(spec)
    }
}

impl From<ParameterSpec> for Wire {
    fn from(spec: ParameterSpec) -> Self {
        Self {
            name: spec.name,
            title: spec.title,
            help: spec.help,
            kind: spec.kind,
            required: spec.required,
            default: spec.default.map(|value| value.to_json()),
            binding: Some(spec.binding),
            may_start_with_dash: spec.may_start_with_dash,
            sets: spec.sets,
            picker: spec.picker,
            conditions: spec.conditions,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: Json) -> Result<ParameterSpec, serde_json::Error> {
        serde_json::from_value(json)
    }

    #[test]
    fn parameters_binding_follows_the_kind_unless_written() {
        use serde_json::json;
        let cases = [
            (json!({"type": "string", "max_length": 5}), Binding::Always),
            (json!({"type": "address"}), Binding::Always),
            (json!({"type": "guid"}), Binding::Always),
            (json!({"type": "file", "max_size": 9}), Binding::Always),
            (json!({"type": "identity", "of": "person"}), Binding::Always),
            (json!({"type": "list", "of": {"type": "address"}, "max_items": 3}), Binding::Always),
            (json!({"type": "table", "of": {"type": "address"}, "max_items": 3}), Binding::Always),
            (json!({"type": "integer"}), Binding::Policy),
            (json!({"type": "switch"}), Binding::Policy),
            (json!({"type": "choice", "options": ["a"]}), Binding::Policy),
            (json!({"type": "secret", "max_length": 9}), Binding::Free),
        ];
        for (kind, binding) in cases {
            let spec = read(json!({"name": "X", "kind": kind})).unwrap();
            assert_eq!(spec.binding, binding, "{kind}");
            let spec = read(json!({"name": "X", "kind": kind, "binding": "free"})).unwrap();
            assert_eq!(spec.binding, Binding::Free, "{kind}");
            assert_eq!(read(serde_json::to_value(&spec).unwrap()).unwrap(), spec, "it reads back");
        }
        assert!(read(json!({"name": "X", "kind": {"type": "guid"}, "require": true})).is_err());
        assert!(read(json!({"name": "X", "kind": {"type": "integer", "max": 3}, "default": 4})).is_err());
    }
}
