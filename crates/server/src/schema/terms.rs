//! The terms of a policy. The shapes of core's types, which are read and written there.
#![expect(dead_code, reason = "these types describe; values are core's own")]

use schemars::JsonSchema;

use super::{text, word};

/// The terms of an approval policy. Lengths of time are in microseconds.
#[derive(JsonSchema)]
pub(crate) struct PolicyTerms {
    target: PolicyTarget,
    /// `Auto`, or the stages of a manual approval.
    approval: Approval,
    requesters: Requesters,
    limits: PolicyLimits,
    /// Parameters that this policy binds.
    #[serde(skip_serializing_if = "Option::is_none")]
    bind: Option<Vec<String>>,
    /// The shape of the ticket number each request must carry.
    #[serde(skip_serializing_if = "Option::is_none")]
    ticket: Option<String>,
    #[schemars(with = "word::Assurance")]
    assurance: String,
    /// How long before the vote the assurance may have been given.
    #[serde(skip_serializing_if = "Option::is_none")]
    freshness: Option<u64>,
    /// When it is open; none means always.
    #[serde(skip_serializing_if = "Option::is_none")]
    windows: Option<Vec<WeeklyWindow>>,
    /// Whether approvers may grant less than was asked for.
    approve_for_less: bool,
}

/// What a policy covers.
#[derive(JsonSchema)]
struct PolicyTarget {
    r#type: PolicyTargetType,
    name: String,
}

/// A task, a role or a role group.
#[derive(JsonSchema)]
enum PolicyTargetType {
    Task,
    Role,
    RoleGroup,
}

/// How a request is decided.
#[derive(JsonSchema)]
enum Approval {
    /// Authorized at once.
    Auto,
    /// People decide.
    Manual {
        /// Filled in this order.
        stages: Vec<Stage>,
    },
}

/// One step of a manual approval.
#[derive(JsonSchema)]
struct Stage {
    approvers: Approvers,
    /// How many distinct people must approve.
    seats: u16,
}

/// A stage's group.
#[derive(JsonSchema)]
enum Approvers {
    /// The organization's default approver group.
    DefaultGroup,
    /// This group.
    Group(#[schemars(with = "text::GroupId")] String),
}

/// Who may ask.
#[derive(JsonSchema)]
enum Requesters {
    /// Holders of the role, members of the role group.
    ByRole,
    /// Members of this group.
    Group(#[schemars(with = "text::GroupId")] String),
    /// Every enabled person.
    Everyone,
}

/// The ceilings a policy sets.
#[derive(JsonSchema)]
struct PolicyLimits {
    /// The longest duration that may be asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    max_duration: Option<u64>,
    /// The most executions one authorization gives.
    #[serde(skip_serializing_if = "Option::is_none")]
    max_uses: Option<u32>,
    /// Executions of one authorization at the same time.
    parallel: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    rate: Option<Rate>,
}

/// At most so many requests of one person within a stretch of time.
#[derive(JsonSchema)]
struct Rate {
    count: u32,
    per: u64,
}

/// Hours on some days of the week, by a zone's wall clock.
#[derive(JsonSchema)]
struct WeeklyWindow {
    zone: String,
    days: Vec<Weekday>,
    /// `HH:MM`.
    from: String,
    /// `HH:MM`, exclusive; at or before `from` it is a time of the next day.
    until: String,
}

/// A day of the week.
#[derive(JsonSchema)]
#[serde(rename_all = "lowercase")]
enum Weekday {
    Mon,
    Tue,
    Wed,
    Thu,
    Fri,
    Sat,
    Sun,
}
