//! From a parameter's value to a bound value. The target's own input functions read it, as data, never as SQL.

use countersign_runspace::definition::{Bound, WhenUnset};
use countersign_runspace::{ParameterName, ParameterValue, Refusal};
use serde_json::Value as Json;
use sha2::{Digest as _, Sha256};

/// Object ids of types, as they stand in every server's `pg_type`.
mod oid {
    pub(super) const BOOL: u32 = 16;
    pub(super) const BYTEA: u32 = 17;
    pub(super) const NUMERIC: u32 = 1700;
    /// int8, int2, int4, oid.
    pub(super) const INTEGERS: [u32; 4] = [20, 21, 23, 26];
    /// float4, float8.
    pub(super) const FLOATS: [u32; 2] = [700, 701];
    /// json, jsonb.
    pub(super) const JSON: [u32; 2] = [114, 3802];
    /// text, name, bpchar, varchar.
    pub(super) const TEXTS: [u32; 4] = [25, 19, 1042, 1043];
    /// Types whose values have a text form of their own: date, time, timestamp, timestamptz, interval, cidr, inet,
    /// macaddr, macaddr8, uuid, pg_lsn, regclass, regtype, regnamespace, regrole.
    pub(super) const FORMED: [u32; 15] =
        [1082, 1083, 1114, 1184, 1186, 650, 869, 829, 774, 2950, 3220, 2205, 2206, 4089, 4096];
    /// text[], name[], varchar[] and the type of their elements.
    pub(super) const TEXT_ARRAYS: [(u32, u32); 3] = [(1009, 25), (1003, 19), (1015, 1043)];
}

/// A value as it is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Sent {
    Null,
    Text(Vec<u8>),
    Binary(Vec<u8>),
}

/// The value for a place of the type `type_oid`.
///
/// # Errors
/// `parameter_missing`, `parameter_type`, `value_has_nul`, `file_digest_mismatch`.
pub(crate) fn bind(bound: &Bound, value: Option<&ParameterValue>, type_oid: u32) -> Result<Sent, Refusal> {
    let name = &bound.name;
    let Some(value) = value else {
        return match bound.when_absent {
            WhenUnset::Null => Ok(Sent::Null),
            WhenUnset::Refuse => Err(Refusal::new("parameter_missing", format!("{name} has no value"))),
        };
    };
    let text = |text: String| Ok(Sent::Text(text.into_bytes()));
    match value {
        ParameterValue::Boolean(value) if type_oid == oid::BOOL => text(value.to_string()),
        ParameterValue::Integer(number)
            if oid::INTEGERS.contains(&type_oid)
                || oid::FLOATS.contains(&type_oid)
                || type_oid == oid::NUMERIC =>
        {
            text(number.to_string())
        }
        ParameterValue::Decimal(number) if oid::FLOATS.contains(&type_oid) || type_oid == oid::NUMERIC => {
            text(number.clone())
        }
        ParameterValue::String(value)
            if oid::TEXTS.contains(&type_oid)
                || oid::FORMED.contains(&type_oid)
                || oid::JSON.contains(&type_oid) =>
        {
            without_nul(name, value)?;
            text(value.clone())
        }
        ParameterValue::List(items) => list(name, items, type_oid),
        ParameterValue::Table(rows) if oid::JSON.contains(&type_oid) => {
            let row = |row: &countersign_runspace::parameter::Row| -> Json {
                row.0.iter().map(|(key, cell)| (key.to_string(), Json::from(cell.as_str()))).collect()
            };
            text(rows.iter().map(row).collect::<Json>().to_string())
        }
        ParameterValue::File(file) if type_oid == oid::BYTEA => {
            if hex::encode(Sha256::digest(&file.content.0)) != file.sha256 {
                let message = format!("the content of {name} is not its digest's");
                return Err(Refusal::new("file_digest_mismatch", message));
            }
            Ok(Sent::Binary(file.content.0.clone()))
        }
        ParameterValue::Secret(_) => {
            let message = format!("{name} is secret, and the target may write bound values to its log");
            Err(Refusal::new("parameter_type", message))
        }
        other => Err(unfit(name, other, type_oid)),
    }
}

