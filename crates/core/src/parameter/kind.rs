//! The kinds of parameters.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::decimal::Decimal;
use super::duration;
use super::pattern::Pattern;
use super::size::Size;
use crate::time::Span;

/// What values a parameter takes: an object with `type` and the kind's own limits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum ParameterKind {
    /// Text in Unicode normalization form C, without control or hidden characters.
    String {
        /// Fewest characters; 1 unless written.
        #[serde(default = "one")]
        min_length: u32,
        /// Most characters.
        max_length: u32,
        /// What the whole text must match.
        #[serde(default)]
        #[schemars(with = "Option<String>")]
        pattern: Option<Pattern>,
        /// Whether line feeds and tabs are allowed.
        #[serde(default)]
        multiline: bool,
    },
    /// A whole number within ±(2^53 − 1).
    Integer {
        /// The smallest allowed.
        #[serde(default)]
        min: Option<i64>,
        /// The largest allowed.
        #[serde(default)]
        max: Option<i64>,
    },
    /// A decimal number, written as a string.
    Decimal {
        /// The smallest allowed.
        #[serde(default)]
        #[schemars(with = "Option<String>")]
        min: Option<Decimal>,
        /// The largest allowed.
        #[serde(default)]
        #[schemars(with = "Option<String>")]
        max: Option<Decimal>,
        /// Most digits after the point, 0 to 18.
        scale: u8,
    },
    /// True or false; without a default it is one, the other, or not given.
    Boolean {},
    /// On or off; off when not given.
    Switch {},
    /// One of several texts, compared without regard to ASCII case and written as defined.
    Choice {
        /// The texts.
        options: Vec<String>,
    },
    /// Several values of one kind, in the order given.
    List {
        /// The kind of each.
        of: Box<Self>,
        /// Fewest items; 1 unless written.
        #[serde(default = "one")]
        min_items: u32,
        /// Most items.
        max_items: u32,
    },
    /// Lists under fixed keys, as Exchange's `@{Add=…; Remove=…}`.
    Table {
        /// The kind of each item.
        of: Box<Self>,
        /// The keys; `add` and `remove` unless written.
        #[serde(default = "add_remove")]
        keys: Vec<String>,
        /// Most items in all lists together.
        max_items: u32,
    },
    /// A GUID in the form `8-4-4-4-12`.
    Guid {},
    /// A number of bytes or `Unlimited`.
    Size {
        /// The largest number of bytes allowed.
        #[serde(default)]
        #[schemars(with = "Option<SizeForm>")]
        max: Option<Size>,
        /// Whether `Unlimited` is allowed.
        #[serde(default)]
        unlimited: bool,
    },
    /// A length of time in whole seconds.
    Duration {
        /// The shortest allowed, in ISO 8601.
        #[schemars(with = "String")]
        #[serde(with = "duration::wire", default = "shortest")]
        min: Span,
        /// The longest allowed, in ISO 8601.
        #[schemars(with = "String")]
        #[serde(with = "duration::wire", default = "longest")]
        max: Span,
    },
    /// A point in time, RFC 3339 in UTC: `2026-11-22T09:00:00Z`.
    Instant {},
    /// A mail address or user principal name.
    Address {},
    /// An object of Countersign's own.
    Identity {
        /// Which noun.
        of: IdentityKind,
    },
    /// An uploaded file, given by its digest, size and media type.
    File {
        /// The most bytes.
        max_size: u64,
        /// Whether only UTF-8 text is taken, which approvers are shown whole.
        #[serde(default)]
        text: bool,
    },
    /// A secret, given at execution only.
    Secret {
        /// Most characters.
        max_length: u32,
        /// Whether line feeds and tabs are allowed.
        #[serde(default)]
        multiline: bool,
    },
}

/// How a size is written.
#[derive(JsonSchema)]
#[schemars(rename = "SizeLimit", untagged)]
#[expect(dead_code, reason = "it describes; sizes write themselves")]
enum SizeForm {
    /// A number of bytes.
    Bytes(u64),
    /// `Unlimited`.
    Unlimited(String),
}

