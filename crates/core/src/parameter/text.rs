//! Values as a command line writes them.

use serde_json::{Map, Value as Json};

use super::fault::{Fault, FaultCode};
use super::kind::ParameterKind;
use super::spec::ParameterSpec;

impl ParameterSpec {
    /// Turns one command-line text into the bare JSON that [`super::check`] takes; the value itself is judged there.
    ///
    /// Lists are `a,b` and tables `add=a,b;remove=c`; where an item holds such a mark, they are written as JSON, which
    /// starts with `[` or `{`. A switch without text is on; `$true` and `$false` are read as PowerShell writes them.
    ///
    /// # Errors
    /// Text that is no JSON where it starts like it, or no number or truth value where one is needed.
    pub fn read_text(&self, text: &str) -> Result<Json, Fault> {
        bare(&self.kind, text, &format!("/{}", self.name))
    }
}

fn bare(kind: &ParameterKind, text: &str, place: &str) -> Result<Json, Fault> {
    let fault = |message: &str| Err(Fault::new(FaultCode::Malformed, place, message));
    match kind {
        ParameterKind::Switch {} if text.is_empty() => Ok(Json::Bool(true)),
        ParameterKind::Boolean {} | ParameterKind::Switch {} => {
            match text.strip_prefix('$').unwrap_or(text).to_ascii_lowercase().as_str() {
                "true" => Ok(Json::Bool(true)),
                "false" => Ok(Json::Bool(false)),
                _ => fault("expected true or false"),
            }
        }
        ParameterKind::Integer { .. } => {
            // The strict forms only: `+5`, ` 5` and `05` are refused.
            match text.parse::<i64>() {
                Ok(number) if number.to_string() == text => Ok(number.into()),
                _ => fault("expected a whole number"),
            }
        }
        ParameterKind::List { .. } if text.starts_with('[') => json(text, place),
        ParameterKind::Table { .. } | ParameterKind::File { .. } if text.starts_with('{') => {
            json(text, place)
        }
        ParameterKind::List { of, .. } => list(of, text, place),
        ParameterKind::Table { of, .. } => {
            let mut table = Map::new();
            for part in text.split(';') {
                let Some((key, items)) = part.split_once('=') else {
                    return fault("expected lists by key, such as add=a,b;remove=c");
                };
                if table.insert(key.trim().to_owned(), list(of, items, place)?).is_some() {
                    return fault("a key is given twice");
                }
            }
            Ok(Json::Object(table))
        }
        ParameterKind::File { .. } => fault("a file is uploaded first"),
        _ => Ok(text.into()),
    }
}

fn list(of: &ParameterKind, text: &str, place: &str) -> Result<Json, Fault> {
    text.split(',').map(|item| bare(of, item, place)).collect()
}

fn json(text: &str, place: &str) -> Result<Json, Fault> {
    countersign_ledger::json::parse_strict(text.as_bytes())
        .map_err(|error| Fault::new(FaultCode::Malformed, place, error.to_string()))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn parameters_are_read_from_a_command_line() {
        let string = ParameterKind::text(99);
        let integer = ParameterKind::Integer { min: None, max: None };
        let table = ParameterKind::Table {
            of: Box::new(string.clone()),
            keys: vec!["add".to_owned(), "remove".to_owned()],
            max_items: 9,
        };
        for (kind, text, expected) in [
            (&string, "a,b", Some(json!("a,b"))),
            (&string, "", Some(json!(""))),
            (&integer, "-5", Some(json!(-5))),
            (&integer, "+5", None),
            (&integer, "05", None),
            (&integer, "5 ", None),
            (&ParameterKind::Switch {}, "", Some(json!(true))),
            (&ParameterKind::Boolean {}, "$False", Some(json!(false))),
            (&ParameterKind::Boolean {}, "1", None),
            (&ParameterKind::list(string.clone(), 9), "a,b", Some(json!(["a", "b"]))),
            (&ParameterKind::list(string.clone(), 9), r#"["a,b"]"#, Some(json!(["a,b"]))),
            (&ParameterKind::list(string.clone(), 9), "[a", None),
            (&ParameterKind::list(integer.clone(), 9), "1,2", Some(json!([1, 2]))),
            (&table, "add=a,b;remove=c", Some(json!({"add": ["a", "b"], "remove": ["c"]}))),
            (&table, r#"{"add":["a;b"]}"#, Some(json!({"add": ["a;b"]}))),
            (&table, r#"{"add":["a"],"add":["b"]}"#, None),
            (&table, "add=a;add=b", None),
            (&table, "a,b", None),
            (&ParameterKind::File { max_size: 9, text: false }, "/etc/passwd", None),
        ] {
            let spec = ParameterSpec::new("X".parse().unwrap(), kind.clone());
            assert_eq!(spec.read_text(text).ok(), expected, "{text:?}");
        }
    }
}
