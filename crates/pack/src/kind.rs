//! Parameter types as packs write them: `type = "string"` with the type's own fields beside it.

use countersign_core::parameter::{IdentityKind, ParameterKind};
use serde_json::Value as Json;

use crate::fault::FaultCode;
use crate::field;
use crate::table::Table;

const TYPES: &[&str] = &[
    "string", "integer", "decimal", "boolean", "switch", "choice", "list", "table", "guid", "size",
    "duration", "instant", "address", "identity", "file", "secret",
];

/// Reads `type` and the fields that go with it.
pub(crate) fn read(table: &Table<'_, '_>) -> Option<ParameterKind> {
    if table.get("type").is_none() {
        table.missing("type");
        return None;
    }
    of_type(table, table.word("type", TYPES)?)
}

fn of_type(table: &Table<'_, '_>, name: &str) -> Option<ParameterKind> {
    Some(match name {
        "string" => {
            let pattern = table.parse("pattern");
            ParameterKind::String {
                min_length: table.number("min_length").unwrap_or(1),
                multiline: table.boolean("multiline").unwrap_or(false),
                max_length: table.required_number("max_length")?,
                pattern,
            }
        }
        "integer" => ParameterKind::Integer { min: table.integer("min"), max: table.integer("max") },
        "decimal" => {
            let (min, max) = (table.parse("min"), table.parse("max"));
            ParameterKind::Decimal { min, max, scale: table.required_number("scale")? }
        }
        "boolean" => ParameterKind::Boolean {},
        "switch" => ParameterKind::Switch {},
        "choice" => {
            if table.get("options").is_none() {
                table.missing("options");
            }
            let options = table.strings("options")?;
            ParameterKind::Choice { options: options.into_iter().map(|(option, _)| option).collect() }
        }
        "list" => {
            let min_items = table.number("min_items").unwrap_or(1);
            let of = Box::new(items(table)?);
            ParameterKind::List { of, min_items, max_items: table.required_number("max_items")? }
        }
        "table" => {
            let keys = table.strings("keys").map_or_else(
                || vec!["add".to_owned(), "remove".to_owned()],
                |keys| keys.into_iter().map(|(key, _)| key).collect(),
            );
            let of = Box::new(items(table)?);
            ParameterKind::Table { of, keys, max_items: table.required_number("max_items")? }
        }
        "guid" => ParameterKind::Guid {},
        "size" => ParameterKind::Size {
            max: field::size(table, "max"),
            unlimited: table.boolean("unlimited").unwrap_or(false),
        },
        "duration" => duration(table)?,
        "instant" => ParameterKind::Instant {},
        "address" => ParameterKind::Address {},
        "identity" => ParameterKind::Identity { of: identity(table)? },
        "file" => {
            let text = table.boolean("text").unwrap_or(false);
            if table.get("max_size").is_none() {
                table.missing("max_size");
            }
            ParameterKind::File { max_size: field::bytes(table, "max_size")?, text }
        }
        _ => {
            let multiline = table.boolean("multiline").unwrap_or(false);
            ParameterKind::Secret { max_length: table.required_number("max_length")?, multiline }
        }
    })
}

fn duration(table: &Table<'_, '_>) -> Option<ParameterKind> {
    let mut kind: ParameterKind = serde_json::from_value(serde_json::json!({"type": "duration"})).ok()?;
    if let ParameterKind::Duration { min, max } = &mut kind {
        *min = field::span(table, "min").unwrap_or(*min);
        *max = field::span(table, "max").unwrap_or(*max);
    }
    Some(kind)
}

/// `of = "guid"`, or `of = { type = "string", max_length = 64 }`.
fn items(table: &Table<'_, '_>) -> Option<ParameterKind> {
    let Some(value) = table.get("of") else {
        table.missing("of");
        return None;
    };
    if value.get_ref().is_table() {
        let inner = table.table("of")?;
        let kind = read(&inner);
        inner.finish();
        return kind;
    }
    let name = table.word("of", TYPES)?;
    // A bare word stands for a type that needs no fields.
    let kind = serde_json::from_value(serde_json::json!({ "type": name })).ok();
    if kind.is_none() {
        table.value_fault(
            "of",
            format!("write `of = {{ type = \"{name}\", … }}` with the fields that it needs"),
        );
    }
    kind
}

fn identity(table: &Table<'_, '_>) -> Option<IdentityKind> {
    let Some(of) = table.string("of") else {
        table.missing("of");
        return None;
    };
    let kind = serde_json::from_value(Json::from(of)).ok();
    if kind.is_none() {
        let message = "`of` is person, group, policy, execution, token, invitation, request, workload, task, role or \
                       role_group";
        table.file.fault(&table.span_of("of"), FaultCode::Value, message);
    }
    kind
}