/// Binary, so that no text has to be quoted into an array's form.
fn list(name: &ParameterName, items: &[String], type_oid: u32) -> Result<Sent, Refusal> {
    let Some((_, element)) = oid::TEXT_ARRAYS.iter().find(|(array, _)| *array == type_oid) else {
        return Err(unfit(name, &ParameterValue::List(Vec::new()), type_oid));
    };
    let too_long = || Refusal::new("argument_too_long", format!("{name} is too long"));
    // array_recv: dimensions, whether there are nulls, element type, then for the one dimension its size and lower bound.
    let mut bytes = Vec::new();
    let dimensions: i32 = if items.is_empty() { 0 } else { 1 };
    bytes.extend(dimensions.to_be_bytes());
    bytes.extend(0_i32.to_be_bytes());
    bytes.extend(element.to_be_bytes());
    if !items.is_empty() {
        bytes.extend(i32::try_from(items.len()).map_err(|_| too_long())?.to_be_bytes());
        bytes.extend(1_i32.to_be_bytes());
    }
    for item in items {
        without_nul(name, item)?;
        bytes.extend(i32::try_from(item.len()).map_err(|_| too_long())?.to_be_bytes());
        bytes.extend(item.as_bytes());
    }
    Ok(Sent::Binary(bytes))
}

fn without_nul(name: &ParameterName, text: &str) -> Result<(), Refusal> {
    if text.contains('\0') {
        return Err(Refusal::new(
            "value_has_nul",
            format!("{name} holds a NUL character, which no text there can"),
        ));
    }
    Ok(())
}

fn unfit(name: &ParameterName, value: &ParameterValue, type_oid: u32) -> Refusal {
    let kind = match value {
        ParameterValue::String(_) => "a text",
        ParameterValue::Integer(_) => "an integer",
        ParameterValue::Decimal(_) => "a decimal",
        ParameterValue::Boolean(_) => "a boolean",
        ParameterValue::List(_) => "a list",
        ParameterValue::Table(_) => "a table",
        ParameterValue::File(_) => "a file",
        ParameterValue::Secret(_) => "a secret",
    };
    let message = format!(
        "{name} is {kind}, and the statement's place for it has the type with object id {type_oid}; \
         cast the place, such as $1::text"
    );
    Refusal::new("parameter_type", message)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn bound(value: serde_json::Value, type_oid: u32) -> Result<Sent, String> {
        let value: ParameterValue = serde_json::from_value(value).expect("value");
        let place = Bound { name: "A".parse().expect("name"), when_absent: WhenUnset::Refuse };
        bind(&place, Some(&value), type_oid).map_err(|refusal| refusal.code)
    }

    #[test]
    fn each_kind_of_value_has_its_types_and_no_others() {
        let text = |text: &str| Ok(Sent::Text(text.as_bytes().to_vec()));
        assert_eq!(bound(json!({"string": "x' --"}), 25), text("x' --"));
        assert_eq!(bound(json!({"string": "PT90M"}), 1186), text("PT90M"));
        assert_eq!(bound(json!({"integer": -5}), 23), text("-5"));
        assert_eq!(bound(json!({"decimal": "1.50"}), 1700), text("1.50"));
        assert_eq!(bound(json!({"boolean": true}), 16), text("true"));
        assert_eq!(bound(json!({"table": [{"add": "x\""}]}), 3802), text(r#"[{"add":"x\""}]"#));
        for (value, oid) in [
            (json!({"string": "1"}), 23),
            (json!({"string": "t"}), 16),
            (json!({"integer": 1}), 25),
            (json!({"integer": 1}), 16),
            (json!({"decimal": "1.5"}), 23),
            (json!({"boolean": true}), 25),
            (json!({"list": ["x"]}), 25),
            (json!({"list": ["1"]}), 1007),
            (json!({"table": []}), 25),
            (json!({"secret": "s"}), 25),
            (json!({"string": "x"}), 99_999),
        ] {
            assert_eq!(bound(value.clone(), oid), Err("parameter_type".to_owned()), "{value} {oid}");
        }
        assert_eq!(bound(json!({"string": "a\u{0}b"}), 25), Err("value_has_nul".to_owned()));
        assert_eq!(bound(json!({"list": ["\u{0}"]}), 1009), Err("value_has_nul".to_owned()));
    }

    #[test]
    fn what_is_absent_is_null_only_where_that_is_written() {
        let mut place = Bound { name: "A".parse().expect("name"), when_absent: WhenUnset::Refuse };
        assert_eq!(bind(&place, None, 25).expect_err("refused").code, "parameter_missing");
        place.when_absent = WhenUnset::Null;
        assert_eq!(bind(&place, None, 25), Ok(Sent::Null));
    }
}
