//! What a request opens (G7): tasks with their digests of then. The list may be long, so it lies beside the ledger as a
//! blob; event and statement carry its digest. What live objects cite is held in memory, each list once.

use std::collections::BTreeMap;
use std::sync::Arc;

use countersign_ledger::hash::{Digest, sha256};
use countersign_ledger::json;
use imbl::OrdMap;
use serde::{Deserialize, Serialize};

use crate::name::TaskName;
use crate::refusal::{Code, Refusal};
use crate::request::Asked;

/// The type that stands in every list of this form.
pub const TYPE: &str = "countersign.tasks/v1";

/// What stands in the ledger for a list of tasks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Covers {
    /// SHA-256 of the list's canonical bytes.
    pub list: Digest,
    /// How many tasks it has.
    pub tasks: u32,
    /// The version of the role that was asked for; none for a task or a role group.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub role_version: Option<u64>,
}

/// What a list of a live object says of one task.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub enum Covered {
    /// It is in it, with this digest.
    As(Digest),
    /// It is not in it.
    No,
    /// The list is missing or was altered: nothing is known, so nothing is covered.
    Unknown,
}

/// G18: what is said where a list cannot be read.
pub(crate) fn unreadable(asked: &Asked) -> Refusal {
    let list = asked.covers.list;
    Refusal::new(
        Code::EvidenceMissing,
        format!("The list of what {} opened is missing or was altered ({list}).", asked.target),
    )
    .hint("ask again; an administrator may look into it: countersign ledger verify")
}

/// A list whose bytes have this digest: nothing else makes one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaskList {
    digest: Digest,
    tasks: BTreeMap<TaskName, Digest>,
}

/// The stored form.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored<T> {
    tasks: T,
    #[serde(rename = "type")]
    kind: String,
}

/// Bytes that are not the list they claim to be.
#[derive(Debug, thiserror::Error)]
pub enum ListError {
    /// The digest is not the one in the ledger.
    #[error("the list's bytes do not match their digest in the ledger")]
    Digest,
    /// Bytes of this digest, but no list.
    #[error("the list cannot be read: {0}")]
    Form(#[from] serde_json::Error),
    /// A list of another form.
    #[error("`{0}` is no list of tasks")]
    Kind(String),
}

impl TaskList {
    /// A list, with the bytes to be kept.
    ///
    /// # Errors
    /// When it cannot be written as canonical JSON.
    pub fn new(tasks: BTreeMap<TaskName, Digest>) -> Result<(Self, Vec<u8>), json::JsonError> {
        let bytes = bytes(&tasks)?;
        Ok((Self { digest: sha256(&bytes), tasks }, bytes))
    }

    /// Reads a list after checking its bytes against the digest that stands in the ledger.
    ///
    /// # Errors
    /// When the bytes are others, or not a list.
    pub fn from_bytes(bytes: &[u8], digest: Digest) -> Result<Self, ListError> {
        if sha256(bytes) != digest {
            return Err(ListError::Digest);
        }
        let stored: Stored<BTreeMap<TaskName, Digest>> = serde_json::from_slice(bytes)?;
        if stored.kind != TYPE {
            return Err(ListError::Kind(stored.kind));
        }
        Ok(Self { digest, tasks: stored.tasks })
    }

    /// The digest of the list of one task. It tells whether a task is still what was asked for, without the list.
    #[must_use]
    pub fn digest_of_one(task: &TaskName, digest: Digest) -> Option<Digest> {
        bytes(&BTreeMap::from([(task, digest)])).ok().map(|bytes| sha256(&bytes))
    }

    /// SHA-256 of its bytes.
    #[must_use]
    pub const fn digest(&self) -> Digest {
        self.digest
    }

