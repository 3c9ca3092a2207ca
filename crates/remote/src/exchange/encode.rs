//! From parameters to the document that names a cmdlet and its values. Each value is a JSON value of its type; a requester's
//! text is a JSON string and nothing else.

use std::collections::BTreeMap;

use countersign_runspace::definition::{CmdletParameter, CmdletType, ExchangeDefinition, Fixed, WhenAbsent};
use countersign_runspace::parameter::Row;
use countersign_runspace::{ParameterName, ParameterValue, Refusal};
use serde_json::{Map, Value as Json, json};

/// A document is not made larger.
const MAX_BODY: usize = 4 * 1024 * 1024;

/// A cmdlet's parameters as they are sent.
#[derive(Debug, Clone)]
pub(super) struct Call {
    pub(super) cmdlet: String,
    pub(super) parameters: Map<String, Json>,
}

impl Call {
    /// # Errors
    /// `parameter_missing`, `parameter_type`, `argument_too_long`.
    pub(super) fn new(
        definition: &ExchangeDefinition,
        values: &BTreeMap<ParameterName, ParameterValue>,
    ) -> Result<Self, Refusal> {
        let mut parameters = Map::new();
        for parameter in &definition.parameters {
            if let Some(value) = one(parameter, values)? {
                parameters.insert(parameter.name.clone(), value);
            }
        }
        let call = Self { cmdlet: definition.cmdlet.clone(), parameters };
        if call.body().len() > MAX_BODY {
            return Err(Refusal::new("argument_too_long", "the values together are longer than 4 MiB"));
        }
        Ok(call)
    }

    /// The document.
    pub(super) fn body(&self) -> Vec<u8> {
        let input = json!({"CmdletName": self.cmdlet, "Parameters": self.parameters});
        json!({"CmdletInput": input}).to_string().into_bytes()
    }

    pub(super) fn has_only(&self, names: &[&str]) -> bool {
        self.parameters.keys().all(|given| names.iter().any(|name| name.eq_ignore_ascii_case(given)))
    }
}

fn one(
    parameter: &CmdletParameter,
    values: &BTreeMap<ParameterName, ParameterValue>,
) -> Result<Option<Json>, Refusal> {
    if let Some(fixed) = &parameter.value {
        return Ok(match fixed {
            Fixed::Boolean(false) if parameter.kind == CmdletType::Switch => None,
            Fixed::Boolean(flag) => Some(json!(flag)),
            Fixed::Integer(number) => Some(json!(number)),
            Fixed::Text(text) => Some(json!(text)),
            Fixed::Texts(texts) => Some(json!(texts)),
        });
    }
    let name = &parameter.name;
    let value = parameter.source().and_then(|source| values.get(&source));
    let Some(value) = value else {
        return match parameter.when_absent {
            WhenAbsent::Omit => Ok(None),
            // A switch that nobody set is off.
            WhenAbsent::Refuse if parameter.kind == CmdletType::Switch => Ok(None),
            WhenAbsent::Refuse => Err(Refusal::new("parameter_missing", format!("{name} has no value"))),
        };
    };
    let encoded = match (parameter.kind, value) {
        (CmdletType::String, ParameterValue::String(text) | ParameterValue::Decimal(text)) => json!(text),
        (CmdletType::String, ParameterValue::Integer(number)) => json!(number.to_string()),
        (CmdletType::Integer, ParameterValue::Integer(number)) => json!(number),
        (CmdletType::Boolean, ParameterValue::Boolean(flag)) => json!(flag),
        (CmdletType::Switch, ParameterValue::Boolean(true)) => json!(true),
        (CmdletType::Switch, ParameterValue::Boolean(false)) => return Ok(None),
        (CmdletType::Strings, ParameterValue::List(items)) => json!(items),
        (CmdletType::Changes, ParameterValue::Table(rows)) => changes(rows),
        (CmdletType::TimeSpan, ParameterValue::String(text)) => {
            json!(time_span(text).ok_or_else(|| unfit(name, "a duration"))?)
        }
        (CmdletType::Size, ParameterValue::String(text)) => {
            json!(size(text).ok_or_else(|| unfit(name, "a size"))?)
        }
        (CmdletType::Size, ParameterValue::Integer(bytes)) => {
            json!(size(&bytes.to_string()).ok_or_else(|| unfit(name, "a size"))?)
        }
        (_, ParameterValue::Secret(_)) => {
            return Err(Refusal::new("parameter_type", format!("{name} is secret and can't be sent")));
        }
        _ => return Err(unfit(name, "of the type that the cmdlet takes there")),
    };
    Ok(Some(encoded))
}

fn unfit(name: &str, what: &str) -> Refusal {
    Refusal::new("parameter_type", format!("the value for {name} is not {what}"))
}

