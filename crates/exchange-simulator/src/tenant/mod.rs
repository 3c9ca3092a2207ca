//! The simulated tenant: objects by kind.

mod seed;

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json, json};

pub(crate) use seed::seed;

pub(crate) type Object = Map<String, Json>;

/// Objects by kind (the noun of their cmdlets) and key.
#[derive(Default)]
pub(crate) struct Tenant {
    kinds: BTreeMap<String, BTreeMap<String, Object>>,
}

/// Why a cmdlet failed: the last part of a .NET type, and a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Error {
    pub(crate) kind: &'static str,
    pub(crate) text: String,
}

impl Error {
    pub(crate) fn new(kind: &'static str, text: impl Into<String>) -> Self {
        Self { kind, text: text.into() }
    }

    pub(crate) fn not_found(what: &str) -> Self {
        let text = format!("The operation couldn't be performed because object '{what}' couldn't be found.");
        Self::new("ManagementObjectNotFoundException", text)
    }
}

/// Properties that an object may be named by.
const NAMES: [&str; 7] = [
    "Identity",
    "Name",
    "Guid",
    "PrimarySmtpAddress",
    "UserPrincipalName",
    "Alias",
    "ExternalDirectoryObjectId",
];

impl Tenant {
    /// All objects of a kind.
    pub(crate) fn all(&self, kind: &str) -> Vec<Object> {
        self.kinds.get(kind).map(|objects| objects.values().cloned().collect()).unwrap_or_default()
    }

    pub(crate) fn every(&self) -> &BTreeMap<String, BTreeMap<String, Object>> {
        &self.kinds
    }

    /// The key of the object that goes by this name.
    pub(crate) fn key_of(&self, kind: &str, name: &str) -> Option<String> {
        let objects = self.kinds.get(kind)?;
        let direct = key(&[name]);
        if objects.contains_key(&direct) {
            return Some(direct);
        }
        let is = |object: &Object| {
            NAMES.iter().any(|property| {
                object
                    .get(*property)
                    .and_then(Json::as_str)
                    .is_some_and(|known| known.eq_ignore_ascii_case(name))
            })
        };
        objects.iter().find(|(_, object)| is(object)).map(|(key, _)| key.clone())
    }

    pub(crate) fn get(&self, kind: &str, key: &str) -> Option<&Object> {
        self.kinds.get(kind)?.get(key)
    }

    pub(crate) fn get_mut(&mut self, kind: &str, key: &str) -> Option<&mut Object> {
        self.kinds.get_mut(kind)?.get_mut(key)
    }

    pub(crate) fn put(&mut self, kind: &str, key: String, object: Object) {
        self.kinds.entry(kind.to_owned()).or_default().insert(key, object);
    }

    pub(crate) fn remove(&mut self, kind: &str, key: &str) -> Option<Object> {
        self.kinds.get_mut(kind)?.remove(key)
    }
}

/// The key for an object that several texts name together.
pub(crate) fn key(parts: &[&str]) -> String {
    parts.join("\\").to_lowercase()
}

/// Sets a property as a cmdlet does: a hash table changes a list, everything else replaces.
pub(crate) fn set(object: &mut Object, name: &str, value: &Json) {
    let Json::Object(table) = value else {
        object.insert(name.to_owned(), value.clone());
        return;
    };
    let mut items: Vec<Json> = match object.remove(name) {
        Some(Json::Array(items)) => items,
        Some(Json::Null) | None => Vec::new(),
        Some(other) => vec![other],
    };
    let list = |key: &str| match table.get(key) {
        Some(Json::Array(items)) => items.clone(),
        Some(one) => vec![one.clone()],
        None => Vec::new(),
    };
    let removed = list("Remove");
    items.retain(|item| !removed.contains(item));
    for item in list("Add") {
        if !items.contains(&item) {
            items.push(item);
        }
    }
    object.insert(name.to_owned(), json!(items));
}
