//! Texts with a form of their own.

use std::borrow::Cow;

use countersign_core::id::RequestNumber;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Serialize, Serializer};

use crate::see::at;

macro_rules! texts {
    ($($(#[$doc:meta])* $name:ident, $description:literal, $pattern:expr;)*) => {$(
        $(#[$doc])*
        pub(crate) enum $name {}

        impl JsonSchema for $name {
            fn inline_schema() -> bool {
                true
            }

            fn schema_name() -> Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                let mut schema = json_schema!({ "type": "string", "description": $description });
                let pattern: Option<&str> = $pattern;
                if let Some(pattern) = pattern {
                    schema.insert("pattern".to_owned(), pattern.into());
                }
                schema
            }
        }
    )*};
}

texts! {
    Name, "A name.", None;
    TaskName, "`Workload\\Name` of a task.", Some(r"^[^\\]+\\[^\\]+$");
    RoleName, "`Workload\\Name` of a role.", Some(r"^[^\\]+\\[^\\]+$");
    RoleGroupName, "`Workload\\Name` of a role group.", Some(r"^[^\\]+\\[^\\]+$");
    PersonId, "A person's id.", Some("^p-[0-9a-f]{32}$");
    GroupId, "A group's id.", Some("^g-[0-9a-f]{32}$");
    PolicyId, "A policy's id.", Some("^pol-[0-9a-f]{32}$");
    ExecutionId, "An execution's id.", Some("^x-[0-9a-f]{32}$");
    TokenId, "An API token's id.", Some("^t-[0-9a-f]{32}$");
    RequestId, "The number of an access request, which is its authorization's as well.", Some("^R-[0-9]{1,15}$");
    Digest, "A SHA-256 digest in lower-case hexadecimal.", Some("^[0-9a-f]{64}$");
    Code, "The stable code of a refusal.", Some("^[a-z_]+$");
    Json, "JSON as text.", None;
}

/// A request's number as people write it: `R-1042`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Number(pub(crate) RequestNumber);

/// An instant, RFC 3339 in UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct At(pub(crate) countersign_core::time::Instant);

impl From<RequestNumber> for Number {
    fn from(number: RequestNumber) -> Self {
        Self(number)
    }
}

impl From<countersign_core::time::Instant> for At {
    fn from(instant: countersign_core::time::Instant) -> Self {
        Self(instant)
    }
}

impl Serialize for Number {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

impl Serialize for At {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&at(self.0))
    }
}

impl JsonSchema for Number {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "RequestNumber".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        RequestId::json_schema(generator)
    }
}

impl JsonSchema for At {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Instant".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "format": "date-time", "description": "An instant, RFC 3339; answers are in UTC." })
    }
}