/// A hash table: lists by key, in the words that Exchange knows.
fn changes(rows: &[Row]) -> Json {
    let mut table = Map::new();
    table.insert("@odata.type".to_owned(), json!("#Exchange.GenericHashTable"));
    for (key, text) in rows.iter().flat_map(|row| &row.0) {
        let key = match key.as_str() {
            "add" => "Add",
            "remove" => "Remove",
            other => other,
        };
        if let Json::Array(items) = table.entry(key).or_insert_with(|| json!([])) {
            items.push(json!(text));
        }
    }
    Json::Object(table)
}

/// `PT5400S` as .NET writes a time span: `0.01:30:00`.
fn time_span(text: &str) -> Option<String> {
    let seconds: u64 = text.strip_prefix("PT")?.strip_suffix('S')?.parse().ok()?;
    let (days, rest) = (seconds / 86_400, seconds % 86_400);
    Some(format!("{days}.{:02}:{:02}:{:02}", rest / 3600, rest / 60 % 60, rest % 60))
}

/// Bytes in the largest unit that they are a whole number of.
fn size(text: &str) -> Option<String> {
    if text == "Unlimited" {
        return Some(text.to_owned());
    }
    let bytes: u64 = text.parse().ok()?;
    let units = [("TB", 1_u64 << 40), ("GB", 1 << 30), ("MB", 1 << 20), ("KB", 1 << 10), ("B", 1)];
    let (unit, factor) =
        units.into_iter().find(|(_, factor)| bytes > 0 && bytes % factor == 0).unwrap_or(("B", 1));
    Some(format!("{}{unit}", bytes / factor))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn encoded(parameter: Json, value: Json) -> Result<Json, String> {
        let definition = json!({"target": "main", "cmdlet": "Set-X", "parameters": [parameter]});
        let definition: ExchangeDefinition = serde_json::from_value(definition).expect("definition");
        let values = if value.is_null() { json!({}) } else { json!({"P": value}) };
        let values = serde_json::from_value(values).expect("values");
        let call = Call::new(&definition, &values).map_err(|refusal| refusal.code)?;
        Ok(Json::Object(call.parameters))
    }

    #[test]
    fn each_type_has_its_form() {
        let table = json!({"table": [{"add": "a\"b"}, {"add": "c"}, {"remove": "d"}]});
        let changed =
            json!({"@odata.type": "#Exchange.GenericHashTable", "Add": ["a\"b", "c"], "Remove": ["d"]});
        for (kind, value, sent) in [
            ("string", json!({"string": "$(id)'\"\n"}), json!("$(id)'\"\n")),
            ("string", json!({"integer": 7}), json!("7")),
            ("integer", json!({"integer": -7}), json!(-7)),
            ("boolean", json!({"boolean": false}), json!(false)),
            ("switch", json!({"boolean": true}), json!(true)),
            ("strings", json!({"list": ["a", "b,c"]}), json!(["a", "b,c"])),
            ("strings", json!({"list": []}), json!([])),
            ("changes", table, changed),
            ("time_span", json!({"string": "PT1209600S"}), json!("14.00:00:00")),
            ("time_span", json!({"string": "PT5401S"}), json!("0.01:30:01")),
            ("size", json!({"string": "10485760"}), json!("10MB")),
            ("size", json!({"string": "1025"}), json!("1025B")),
            ("size", json!({"string": "0"}), json!("0B")),
            ("size", json!({"string": "Unlimited"}), json!("Unlimited")),
        ] {
            assert_eq!(encoded(json!({"name": "P", "type": kind}), value), Ok(json!({"P": sent})), "{kind}");
        }
    }

    #[test]
    fn what_does_not_fit_is_refused_and_never_bent() {
        for (kind, value) in [
            ("integer", json!({"string": "7"})),
            ("boolean", json!({"string": "true"})),
            ("switch", json!({"integer": 1})),
            ("strings", json!({"string": "a"})),
            ("string", json!({"list": ["a"]})),
            ("string", json!({"boolean": true})),
            ("string", json!({"secret": "hush"})),
            ("time_span", json!({"string": "1h"})),
            ("size", json!({"string": "-1"})),
            ("bytes", json!({"string": "x"})),
            ("secure_string", json!({"secret": "x"})),
        ] {
            let refused = encoded(json!({"name": "P", "type": kind}), value.clone());
            assert_eq!(refused, Err("parameter_type".to_owned()), "{kind} {value}");
        }
    }

    #[test]
    fn what_is_absent_is_left_out_only_where_that_is_written() {
        let off = json!({"name": "P", "type": "switch"});
        assert_eq!(encoded(off.clone(), Json::Null), Ok(json!({})));
        assert_eq!(encoded(off, json!({"boolean": false})), Ok(json!({})));
        assert_eq!(encoded(json!({"name": "P"}), Json::Null), Err("parameter_missing".to_owned()));
        assert_eq!(encoded(json!({"name": "P", "when_absent": "omit"}), Json::Null), Ok(json!({})));
        assert_eq!(encoded(json!({"name": "Q", "from": "P"}), json!({"string": "x"})), Ok(json!({"Q": "x"})));
        assert_eq!(
            encoded(json!({"name": "Confirm", "value": false}), Json::Null),
            Ok(json!({"Confirm": false}))
        );
    }
}