    /// The tasks, in order of their names.
    #[must_use]
    pub const fn tasks(&self) -> &BTreeMap<TaskName, Digest> {
        &self.tasks
    }
}

fn bytes<T: Serialize>(tasks: &T) -> Result<Vec<u8>, json::JsonError> {
    json::canonical(&Stored { tasks, kind: TYPE.to_owned() })
}

/// The lists that live objects cite, each once. They are no part of a snapshot: whoever loads a state reads them from
/// where they are kept, and what cannot be read covers nothing.
#[derive(Debug, Clone, Default)]
pub struct Lists {
    known: OrdMap<Digest, Arc<TaskList>>,
    entries: usize,
}

impl Lists {
    /// Takes a list in.
    pub fn keep(&mut self, list: TaskList) {
        if !self.known.contains_key(&list.digest) {
            self.entries = self.entries.saturating_add(list.tasks.len());
            self.known.insert(list.digest, Arc::new(list));
        }
    }

    /// A list, if it is there.
    #[must_use]
    pub fn get(&self, digest: &Digest) -> Option<&TaskList> {
        self.known.get(digest).map(|list| &**list)
    }

    /// What a list says of a task.
    pub fn covered(&self, covers: &Covers, task: &TaskName) -> Covered {
        match self.get(&covers.list).map(|list| list.tasks.get(task)) {
            None => Covered::Unknown,
            Some(None) => Covered::No,
            Some(Some(digest)) => Covered::As(*digest),
        }
    }

    /// How many tasks all of them have.
    #[must_use]
    pub const fn entries(&self) -> usize {
        self.entries
    }

    /// Lets one go that nothing cites any more.
    pub(crate) fn forget(&mut self, digest: &Digest) {
        if let Some(list) = self.known.remove(digest) {
            self.entries = self.entries.saturating_sub(list.tasks.len());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list() -> (TaskList, Vec<u8>) {
        let tasks = ["Host\\A", "Host\\B"].map(|name| (name.parse().unwrap(), sha256(name.as_bytes())));
        TaskList::new(tasks.into()).unwrap()
    }

    #[test]
    fn g07_a_list_is_read_back_and_anything_else_is_not() {
        let (list, bytes) = list();
        assert_eq!(TaskList::from_bytes(&bytes, list.digest()).unwrap(), list);
        let cut = &bytes[..bytes.len() - 1];
        assert!(matches!(TaskList::from_bytes(cut, list.digest()), Err(ListError::Digest)));
        assert!(matches!(TaskList::from_bytes(cut, sha256(cut)), Err(ListError::Form(_))));
        let mut altered = bytes.clone();
        altered[20] ^= 1;
        assert!(TaskList::from_bytes(&altered, list.digest()).is_err());
        let other = br#"{"tasks":{},"type":"countersign.statement/v1"}"#;
        assert!(matches!(TaskList::from_bytes(other, sha256(other)), Err(ListError::Kind(_))));
    }

    #[test]
    fn g07_the_digest_of_one_task_is_that_of_its_list() {
        let task: TaskName = "Host\\A".parse().unwrap();
        let (list, _) = TaskList::new([(task.clone(), sha256(b"a"))].into()).unwrap();
        assert_eq!(TaskList::digest_of_one(&task, sha256(b"a")), Some(list.digest()));
        assert_ne!(TaskList::digest_of_one(&task, sha256(b"b")), Some(list.digest()));
    }

    #[test]
    fn g22_each_list_is_held_and_counted_once() {
        let (list, _) = list();
        let mut lists = Lists::default();
        lists.keep(list.clone());
        lists.keep(list.clone());
        assert_eq!(lists.entries(), 2);
        let covers = Covers { list: list.digest(), tasks: 2, role_version: None };
        assert_eq!(lists.covered(&covers, &"host\\a".parse().unwrap()), Covered::As(sha256(b"Host\\A")));
        assert_eq!(lists.covered(&covers, &"Host\\C".parse().unwrap()), Covered::No);
        lists.forget(&list.digest());
        assert_eq!((lists.entries(), lists.get(&list.digest())), (0, None));
        assert_eq!(lists.covered(&covers, &"Host\\A".parse().unwrap()), Covered::Unknown);
    }
}
