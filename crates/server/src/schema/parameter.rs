//! Parameters: how they are defined, given and limited. The shapes of core's types, which are read and written there.
#![expect(dead_code, reason = "these types describe; values are core's own")]

use std::collections::BTreeMap;

use countersign_core::parameter::{Binding, Condition, ParameterKind};
use schemars::JsonSchema;
use serde_json::Value as Json;

use super::text;

/// One parameter of a task.
#[derive(JsonSchema)]
pub(crate) struct ParameterSpec {
    name: String,
    /// A short label; empty means the name.
    title: String,
    /// What it is for.
    help: String,
    kind: ParameterKind,
    /// Whether it must be given (in each of its sets).
    required: bool,
    /// The value that counts as given when none is.
    default: Option<Json>,
    binding: Binding,
    /// Whether a value may start with `-`, which programs could read as an option.
    may_start_with_dash: bool,
    /// The parameter sets it belongs to; empty means all.
    sets: Vec<String>,
    /// A read-only task whose output offers values.
    #[schemars(with = "Option<text::TaskName>")]
    picker: Option<String>,
    /// When it is required or allowed.
    conditions: Vec<Condition>,
}

/// One line of what approvers decide on.
#[derive(JsonSchema)]
pub(crate) struct Presented {
    name: String,
    /// Its label.
    title: String,
    /// What it may be: whole, uncut, hidden characters visible.
    text: String,
    binding: Binding,
    /// Whether any value may be given; then `text` says ANY VALUE.
    any_value: bool,
    /// Whether it is a secret, given at execution.
    secret: bool,
}

/// The limits of a request, by parameter.
#[derive(JsonSchema)]
pub(crate) struct ConstraintForms(BTreeMap<String, ConstraintForm>);

/// The limit on one parameter.
#[derive(JsonSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
enum ConstraintForm {
    /// Exactly this value.
    Equals(Json),
    /// One of these.
    OneOf(Vec<Json>),
    /// Between these, ends included.
    Range(ConstraintRange),
    /// Text that starts with this.
    Prefix(String),
    /// Any value.
    Any,
    /// No value but the default.
    Absent,
}

/// The ends of a range; one that is missing is open.
#[derive(JsonSchema)]
#[serde(deny_unknown_fields)]
struct ConstraintRange {
    #[serde(skip_serializing_if = "Option::is_none")]
    min: Option<Json>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max: Option<Json>,
}

/// Parameters of an execution, by name, each in the bare form of its kind.
#[derive(JsonSchema)]
pub(crate) struct Values(BTreeMap<String, Json>);
