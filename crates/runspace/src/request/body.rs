//! JSON with places filled in. A value becomes a JSON value of its kind; the text is written by a serializer.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value as Json};
use sha2::{Digest as _, Sha256};
use zeroize::{Zeroize as _, Zeroizing};

use super::{kind, missing, too_long};
use crate::{ParameterName, ParameterValue, Refusal};

const MAX_BODY: usize = 16 * 1024 * 1024;

/// A place in the JSON of a body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hole {
    pub name: ParameterName,
    pub when_absent: Absent,
}

/// What becomes of a place without a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Absent {
    Refuse,
    /// The key or item is left out.
    Omit,
    Null,
}

/// Whether an object is a place, and whether it is a sound one.
#[must_use]
pub fn hole(object: &Map<String, Json>) -> Option<Result<Hole, String>> {
    if is_null(object) {
        return None;
    }
    let reserved = object.keys().find(|key| key.starts_with('$'))?;
    let sound = || {
        let (true, Some(place)) = (object.len() == 1, object.get("$parameter")) else {
            return Err(format!(
                "`{reserved}`: an object with such a key holds `$parameter` or `$null` alone"
            ));
        };
        let (name, when) = match place {
            Json::String(name) => (name.as_str(), "refuse"),
            Json::Object(place) => {
                let text = |key: &str| place.get(key).map(|value| value.as_str().unwrap_or_default());
                if let Some(other) = place.keys().find(|key| !["name", "when_absent"].contains(&key.as_str()))
                {
                    return Err(format!("`$parameter` has no field `{other}`"));
                }
                (text("name").unwrap_or_default(), text("when_absent").unwrap_or("refuse"))
            }
            _ => return Err("`$parameter` holds a parameter's name".to_owned()),
        };
        let name = name.parse().map_err(|_| format!("`{name}` is not a parameter's name"))?;
        let when_absent = match when {
            "refuse" => Absent::Refuse,
            "omit" => Absent::Omit,
            "null" => Absent::Null,
            other => return Err(format!("`when_absent` is refuse, omit or null, not `{other}`")),
        };
        Ok(Hole { name, when_absent })
    };
    Some(sound())
}

/// `{ "$null" = true }`: TOML has no null.
#[must_use]
pub fn is_null(object: &Map<String, Json>) -> bool {
    object.len() == 1 && object.get("$null") == Some(&Json::Bool(true))
}

pub(super) fn build(
    json: &Json,
    values: &BTreeMap<ParameterName, ParameterValue>,
) -> Result<Zeroizing<Vec<u8>>, Refusal> {
    let mut filled = fill(json, values)?.unwrap_or(Json::Null);
    let bytes = serde_json::to_vec(&filled).map(Zeroizing::new);
    wipe(&mut filled);
    let bytes = bytes.map_err(|_| Refusal::new("parameter_type", "the body can't be written"))?;
    if bytes.len() > MAX_BODY { Err(too_long("the body is longer than 16 MiB")) } else { Ok(bytes) }
}

/// `None` where nothing is to stand.
fn fill(json: &Json, values: &BTreeMap<ParameterName, ParameterValue>) -> Result<Option<Json>, Refusal> {
    Ok(Some(match json {
        Json::Array(items) => {
            let filled = items.iter().filter_map(|item| fill(item, values).transpose());
            Json::Array(filled.collect::<Result<_, _>>()?)
        }
        Json::Object(object) if is_null(object) => Json::Null,
        Json::Object(object) => match hole(object) {
            Some(Err(message)) => return Err(Refusal::new("body_invalid", message)),
            Some(Ok(hole)) => return placed(&hole, values),
            None => {
                let entry = |(key, value)| Ok(fill(value, values)?.map(|value| (String::clone(key), value)));
                let entries = object.iter().map(entry).filter_map(Result::transpose);
                Json::Object(entries.collect::<Result<_, Refusal>>()?)
            }
        },
        plain => plain.clone(),
    }))
}

fn placed(hole: &Hole, values: &BTreeMap<ParameterName, ParameterValue>) -> Result<Option<Json>, Refusal> {
    match (values.get(&hole.name), hole.when_absent) {
        (Some(value), _) => json(&hole.name, value).map(Some),
        (None, Absent::Refuse) => Err(missing(&hole.name)),
        (None, Absent::Omit) => Ok(None),
        (None, Absent::Null) => Ok(Some(Json::Null)),
    }
}

fn json(name: &ParameterName, value: &ParameterValue) -> Result<Json, Refusal> {
    Ok(match value {
        ParameterValue::String(text) => Json::from(text.as_str()),
        ParameterValue::Secret(secret) => Json::from(secret.expose()),
        ParameterValue::Integer(number) => Json::from(*number),
        ParameterValue::Boolean(flag) => Json::Bool(*flag),
        ParameterValue::Decimal(text) => decimal(name, text)?,
        ParameterValue::List(items) => Json::from(items.as_slice()),
        ParameterValue::Table(rows) => {
            let row = |row: &crate::parameter::Row| -> Json {
                row.0.iter().map(|(key, cell)| (key.to_string(), Json::from(cell.as_str()))).collect()
            };
            rows.iter().map(row).collect()
        }
        ParameterValue::File(file) => {
            if hex::encode(Sha256::digest(&file.content.0)) != file.sha256 {
                let message = format!("the content of {name} is not its digest's");
                return Err(Refusal::new("file_digest_mismatch", message));
            }
            Json::from(STANDARD.encode(&file.content.0))
        }
    })
}

/// A JSON number, where reading it again gives the same digits; readers have no more than a binary fraction.
fn decimal(name: &ParameterName, text: &str) -> Result<Json, Refusal> {
    let refused =
        || Refusal::new("decimal_not_exact", format!("{name} has more digits than a JSON number keeps"));
    if let Ok(number) = text.parse::<i64>() {
        return Ok(Json::from(number));
    }
    let number: f64 = text.parse().map_err(|_| kind(name, "is not a number"))?;
    let same = format!("{number}") == text;
    serde_json::Number::from_f64(number).filter(|_| same).map(Json::Number).ok_or_else(refused)
}

/// Secrets were copied into it.
fn wipe(json: &mut Json) {
    match json {
        Json::String(text) => text.zeroize(),
        Json::Array(items) => items.iter_mut().for_each(wipe),
        Json::Object(object) => object.values_mut().for_each(wipe),
        _ => {}
    }
}
