//! What a caller gave, before it is checked.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::fmt;

use serde::de::{DeserializeSeed, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value as Json};
use zeroize::Zeroize;

use super::fault::{Fault, FaultCode};
use crate::name::ParameterName;

/// Parameters as a caller gave them: names that differ by more than case, each with bare JSON. It may hold secrets, so
/// `Debug` shows names only and texts are overwritten when it is dropped. Deserializing refuses duplicate keys at
/// every depth.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Given(BTreeMap<ParameterName, Json>);

impl Given {
    /// Reads an object.
    ///
    /// # Errors
    /// Every name that is malformed, or that another differs from by case only.
    pub fn read(object: Map<String, Json>) -> Result<Self, Vec<Fault>> {
        Self::from_pairs(object)
    }

    /// Reads names and values, such as those of a command line.
    ///
    /// # Errors
    /// Every name that is malformed, or given twice.
    pub fn from_pairs(pairs: impl IntoIterator<Item = (String, Json)>) -> Result<Self, Vec<Fault>> {
        let (mut given, mut faults) = (Self::default(), Vec::new());
        for (name, value) in pairs {
            if let Err(fault) = given.add(&name, value) {
                faults.push(fault);
            }
        }
        if faults.is_empty() { Ok(given) } else { Err(faults) }
    }

    /// Adds one parameter.
    ///
    /// # Errors
    /// A malformed name, or one that is there already.
    pub fn add(&mut self, name: &str, value: Json) -> Result<(), Fault> {
        let shown: String = name.chars().take(64).collect();
        let place = format!("/{}", countersign_text::visible(&shown));
        let name: ParameterName =
            name.parse().map_err(|error| Fault::new(FaultCode::Malformed, &place, format!("{error}")))?;
        match self.0.entry(name) {
            Entry::Vacant(entry) => {
                entry.insert(value);
                Ok(())
            }
            Entry::Occupied(_) => {
                Err(Fault::new(FaultCode::Duplicate, place, "this parameter is given twice"))
            }
        }
    }

    /// The names and values.
    pub fn iter(&self) -> impl Iterator<Item = (&ParameterName, &Json)> {
        self.0.iter()
    }
}

impl FromIterator<(ParameterName, Json)> for Given {
    fn from_iter<I: IntoIterator<Item = (ParameterName, Json)>>(pairs: I) -> Self {
        Self(pairs.into_iter().collect())
    }
}

impl From<BTreeMap<ParameterName, Json>> for Given {
    fn from(given: BTreeMap<ParameterName, Json>) -> Self {
        Self(given)
    }
}

impl fmt::Debug for Given {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

impl Drop for Given {
    fn drop(&mut self) {
        self.0.values_mut().for_each(wipe);
    }
}

fn wipe(json: &mut Json) {
    match json {
        Json::String(text) => text.zeroize(),
        Json::Array(items) => items.iter_mut().for_each(wipe),
        Json::Object(entries) => entries.values_mut().for_each(wipe),
        _ => {}
    }
}

impl<'de> Deserialize<'de> for Given {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Strict.deserialize(deserializer)? {
            Json::Object(object) => {
                Self::read(object).map_err(|faults| serde::de::Error::custom(super::fault::first(faults, "")))
            }
            _ => Err(serde::de::Error::custom("expected an object of parameters")),
        }
    }
}

/// JSON without duplicate keys. `serde_json` itself lets the last of two win.
struct Strict;

impl<'de> DeserializeSeed<'de> for Strict {
    type Value = Json;
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Json, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict {
    type Value = Json;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON without floating-point numbers")
    }
    fn visit_unit<E>(self) -> Result<Json, E> {
        Ok(Json::Null)
    }
    fn visit_bool<E>(self, value: bool) -> Result<Json, E> {
        Ok(value.into())
    }
    fn visit_u64<E>(self, value: u64) -> Result<Json, E> {
        Ok(value.into())
    }
    fn visit_i64<E>(self, value: i64) -> Result<Json, E> {
        Ok(value.into())
    }
    fn visit_str<E>(self, value: &str) -> Result<Json, E> {
        Ok(value.into())
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Json, A::Error> {
        let mut array = Vec::new();
        while let Some(item) = items.next_element_seed(Self)? {
            array.push(item);
        }
        Ok(Json::Array(array))
    }
    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Json, A::Error> {
        let mut object = Map::new();
        while let Some(key) = entries.next_key::<String>()? {
            let value = entries.next_value_seed(Self)?;
            if object.insert(key, value).is_some() {
                return Err(serde::de::Error::custom("duplicate key"));
            }
        }
        Ok(Json::Object(object))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_duplicate_names_are_refused() {
        let read = |json: &str| serde_json::from_str::<Given>(json);
        assert!(read(r#"{"Path":"/x","Force":true}"#).is_ok());
        for bad in [
            r#"{"Path":"/x","Path":"/y"}"#,
            r#"{"Path":"/x","path":"/y"}"#,
            r#"{"T":{"add":["a"],"add":["b"]}}"#,
            r#"{"N":1.0}"#,
            r#"{"N":1e3}"#,
            r#"{"Раth":"/x"}"#,
            r#"{"Path\u0000":"/x"}"#,
            r#"{"Path ":"/x"}"#,
            r#"{"":"/x"}"#,
            r#"["Path"]"#,
        ] {
            assert!(read(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn parameters_given_values_are_not_printed() {
        let given = Given::from_pairs([("Password".to_owned(), Json::from("hunter2"))]).unwrap();
        assert_eq!(format!("{given:?}"), "{Password}");
    }
}
