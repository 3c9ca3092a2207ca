//! Values and limits as text for people.

use super::super::size::Size;
use super::super::value::{Value, instant};
use super::Constraint;

pub(in crate::parameter) fn constraint(limit: &Constraint) -> String {
    match limit {
        Constraint::Any => "ANY VALUE".to_owned(),
        Constraint::Equals(only) => value(only),
        Constraint::OneOf(several) => {
            format!("one of: {}", several.iter().map(value).collect::<Vec<_>>().join(", "))
        }
        Constraint::Range { min, max } => match (min, max) {
            (Some(min), Some(max)) => format!("from {} to {}", value(min), value(max)),
            (Some(min), None) => format!("at least {}", value(min)),
            (None, Some(max)) => format!("at most {}", value(max)),
            (None, None) => "nothing".to_owned(),
        },
        Constraint::Prefix(prefix) => format!("anything that starts with {}", quote(prefix)),
    }
}

pub(in crate::parameter) fn value(shown: &Value) -> String {
    let list = |items: &[Value]| format!("[{}]", items.iter().map(value).collect::<Vec<_>>().join(", "));
    match shown {
        Value::String(text) | Value::Choice(text) => quote(text),
        Value::Integer(number) => number.to_string(),
        Value::Decimal(number) => number.to_string(),
        Value::Boolean(flag) => if *flag { "yes" } else { "no" }.to_owned(),
        Value::List(items) => list(items),
        Value::Table(lists) => {
            lists.iter().map(|(key, items)| format!("{key}: {}", list(items))).collect::<Vec<_>>().join("; ")
        }
        Value::Guid(guid) => guid.to_string(),
        Value::Size(Size::Bytes(bytes)) => match Size::Bytes(*bytes).to_string() {
            plain if plain.ends_with(" B") => plain,
            rounded => format!("{rounded} ({bytes} bytes)"),
        },
        Value::Size(Size::Unlimited) => "Unlimited".to_owned(),
        Value::Duration(span) => span.to_string(),
        Value::Instant(at) => instant::write(*at),
        Value::Address(address) => address.to_string(),
        Value::Identity(identity) => countersign_text::visible(&identity.id),
        Value::File(file) => {
            let kind = countersign_text::visible(&file.media_type);
            format!("a file of {} bytes, {kind}, SHA-256 {}", file.size, file.sha256)
        }
    }
}

fn quote(text: &str) -> String {
    format!("\"{}\"", countersign_text::visible_lines(text).replace('"', "\\\""))
}
