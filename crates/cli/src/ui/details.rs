//! One object, field by field.

use std::fmt::Write as _;

use countersign_text::visible_lines;
use serde_json::Value as Json;

use super::table::text;

/// Fields with their values; objects and lists of objects are indented below their names.
pub(super) fn details(object: &Json) -> String {
    let mut out = String::new();
    write(&mut out, object, 0);
    out
}

fn write(out: &mut String, value: &Json, depth: usize) {
    let indent = "  ".repeat(depth);
    let Json::Object(fields) = value else {
        let _ = writeln!(out, "{indent}{}", text(value));
        return;
    };
    let wide =
        fields.iter().filter(|(_, value)| is_line(value)).map(|(name, _)| name.len()).max().unwrap_or(0);
    for (name, value) in fields {
        let label = name.replace('_', " ");
        match value {
            Json::Null => {}
            Json::Array(items) if items.is_empty() => {}
            Json::Object(inner) if inner.is_empty() => {}
            Json::String(lines) if lines.contains('\n') => {
                let _ = writeln!(out, "{indent}{label}:");
                for line in visible_lines(lines).lines() {
                    let _ = writeln!(out, "{indent}  {line}");
                }
            }
            value if is_line(value) => {
                let _ = writeln!(out, "{indent}{label:wide$}  {}", text(value));
            }
            Json::Array(items) => {
                let _ = writeln!(out, "{indent}{label}:");
                for (at, item) in items.iter().enumerate() {
                    if at > 0 {
                        out.push('\n');
                    }
                    write(out, item, depth + 1);
                }
            }
            value => {
                let _ = writeln!(out, "{indent}{label}:");
                write(out, value, depth + 1);
            }
        }
    }
}

/// Whether a value stands on the line of its name.
fn is_line(value: &Json) -> bool {
    match value {
        Json::Object(_) => false,
        Json::Array(items) => items.iter().all(|item| !item.is_object() && !item.is_array()),
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn fields_stand_below_one_another() {
        let object = json!({"id": "x", "long_name": ["a", "b"], "none": null, "inner": {"k": 1}, "rows": [{"a": 1}, {"a": 2}]});
        let shown = details(&object);
        assert_eq!(shown, "id         x\ninner:\n  k  1\nlong name  a, b\nrows:\n  a  1\n\n  a  2\n");
    }
}
