//! From places and values to an argument vector and a standard input. Nothing is joined to be taken apart again.

use std::collections::BTreeMap;

use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use crate::definition::{Argument, LeadingDash, Place, Switch, WhenAbsent};
use crate::{ParameterName, ParameterValue, Refusal};

/// The kernel's own limit for one argument is 131,072 bytes with its end (execve(2)).
const MAX_ARGUMENT: usize = 131_071;
/// All arguments together; well below what any kernel takes.
const MAX_ALL: usize = 1024 * 1024;

/// The arguments after the program's name.
///
/// # Errors
/// `parameter_missing`, `parameter_type`, `value_starts_with_dash`, `argument_has_nul`, `argument_too_long`.
pub fn build(
    places: &[Argument],
    values: &BTreeMap<ParameterName, ParameterValue>,
) -> Result<Vec<String>, Refusal> {
    let mut arguments = Vec::new();
    for place in places {
        match place {
            Argument::Literal(text) => arguments.push(text.clone()),
            Argument::Switch(switch) => arguments.extend(switched(switch, values)?),
            Argument::Parameter(place) => put(place, values, &mut arguments)?,
        }
    }
    for argument in &arguments {
        if argument.contains('\0') {
            return Err(Refusal::new("argument_has_nul", "an argument holds a NUL character"));
        }
        if argument.len() > MAX_ARGUMENT {
            return Err(Refusal::new("argument_too_long", "an argument is longer than 131,071 bytes"));
        }
    }
    if arguments.iter().map(|argument| argument.len() + 1).sum::<usize>() > MAX_ALL {
        return Err(Refusal::new("argument_too_long", "the arguments together are longer than a mebibyte"));
    }
    Ok(arguments)
}

/// What a program reads as its standard input.
///
/// # Errors
/// `parameter_type`, `file_digest_mismatch`.
pub fn input(
    name: Option<&ParameterName>,
    values: &BTreeMap<ParameterName, ParameterValue>,
) -> Result<Zeroizing<Vec<u8>>, Refusal> {
    let Some(name) = name else { return Ok(Zeroizing::default()) };
    match values.get(name) {
        None => Ok(Zeroizing::default()),
        Some(ParameterValue::String(text)) => Ok(Zeroizing::new(text.clone().into_bytes())),
        Some(ParameterValue::Secret(secret)) => Ok(Zeroizing::new(secret.expose().as_bytes().to_vec())),
        Some(ParameterValue::File(file)) => {
            if hex::encode(Sha256::digest(&file.content.0)) != file.sha256 {
                return Err(Refusal::new(
                    "file_digest_mismatch",
                    format!("the content of {name} is not its digest's"),
                ));
            }
            Ok(Zeroizing::new(file.content.0.clone()))
        }
        Some(_) => Err(Refusal::new("parameter_type", format!("{name} can't be standard input"))),
    }
}

fn switched(
    switch: &Switch,
    values: &BTreeMap<ParameterName, ParameterValue>,
) -> Result<Option<String>, Refusal> {
    match values.get(&switch.name) {
        None | Some(ParameterValue::Boolean(false)) => Ok(None),
        Some(ParameterValue::Boolean(true)) => Ok(Some(switch.literal.clone())),
        Some(_) => Err(kind(&switch.name, "is not a switch")),
    }
}

fn put(
    place: &Place,
    values: &BTreeMap<ParameterName, ParameterValue>,
    arguments: &mut Vec<String>,
) -> Result<(), Refusal> {
    let Some(value) = values.get(&place.name) else {
        return match place.when_absent {
            WhenAbsent::Omit => Ok(()),
            WhenAbsent::Refuse => {
                Err(Refusal::new("parameter_missing", format!("{} has no value", place.name)))
            }
        };
    };
    match value {
        ParameterValue::String(text) | ParameterValue::Decimal(text) => one(place, text, arguments),
        ParameterValue::Integer(number) => one(place, &number.to_string(), arguments),
        ParameterValue::Boolean(value) => one(place, &value.to_string(), arguments),
        ParameterValue::List(entries) => entries.iter().try_for_each(|entry| one(place, entry, arguments)),
        ParameterValue::Table(_) => Err(kind(&place.name, "is a table, which has no argument form")),
        ParameterValue::File(_) => Err(kind(&place.name, "is a file, which goes to standard input only")),
        // Every process of the host can read another's arguments.
        ParameterValue::Secret(_) => Err(kind(&place.name, "is secret, which goes to standard input only")),
    }
}

fn one(place: &Place, text: &str, arguments: &mut Vec<String>) -> Result<(), Refusal> {
    let bound = place.prefix.as_deref().is_some_and(|prefix| prefix.ends_with('='));
    if text.starts_with('-') && !bound && place.leading_dash == LeadingDash::Refuse {
        let message = format!(
            "the value of {} begins with '-', which the program could take for an option",
            place.name
        );
        return Err(Refusal::new("value_starts_with_dash", message));
    }
    arguments.extend(place.flag.clone());
    arguments.push(format!("{}{text}", place.prefix.as_deref().unwrap_or_default()));
    Ok(())
}

fn kind(name: &ParameterName, what: &str) -> Refusal {
    Refusal::new("parameter_type", format!("{name} {what}"))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn built(places: Value, values: Value) -> Result<Vec<String>, String> {
        let places: Vec<Argument> = serde_json::from_value(places).expect("places");
        let values = serde_json::from_value(values).expect("values");
        build(&places, &values).map_err(|refusal| refusal.code)
    }

    #[test]
    fn each_kind_of_value_has_its_place() {
        let places = json!([
            {"literal": "--"},
            {"parameter": {"name": "A", "flag": "--of"}},
            {"parameter": {"name": "B", "prefix": "n="}},
            {"switch": {"name": "S", "literal": "--force"}},
            {"switch": {"name": "T", "literal": "--never"}},
            {"parameter": {"name": "L"}},
            {"parameter": {"name": "Gone", "when_absent": "omit"}}
        ]);
        let values = json!({
            "A": {"string": "x y"}, "B": {"integer": -5}, "S": {"boolean": true}, "T": {"boolean": false},
            "L": {"list": ["one", "two"]}
        });
        assert_eq!(
            built(places, values).expect("argv"),
            ["--", "--of", "x y", "n=-5", "--force", "one", "two"]
        );
    }

    #[test]
    fn i1_what_could_become_an_option_or_shows_a_secret_is_refused() {
        let place = json!([{"parameter": {"name": "A"}}]);
        for (value, code) in [
            (json!({"string": "-oProxyCommand=id"}), "value_starts_with_dash"),
            (json!({"string": "--"}), "value_starts_with_dash"),
            (json!({"integer": -1}), "value_starts_with_dash"),
            (json!({"list": ["ok", "-rf"]}), "value_starts_with_dash"),
            (json!({"string": "a\u{0}b"}), "argument_has_nul"),
            (json!({"string": "x".repeat(131_072)}), "argument_too_long"),
            (json!({"list": vec!["x".repeat(100_000); 20]}), "argument_too_long"),
            (json!({"secret": "s"}), "parameter_type"),
            (json!({"table": []}), "parameter_type"),
        ] {
            assert_eq!(built(place.clone(), json!({"A": value})), Err(code.to_owned()));
        }
        assert_eq!(built(place, json!({})), Err("parameter_missing".to_owned()));
        let prefix = json!([{"parameter": {"name": "A", "prefix": "-o"}}]);
        assert_eq!(built(prefix, json!({"A": {"string": "-x"}})), Err("value_starts_with_dash".to_owned()));
    }
}
