//! What is live, found by what it hangs on: who asked, whose account it is for, which groups decide, what for, and which
//! list of tasks it cites. A change then looks at what it can end, and at nothing else.

use std::collections::BTreeSet;
use std::ops::Deref;

use countersign_ledger::hash::Digest;
use imbl::{OrdMap, OrdSet};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::id::{GroupId, PersonId, RequestNumber};
use crate::policy::Target;
use crate::request::{Asked, Authorization, Request};

/// What rests on something that was asked.
pub trait Rests: Clone {
    /// What it rests on. Requester, account, target, stages and list of tasks never change while it lives.
    fn asked(&self) -> &Asked;
}

impl Rests for Request {
    fn asked(&self) -> &Asked {
        &self.asked
    }
}

impl Rests for Authorization {
    fn asked(&self) -> &Asked {
        &self.asked
    }
}

/// Pending requests or live authorizations by number; reads like the map of them. The indexes are derived: they are not
/// part of a snapshot.
#[derive(Debug, Clone)]
pub struct Live<T: Rests> {
    all: OrdMap<RequestNumber, T>,
    people: OrdMap<PersonId, OrdSet<RequestNumber>>,
    groups: OrdMap<GroupId, OrdSet<RequestNumber>>,
    targets: OrdMap<Target, OrdSet<RequestNumber>>,
    lists: OrdMap<Digest, OrdSet<RequestNumber>>,
}

impl<T: Rests> Default for Live<T> {
    fn default() -> Self {
        Self {
            all: OrdMap::new(),
            people: OrdMap::new(),
            groups: OrdMap::new(),
            targets: OrdMap::new(),
            lists: OrdMap::new(),
        }
    }
}

impl<T: Rests> Deref for Live<T> {
    type Target = OrdMap<RequestNumber, T>;

    fn deref(&self) -> &Self::Target {
        &self.all
    }
}

impl<T: Rests> Live<T> {
    /// Adds one.
    pub fn insert(&mut self, number: RequestNumber, item: T) {
        self.remove(&number);
        for person in people(item.asked()) {
            self.people.entry(person).or_default().insert(number);
        }
        for group in groups(item.asked()) {
            self.groups.entry(group).or_default().insert(number);
        }
        self.targets.entry(item.asked().target.clone()).or_default().insert(number);
        self.lists.entry(item.asked().covers.list).or_default().insert(number);
        self.all.insert(number, item);
    }

    /// Takes one away.
    pub fn remove(&mut self, number: &RequestNumber) -> Option<T> {
        let item = self.all.remove(number)?;
        for person in people(item.asked()) {
            forget(&mut self.people, &person, number);
        }
        for group in groups(item.asked()) {
            forget(&mut self.groups, &group, number);
        }
        forget(&mut self.targets, &item.asked().target, number);
        forget(&mut self.lists, &item.asked().covers.list, number);
        Some(item)
    }

    /// One, to change what may change.
    pub(crate) fn get_mut(&mut self, number: &RequestNumber) -> Option<&mut T> {
        self.all.get_mut(number)
    }

    /// What a person asked for, or has as an account that somebody asked for.
    pub fn of(&self, person: PersonId) -> impl Iterator<Item = (RequestNumber, &T)> {
        self.numbered(self.people.get(&person))
    }

    /// What members of a group decide on.
    pub(crate) fn decided_by(&self, group: GroupId) -> impl Iterator<Item = (RequestNumber, &T)> {
        self.numbered(self.groups.get(&group))
    }

    /// What was asked for this.
    pub(crate) fn for_target(&self, target: &Target) -> impl Iterator<Item = (RequestNumber, &T)> {
        self.numbered(self.targets.get(target))
    }

    /// The lists of tasks that are cited.
    pub(crate) fn lists(&self) -> impl Iterator<Item = &Digest> {
        self.lists.keys()
    }

    /// Whether something cites this list of tasks.
    pub(crate) fn cites(&self, list: &Digest) -> bool {
        self.lists.contains_key(list)
    }

    fn numbered<'a>(
        &'a self,
        numbers: Option<&'a OrdSet<RequestNumber>>,
    ) -> impl Iterator<Item = (RequestNumber, &'a T)> {
        let numbers = numbers.into_iter().flatten();
        numbers.filter_map(|number| self.all.get(number).map(|item| (*number, item)))
    }
}

fn people(asked: &Asked) -> BTreeSet<PersonId> {
    BTreeSet::from([asked.requester, asked.holder()])
}

fn groups(asked: &Asked) -> BTreeSet<GroupId> {
    asked.stages.iter().map(|stage| stage.group).collect()
}

fn forget<K: Ord + Clone>(index: &mut OrdMap<K, OrdSet<RequestNumber>>, key: &K, number: &RequestNumber) {
    let empty = index.get_mut(key).is_some_and(|numbers| {
        numbers.remove(number);
        numbers.is_empty()
    });
    if empty {
        index.remove(key);
    }
}

impl<T: Rests> FromIterator<(RequestNumber, T)> for Live<T> {
    fn from_iter<I: IntoIterator<Item = (RequestNumber, T)>>(items: I) -> Self {
        let mut live = Self::default();
        for (number, item) in items {
            live.insert(number, item);
        }
        live
    }
}

impl<T: Rests + Serialize> Serialize for Live<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.all.serialize(serializer)
    }
}

impl<'de, T: Rests + Deserialize<'de>> Deserialize<'de> for Live<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(OrdMap::<RequestNumber, T>::deserialize(deserializer)?.into_iter().collect())
    }
}
