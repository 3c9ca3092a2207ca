//! `executor = "exchange"`: a cmdlet of Exchange Online on a tenant that the host file names.

use serde::{Deserialize, Serialize};

use super::WhenAbsent;
use crate::{ParameterName, TargetName};

/// One cmdlet and its parameters. They are sent as typed values of a JSON document; there is no line of PowerShell.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExchangeDefinition {
    /// Which tenant: a name in the host file's table `[exchange]`.
    pub target: TargetName,
    /// Verb and noun, as `Set-Mailbox`; the host file must allow it for the target.
    pub cmdlet: String,
    #[serde(default)]
    pub parameters: Vec<CmdletParameter>,
    /// Properties of the objects that are written, in this order; none: all of them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub properties: Vec<String>,
    /// How objects are written.
    #[serde(default)]
    pub output: ObjectFormat,
    /// Objects that are kept; the output says when there were more.
    #[serde(default = "thousand")]
    pub max_objects: u32,
}

impl ExchangeDefinition {
    /// Whether the cmdlet's verb says that it changes nothing: then it may be sent again when its answer was lost.
    #[must_use]
    pub fn only_reads(&self) -> bool {
        let verb = self.cmdlet.split('-').next().unwrap_or_default();
        ["get", "search", "test"].iter().any(|reading| verb.eq_ignore_ascii_case(reading))
    }

    /// Whether the cmdlet is asked to show only what it would do.
    #[must_use]
    pub fn is_what_if(&self) -> bool {
        self.parameters.iter().any(|parameter| {
            parameter.name.eq_ignore_ascii_case("WhatIf") && parameter.value == Some(Fixed::Boolean(true))
        })
    }
}

/// One parameter of the cmdlet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CmdletParameter {
    /// As the cmdlet names it.
    pub name: String,
    /// What it always is. Absent: a parameter of the task gives it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<Fixed>,
    /// The task's parameter; absent: the one of the same name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<ParameterName>,
    /// What the cmdlet takes there.
    #[serde(default, rename = "type")]
    pub kind: CmdletType,
    #[serde(default)]
    pub when_absent: WhenAbsent,
}

impl CmdletParameter {
    /// The task's parameter that gives its value; `None` if it is fixed, or no parameter could have such a name.
    #[must_use]
    pub fn source(&self) -> Option<ParameterName> {
        match (&self.value, &self.from) {
            (Some(_), _) => None,
            (None, Some(from)) => Some(from.clone()),
            (None, None) => self.name.parse().ok(),
        }
    }
}

/// A value that stands in the definition.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Fixed {
    Boolean(bool),
    Integer(i64),
    Text(String),
    Texts(Vec<String>),
}

/// The types of cmdlets' parameters, by what is sent for them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CmdletType {
    /// A text, and everything that Exchange reads from one: identities, enumerations, GUIDs, sizes, `Unlimited`.
    #[default]
    String,
    Integer,
    Boolean,
    /// Sent when it is on, left out when it is off.
    Switch,
    /// Several texts. They replace what was there.
    Strings,
    /// A hash table with `Add` and `Remove`, which changes a list and keeps the rest.
    Changes,
    /// `EnhancedTimeSpan`: a duration, sent as `days.hours:minutes:seconds`.
    TimeSpan,
    /// A length of bytes or `Unlimited`, sent as `10485760B`.
    Size,
    /// Not supported: how bytes are sent is not known.
    Bytes,
    /// Not supported: an approval must not hold such values.
    SecureString,
    /// Not supported: an approval must not hold such values.
    Credential,
}

/// How objects are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ObjectFormat {
    /// Columns for people; with no `properties`, one line for each property.
    #[default]
    Table,
    /// One JSON object per line.
    JsonLines,
}

const fn thousand() -> u32 {
    1000
}
