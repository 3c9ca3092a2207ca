//! The values of one run, checked and complete.

use std::collections::BTreeMap;

use serde::{Serialize, Serializer};
use serde_json::{Map, Value as Json};

use super::secret::Secret;
use super::spec::ParameterSpec;
use super::value::Value;
use crate::name::ParameterName;

/// What one run is given: every value canonical, defaults filled in, secrets apart. Made by [`super::check`] only.
/// Names are spelt as the definition spells them.
///
/// `Serialize` writes what may be recorded: an object of bare values, a secret as `{"secret":"present"}`.
#[derive(Debug, Clone, Default)]
pub struct Values {
    pub(super) values: BTreeMap<ParameterName, Value>,
    pub(super) secrets: BTreeMap<ParameterName, Secret>,
}

impl Values {
    /// Values as they were recorded, but for secrets, which were not; `None` if the definition takes no such values.
    #[must_use]
    pub(crate) fn recorded(specs: &[ParameterSpec], json: &Map<String, Json>) -> Option<Self> {
        let mut read = Self::default();
        for (name, value) in json {
            let name: ParameterName = name.parse().ok()?;
            let spec = specs.iter().find(|spec| spec.name == name)?;
            if !spec.kind.is_secret() {
                read.values.insert(spec.name.clone(), spec.read(value).ok()?);
            }
        }
        Some(read)
    }

    /// The value of a parameter that is not secret.
    #[must_use]
    pub fn get(&self, name: &ParameterName) -> Option<&Value> {
        self.values.get(name)
    }

    /// All values but secrets, in order of their names.
    pub fn iter(&self) -> impl Iterator<Item = (&ParameterName, &Value)> {
        self.values.iter()
    }

    /// The secret of a parameter.
    #[must_use]
    pub fn secret(&self, name: &ParameterName) -> Option<&Secret> {
        self.secrets.get(name)
    }

    /// The names of the secrets that are present: all that may be recorded of them.
    pub fn secret_names(&self) -> impl Iterator<Item = &ParameterName> {
        self.secrets.keys()
    }

    /// The values in bare JSON: what is recorded and shown. Of a secret it says only that it is present.
    #[must_use]
    pub fn to_json(&self) -> Map<String, Json> {
        let plain = self.values.iter().map(|(name, value)| (name.to_string(), value.to_json()));
        let present = || serde_json::json!({"secret": "present"});
        plain.chain(self.secrets.keys().map(|name| (name.to_string(), present()))).collect()
    }

    /// The values and the secrets' texts, for the work order only. Never recorded, logged or shown.
    #[must_use]
    pub fn to_json_with_secrets(&self) -> Map<String, Json> {
        let mut json = self.to_json();
        let secrets = self.secrets.iter().map(|(name, secret)| (name.to_string(), secret.reveal().into()));
        json.extend(secrets);
        json
    }
}

impl Serialize for Values {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.to_json().serialize(serializer)
    }
}
