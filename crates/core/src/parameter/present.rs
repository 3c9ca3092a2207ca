//! What approvers are shown of the parameters.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::constraint::{Constraint, Constraints};
use super::spec::{Binding, ParameterSpec};
use crate::name::ParameterName;

pub(super) mod show;

/// One line of what approvers decide on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Presented {
    /// The parameter's name.
    pub name: ParameterName,
    /// Its label.
    pub title: String,
    /// What it may be: whole, uncut, hidden characters visible. It has line breaks where a value has them, so
    /// whoever prints it indents the lines, lest a value look like another parameter.
    pub text: String,
    /// How the definition binds it.
    pub binding: Binding,
    /// Whether any value may be given; then `text` says ANY VALUE.
    pub any_value: bool,
    /// Whether it is a secret, given at execution.
    pub secret: bool,
}

/// What a request's limits mean, parameter by parameter in the definition's order, also those that may not be given.
#[must_use]
pub fn present(specs: &[ParameterSpec], limits: &Constraints) -> Vec<Presented> {
    let line = |spec: &ParameterSpec| {
        let limit = limits.get(&spec.name);
        let any_value = limit == Some(&Constraint::Any);
        let secret = spec.kind.is_secret();
        let text = match limit {
            _ if secret => "secret, given when it runs".to_owned(),
            Some(limit) => show::constraint(limit),
            None => match spec.implied() {
                Some(value) => format!("{} (default)", show::value(&value)),
                None => "not given".to_owned(),
            },
        };
        let title = countersign_text::visible(spec.label());
        Presented { name: spec.name.clone(), title, text, binding: spec.binding, any_value, secret }
    };
    let known: BTreeSet<&ParameterName> = specs.iter().map(|spec| &spec.name).collect();
    // A limit without parameter can only come from a definition that changed; it is shown rather than dropped.
    let unknown = limits.iter().filter(|(name, _)| !known.contains(name)).map(|(name, limit)| Presented {
        name: name.clone(),
        title: name.to_string(),
        text: show::constraint(limit),
        binding: Binding::Always,
        any_value: *limit == Constraint::Any,
        secret: false,
    });
    specs.iter().map(line).chain(unknown).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::{ConstraintForms, ParameterKind, Value};
    use super::*;

    #[test]
    fn parameters_approvers_read_every_limit_whole() {
        let spec = |name: &str, kind| ParameterSpec::new(name.parse().unwrap(), kind);
        let specs = [
            spec("Path", ParameterKind::text(3_000)),
            spec("Depth", ParameterKind::Integer { min: None, max: None }),
            spec("Limit", ParameterKind::Size { max: None, unlimited: true }),
            spec("Force", ParameterKind::Switch {}),
            spec("Note", ParameterKind::text(80)).bound(Binding::Free),
            spec("Password", ParameterKind::Secret { max_length: 64, multiline: false }),
            spec("Mode", ParameterKind::choice(["a", "b"])).or(Value::Choice("a".to_owned())),
        ];
        let long = "x".repeat(2_999);
        let forms: ConstraintForms = serde_json::from_value(json!({
            "path": {"equals": format!("/{long}")},
            "Depth": {"one_of": [3, 1]},
            "Limit": {"range": {"max": "10 MB"}},
            "Force": "absent",
            "Mode": "absent",
        }))
        .unwrap();
        let limits = forms.read(&specs, &BTreeSet::new()).unwrap();
        let shown: Vec<_> =
            present(&specs, &limits).into_iter().map(|line| (line.text, line.any_value)).collect();
        let expected = [
            (format!("\"/{long}\""), false),
            ("one of: 1, 3".to_owned(), false),
            ("at most 10 MB (10485760 bytes)".to_owned(), false),
            ("no (default)".to_owned(), false),
            ("ANY VALUE".to_owned(), true),
            ("secret, given when it runs".to_owned(), false),
            ("\"a\" (default)".to_owned(), false),
        ];
        assert_eq!(shown, expected);
    }

    #[test]
    fn parameters_a_value_cannot_look_like_two() {
        let value = Value::List(vec![Value::String("a\", \"b\u{202e}".to_owned())]);
        assert_eq!(show::value(&value), r#"["a\", \"b\u{202e}"]"#);
    }
}