/// The nouns that a value can name. The first group goes by id, the second by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum IdentityKind {
    /// `p-…`
    Person,
    /// `g-…`
    Group,
    /// `pol-…`
    Policy,
    /// `x-…`
    Execution,
    /// `t-…`
    Token,
    /// `i-…`
    Invitation,
    /// `R-1042`
    Request,
    /// `Exchange`
    Workload,
    /// `Exchange\New-MoveRequest`
    Task,
    /// `Exchange\Organization Management`
    Role,
    /// `Exchange\Organization Management`
    RoleGroup,
}

impl ParameterKind {
    /// Text of 1 to `max_length` characters on one line.
    #[must_use]
    pub const fn text(max_length: u32) -> Self {
        Self::String { min_length: 1, max_length, pattern: None, multiline: false }
    }

    /// One of these texts.
    #[must_use]
    pub fn choice<'a>(options: impl IntoIterator<Item = &'a str>) -> Self {
        Self::Choice { options: options.into_iter().map(str::to_owned).collect() }
    }

    /// Up to `max_items` values of one kind.
    #[must_use]
    pub fn list(of: Self, max_items: u32) -> Self {
        Self::List { of: Box::new(of), min_items: 1, max_items }
    }

    /// The name that definitions use.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::String { .. } => "string",
            Self::Integer { .. } => "integer",
            Self::Decimal { .. } => "decimal",
            Self::Boolean {} => "boolean",
            Self::Switch {} => "switch",
            Self::Choice { .. } => "choice",
            Self::List { .. } => "list",
            Self::Table { .. } => "table",
            Self::Guid {} => "guid",
            Self::Size { .. } => "size",
            Self::Duration { .. } => "duration",
            Self::Instant {} => "instant",
            Self::Address {} => "address",
            Self::Identity { .. } => "identity",
            Self::File { .. } => "file",
            Self::Secret { .. } => "secret",
        }
    }

    /// Whether values of this kind have an order, so that a range makes sense.
    #[must_use]
    pub const fn is_ordered(&self) -> bool {
        matches!(
            self,
            Self::Integer { .. }
                | Self::Decimal { .. }
                | Self::Size { .. }
                | Self::Duration { .. }
                | Self::Instant {}
        )
    }

    /// Whether values are secret.
    #[must_use]
    pub const fn is_secret(&self) -> bool {
        matches!(self, Self::Secret { .. })
    }

    /// Whether a value tells what is acted on rather than how: then it is bound unless the definition says otherwise.
    #[must_use]
    pub fn is_target(&self) -> bool {
        match self {
            Self::String { .. }
            | Self::Guid {}
            | Self::Address {}
            | Self::Identity { .. }
            | Self::File { .. } => true,
            Self::List { of, .. } | Self::Table { of, .. } => of.is_target(),
            _ => false,
        }
    }
}

const fn one() -> u32 {
    1
}

const fn shortest() -> Span {
    Span::ZERO
}

const fn longest() -> Span {
    duration::MAX
}

fn add_remove() -> Vec<String> {
    vec!["add".to_owned(), "remove".to_owned()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_kinds_refuse_unknown_fields() {
        let read = serde_json::from_str::<ParameterKind>;
        assert_eq!(
            read(r#"{"type":"list","of":{"type":"choice","options":["a"]},"max_items":3}"#).unwrap(),
            ParameterKind::list(ParameterKind::choice(["a"]), 3)
        );
        assert!(matches!(
            read(r#"{"type":"duration","max":"1h"}"#).unwrap(),
            ParameterKind::Duration { min: Span::ZERO, max } if max == Span::from_hours(1)
        ));
        for bad in [
            r#"{"type":"boolean","max":3}"#,
            r#"{"type":"guid","x":0}"#,
            r#"{"type":"string"}"#,
            r#"{"type":"string","max_length":3,"maxlength":4}"#,
            r#"{"type":"string","max_length":3,"max_length":4}"#,
            r#"{"type":"integer","min":1.5}"#,
            r#"{"type":"String","max_length":3}"#,
            r#"{"type":"list","of":{"type":"guid","y":1},"max_items":3}"#,
            r#"{"max_length":3}"#,
        ] {
            assert!(read(bad).is_err(), "{bad}");
        }
    }
}
