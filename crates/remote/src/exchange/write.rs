//! Objects as text.

use countersign_runspace::Stream;
use countersign_runspace::definition::{ExchangeDefinition, ObjectFormat};
use countersign_text::visible;
use serde_json::{Map, Value as Json};

use crate::output::Output;
use crate::table::Table;

/// What is written of a cmdlet's objects.
pub(super) struct Objects {
    properties: Vec<String>,
    form: Form,
    most: u64,
    count: u64,
}

enum Form {
    Table(Table),
    /// One line for each property, objects parted by an empty line.
    List,
    Lines,
}

impl Objects {
    pub(super) fn new(definition: &ExchangeDefinition, out: &Output) -> Self {
        let properties = definition.properties.clone();
        let form = match definition.output {
            ObjectFormat::JsonLines => Form::Lines,
            ObjectFormat::Table if properties.is_empty() => Form::List,
            ObjectFormat::Table => Form::Table(Table::new(properties.clone(), out.left())),
        };
        Self { properties, form, most: u64::from(definition.max_objects), count: 0 }
    }

    pub(super) const fn is_full(&self) -> bool {
        self.count >= self.most
    }

    /// Writes an object; `false`: there is no place for it.
    pub(super) fn push(&mut self, object: &Map<String, Json>, out: &Output) -> bool {
        if self.is_full() {
            return false;
        }
        self.count += 1;
        let kept: Vec<(&str, Option<&Json>)> = if self.properties.is_empty() {
            object.iter().map(|(name, value)| (name.as_str(), Some(value))).collect()
        } else {
            self.properties.iter().map(|name| (name.as_str(), find(object, name))).collect()
        };
        match &mut self.form {
            Form::Table(table) => table.row(kept.into_iter().map(|(_, value)| cell(value?)).collect()),
            Form::List => {
                let mut text = String::new();
                if self.count > 1 {
                    text.push('\n');
                }
                for (name, value) in kept {
                    let value = value.and_then(cell).unwrap_or_default();
                    text.push_str(&format!("{}: {}\n", visible(name), visible(&value)));
                }
                out.write(Stream::Stdout, text.as_bytes());
            }
            Form::Lines => {
                let line: Map<String, Json> = kept
                    .into_iter()
                    .map(|(name, value)| (name.to_owned(), value.cloned().unwrap_or_default()))
                    .collect();
                out.write(Stream::Stdout, format!("{}\n", Json::Object(line)).as_bytes());
            }
        }
        true
    }

    pub(super) fn end(self, out: &Output) {
        if let Form::Table(table) = self.form
            && self.count > 0
        {
            out.write(Stream::Stdout, table.end().as_bytes());
        }
    }
}

fn find<'a>(object: &'a Map<String, Json>, name: &str) -> Option<&'a Json> {
    object
        .get(name)
        .or_else(|| object.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value))
}

fn cell(value: &Json) -> Option<String> {
    match value {
        Json::Null => None,
        Json::String(text) => Some(text.clone()),
        Json::Array(items) => Some(items.iter().filter_map(cell).collect::<Vec<_>>().join(", ")),
        other => Some(other.to_string()),
    }
}
