//! Parameters: how they are defined, given and limited. The shapes of core's types, which are read and written there.
#![expect(dead_code, reason = "these types describe; values are core's own")]

use std::collections::BTreeMap;

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
    conditions: Vec<ParameterCondition>,
}

/// Whether approvers must see a limit on a parameter: in every request, where the policy lists it, or never.
#[derive(JsonSchema)]
#[serde(rename_all = "snake_case")]
enum Binding {
    Always,
    Policy,
    Free,
}

/// What another parameter's value brings about.
#[derive(JsonSchema)]
struct ParameterCondition {
    effect: ConditionEffect,
    /// The other parameter.
    when: String,
    /// The value it must have.
    equals: Json,
}

/// What a condition brings about: the parameter must be given when it holds, or may be given only then.
#[derive(JsonSchema)]
#[serde(rename_all = "snake_case")]
enum ConditionEffect {
    Required,
    Allowed,
}

/// What values a parameter takes.
#[derive(JsonSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
enum ParameterKind {
    /// Text of so many characters.
    String { min_length: u32, max_length: u32, pattern: Option<String>, multiline: bool },
    /// A whole number within ±(2^53 − 1).
    Integer { min: Option<i64>, max: Option<i64> },
    /// A decimal number, written as a string; `scale` is the most digits after the point.
    Decimal { min: Option<String>, max: Option<String>, scale: u8 },
    /// True or false; without a default it is one, the other, or not given.
    Boolean {},
    /// On or off; off when not given.
    Switch {},
    /// One of several texts, compared without regard to ASCII case.
    Choice { options: Vec<String> },
    /// Several values of one kind, in the order given.
    List { of: Box<Self>, min_items: u32, max_items: u32 },
    /// Lists under fixed keys.
    Table { of: Box<Self>, keys: Vec<String>, max_items: u32 },
    /// A GUID in the form `8-4-4-4-12`.
    Guid {},
    /// A number of bytes, or `Unlimited` where that is allowed.
    Size { max: Option<SizeLimit>, unlimited: bool },
    /// A length of time; its ends are written as ISO 8601.
    Duration { min: String, max: String },
    /// A point in time, RFC 3339 in UTC.
    Instant {},
    /// A mail address or user principal name.
    Address {},
    /// An object of Countersign's own.
    Identity { of: IdentityKind },
    /// An uploaded file of at most so many bytes, perhaps text only.
    File { max_size: u64, text: bool },
    /// A secret, given at execution only.
    Secret { max_length: u32, multiline: bool },
}

/// A number of bytes, or `Unlimited`.
#[derive(JsonSchema)]
#[serde(untagged)]
enum SizeLimit {
    Bytes(u64),
    Unlimited(String),
}

/// The nouns that a value can name.
#[derive(JsonSchema)]
#[serde(rename_all = "snake_case")]
enum IdentityKind {
    Person,
    Group,
    Policy,
    Execution,
    Token,
    Invitation,
    Request,
    Workload,
    Task,
    Role,
    RoleGroup,
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
