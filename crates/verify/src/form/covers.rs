//! What a request opens: a list of tasks beside the ledger, known by its digest.

use std::collections::BTreeMap;

use countersign_ledger::{Digest, hash::sha256_parts, json};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::Name;

/// Tasks with their digests.
pub(crate) type List = BTreeMap<Name, Digest>;

/// What an entry and a statement say of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Covers {
    pub(crate) list: Digest,
    pub(crate) tasks: u32,
    #[serde(default)]
    pub(crate) role_version: Option<u64>,
}

const TYPE: &str = "countersign.tasks/v1";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    #[serde(rename = "type")]
    kind: String,
    tasks: List,
}

/// Reads a list. Its digest was checked before.
pub(crate) fn read(value: &Value) -> Option<List> {
    let stored = Stored::deserialize(value).ok()?;
    // A name that stands twice, in two spellings, would be read as one.
    let written = value.get("tasks").and_then(Value::as_object).map_or(0, Map::len);
    (stored.kind == TYPE && stored.tasks.len() == written).then_some(stored.tasks)
}

/// The digest that a list of these tasks has.
pub(crate) fn digest<'a>(tasks: impl IntoIterator<Item = (&'a Name, Digest)>) -> Option<Digest> {
    let tasks: Map<String, Value> =
        tasks.into_iter().map(|(task, digest)| (task.as_str().to_owned(), json!(digest))).collect();
    let bytes = json::canonical(&json!({"type": TYPE, "tasks": tasks})).ok()?;
    Some(sha256_parts(&[&bytes]))
}
