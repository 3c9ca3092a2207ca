//! People and groups. Effective membership is kept, not searched for: who belongs to a group at any depth, and since
//! which event without a break (G11).

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use countersign_ledger::hash::Digest;
use countersign_ledger::sealed::Sealed;
use imbl::{OrdMap, OrdSet};
use serde::{Deserialize, Serialize};

use crate::id::{GroupId, PersonId};
use crate::name::GroupName;
use crate::policy::Human;

/// How deep groups may nest.
pub const MAX_NESTING: usize = 16;

/// A person or a service account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// The sign-in name.
    pub upn: Sealed<String>,
    /// The name people read.
    pub display_name: Sealed<String>,
    /// Where mail goes.
    pub mail: Sealed<String>,
    /// A member of the organization, or a service account with an owner.
    pub kind: PersonKind,
    /// Disabled people can do nothing.
    pub enabled: bool,
    /// The smallest id among this person's linked accounts: one human however many accounts (G9).
    pub human: PersonId,
    /// The digests of the credentials in force.
    pub credentials: Credentials,
}

/// What kind of account it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum PersonKind {
    /// A human being.
    Member,
    /// A service account; its requests are made by its owner.
    Service {
        /// Who answers for it.
        owner: PersonId,
    },
}

/// Keyed digests of the credentials in force; the credentials themselves are elsewhere.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Credentials {
    /// The password's.
    pub password: Option<Digest>,
    /// The authenticator secret's.
    pub totp: Option<Digest>,
    /// The recovery codes'.
    pub recovery: Option<Digest>,
}

/// A direct member of a group or role group.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Member {
    /// A person.
    Person(PersonId),
    /// Everybody in a group.
    Group(GroupId),
}

impl fmt::Display for Member {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Person(id) => id.fmt(f),
            Self::Group(id) => id.fmt(f),
        }
    }
}

impl fmt::Debug for Member {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A mail-enabled security group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Group {
    /// Its name.
    pub name: GroupName,
    /// Its address.
    pub mail: Sealed<String>,
    /// Its direct members.
    pub members: OrdSet<Member>,
}

/// People, groups and who effectively belongs where.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Directory {
    people: OrdMap<PersonId, Person>,
    groups: OrdMap<GroupId, Group>,
    names: OrdMap<GroupName, GroupId>,
    /// For each group the people in it at any depth, each with the event since which without a break.
    effective: OrdMap<GroupId, OrdMap<PersonId, u64>>,
}

impl Directory {
    /// One person.
    #[must_use]
    pub fn person(&self, id: PersonId) -> Option<&Person> {
        self.people.get(&id)
    }

    /// Everybody, in the order of their ids.
    pub fn people(&self) -> impl Iterator<Item = (PersonId, &Person)> {
        self.people.iter().map(|(id, person)| (*id, person))
    }

    /// One group.
    #[must_use]
    pub fn group(&self, id: GroupId) -> Option<&Group> {
        self.groups.get(&id)
    }

    /// A group by its name, without regard to case.
    #[must_use]
    pub fn group_named(&self, name: &GroupName) -> Option<GroupId> {
        self.names.get(name).copied()
    }

    /// All groups, in the order of their ids.
    pub fn groups(&self) -> impl Iterator<Item = (GroupId, &Group)> {
        self.groups.iter().map(|(id, group)| (*id, group))
    }

    /// Whether the account exists and is enabled.
    #[must_use]
    pub fn enabled(&self, id: PersonId) -> bool {
        self.person(id).is_some_and(|person| person.enabled)
    }

    /// Whether the account may act now: enabled, and a service account only while its owner is.
    #[must_use]
    pub fn may_act(&self, id: PersonId) -> bool {
        self.person(id).is_some_and(|person| {
            person.enabled
                && match person.kind {
                    PersonKind::Member => true,
                    PersonKind::Service { owner } => self.enabled(owner),
                }
        })
    }

    /// Whether a person answers for this service account.
    #[must_use]
    pub fn owns(&self, person: PersonId, account: PersonId) -> bool {
        self.person(account).is_some_and(|found| found.kind == PersonKind::Service { owner: person })
    }

    /// The human behind an account: linked accounts are one, and a service account counts as its owner (G9).
    #[must_use]
    pub fn human(&self, id: PersonId) -> Human {
        match self.person(id) {
            Some(Person { kind: PersonKind::Service { owner }, .. }) => {
                Human(self.person(*owner).map_or(*owner, |owner| owner.human))
            }
            Some(person) => Human(person.human),
            None => Human(id),
        }
    }

    /// Whether the person belongs to the group at any depth.
    #[must_use]
    pub fn is_member(&self, group: GroupId, person: PersonId) -> bool {
        self.effective.get(&group).is_some_and(|members| members.contains_key(&person))
    }

    /// The event since which the person has belonged to the group without a break.
    #[must_use]
    pub fn member_since(&self, group: GroupId, person: PersonId) -> Option<u64> {
        self.effective.get(&group)?.get(&person).copied()
    }

    /// The people in a group at any depth, with the event since which.
    pub fn members(&self, group: GroupId) -> impl Iterator<Item = (PersonId, u64)> + '_ {
        self.effective
            .get(&group)
            .into_iter()
            .flat_map(|members| members.iter().map(|(id, since)| (*id, *since)))
    }

    /// Enabled members (not service accounts) who have been in the group since before `before`, as humans.
    #[must_use]
    pub fn eligible(&self, group: GroupId, before: u64) -> BTreeSet<Human> {
        self.members(group)
            .filter(|(_, since)| *since < before)
            .filter(|(id, _)| self.can_decide(*id))
            .map(|(id, _)| self.human(id))
            .collect()
    }

    /// Whether this account could ever decide: an enabled human being.
    #[must_use]
    pub fn can_decide(&self, id: PersonId) -> bool {
        self.person(id).is_some_and(|person| person.enabled && person.kind == PersonKind::Member)
    }

    /// Whether adding `member` to `group` would make a group contain itself or nest too deep.
    #[must_use]
    pub fn nesting_fault(&self, group: GroupId, member: GroupId) -> Option<&'static str> {
        let below = self.heights(member, |at| self.child_groups(at).collect());
        if group == member || below.contains_key(&group) {
            return Some("the group would contain itself");
        }
        let parents = self.all_parents();
        let above = self.heights(group, |at| parents.get(&at).cloned().unwrap_or_default());
        let height = |heights: &BTreeMap<GroupId, usize>, of| heights.get(&of).copied().unwrap_or(0);
        (height(&above, group) + height(&below, member) + 2 > MAX_NESTING)
            .then_some("groups may nest 16 deep")
    }

    /// Every group reached from `start`, each with the length of the longest way on from it. Each group is looked at
    /// once however many ways lead to it: ways multiply with every level, groups do not.
    fn heights(&self, start: GroupId, next: impl Fn(GroupId) -> Vec<GroupId>) -> BTreeMap<GroupId, usize> {
        let mut heights: BTreeMap<GroupId, usize> = BTreeMap::new();
        let mut entered = BTreeSet::from([start]);
        let mut stack = vec![(start, next(start))];
        while let Some((at, mut rest)) = stack.pop() {
            let Some(child) = rest.pop() else {
                let longest = next(at).iter().filter_map(|child| heights.get(child)).max();
                heights.insert(at, longest.map_or(0, |height| height + 1));
                continue;
            };
            stack.push((at, rest));
            if entered.insert(child) {
                stack.push((child, next(child)));
            }
        }
        heights
    }

    fn all_parents(&self) -> BTreeMap<GroupId, Vec<GroupId>> {
        let mut parents: BTreeMap<GroupId, Vec<GroupId>> = BTreeMap::new();
        for (id, _) in self.groups() {
            for child in self.child_groups(id) {
                parents.entry(child).or_default().push(id);
            }
        }
        parents
    }

    fn child_groups(&self, group: GroupId) -> impl Iterator<Item = GroupId> + '_ {
        self.groups.get(&group).into_iter().flat_map(|group| group.members.iter()).filter_map(|member| {
            match member {
                Member::Group(id) => Some(*id),
                Member::Person(_) => None,
            }
        })
    }

    /// A group and every group it belongs to, at any height.
    #[must_use]
    pub(crate) fn holding(&self, group: GroupId) -> BTreeSet<GroupId> {
        let mut found = BTreeSet::from([group]);
        let mut open = vec![group];
        while let Some(at) = open.pop() {
            open.extend(self.parents(at).into_iter().filter(|parent| found.insert(*parent)));
        }
        found
    }

    fn parents(&self, group: GroupId) -> Vec<GroupId> {
        let member = Member::Group(group);
        self.groups.iter().filter(|(_, parent)| parent.members.contains(&member)).map(|(id, _)| *id).collect()
    }

    // Changes: called by `apply` only, which never refuses.

    pub(crate) fn put_person(&mut self, id: PersonId, person: Person) {
        self.people.insert(id, person);
    }

    pub(crate) fn change_person(&mut self, id: PersonId, change: impl FnOnce(&mut Person)) {
        if let Some(person) = self.people.get_mut(&id) {
            change(person);
        }
    }

    /// A person who comes back starts anew everywhere: re-enabling revives no vote (G11).
    pub(crate) fn set_enabled(&mut self, id: PersonId, enabled: bool, seq: u64) {
        self.change_person(id, |person| person.enabled = enabled);
        if enabled {
            self.begin_anew(id, seq);
        }
    }

    /// Dates every membership of a person from this event on.
    fn begin_anew(&mut self, id: PersonId, seq: u64) {
        let groups: Vec<GroupId> = self
            .effective
            .iter()
            .filter(|(_, members)| members.contains_key(&id))
            .map(|(group, _)| *group)
            .collect();
        for group in groups {
            if let Some(members) = self.effective.get_mut(&group) {
                members.insert(id, seq);
            }
        }
    }

    pub(crate) fn link(&mut self, one: PersonId, other: PersonId) {
        let humans = [one, other].map(|id| self.person(id).map_or(id, |person| person.human));
        let human = humans.into_iter().min().unwrap_or(one);
        let linked: Vec<PersonId> = self
            .people
            .iter()
            .filter(|(_, person)| humans.contains(&person.human))
            .map(|(id, _)| *id)
            .collect();
        for id in linked {
            self.change_person(id, |person| person.human = human);
        }
    }

    /// Takes one account out of its link; the others stay linked with each other. All of them start anew in their
    /// groups: what was asked while they were one human is not decided by the other half of it (G9, G11).
    pub(crate) fn unlink(&mut self, id: PersonId, seq: u64) {
        let Some(human) = self.person(id).map(|person| person.human) else { return };
        let others: Vec<PersonId> = self
            .people
            .iter()
            .filter(|(other, person)| **other != id && person.human == human)
            .map(|(other, _)| *other)
            .collect();
        self.change_person(id, |person| person.human = id);
        if let Some(first) = others.first().copied() {
            self.begin_anew(id, seq);
            for other in others {
                self.change_person(other, |person| person.human = first);
                self.begin_anew(other, seq);
            }
        }
    }

    pub(crate) fn put_group(&mut self, id: GroupId, group: Group) {
        self.names.insert(group.name.clone(), id);
        self.groups.insert(id, group);
        self.effective.insert(id, OrdMap::new());
    }

    pub(crate) fn remove_group(&mut self, id: GroupId, seq: u64) {
        for parent in self.parents(id) {
            self.change_members(parent, &[], &[Member::Group(id)], seq);
        }
        if let Some(group) = self.groups.remove(&id) {
            self.names.remove(&group.name);
        }
        self.effective.remove(&id);
    }

    pub(crate) fn change_members(&mut self, id: GroupId, added: &[Member], removed: &[Member], seq: u64) {
        let Some(group) = self.groups.get_mut(&id) else { return };
        for member in removed {
            group.members.remove(member);
        }
        for member in added {
            group.members.insert(*member);
        }
        // A person removed and added in one step has left: what was continuous is what both before and after hold
        // by a path that was not taken away.
        let broken: BTreeSet<PersonId> = removed
            .iter()
            .filter(|member| added.contains(member))
            .flat_map(|member| self.people_of(*member))
            .collect();
        self.refresh(id, seq, &broken, MAX_NESTING + 1);
    }

    fn people_of(&self, member: Member) -> Vec<PersonId> {
        match member {
            Member::Person(id) => vec![id],
            Member::Group(id) => self.members(id).map(|(person, _)| person).collect(),
        }
    }

    /// Recomputes a group and everything above it. Who stays keeps the event since which.
    fn refresh(&mut self, id: GroupId, seq: u64, broken: &BTreeSet<PersonId>, fuel: usize) {
        let Some(group) = self.groups.get(&id) else { return };
        let old = self.effective.get(&id).cloned().unwrap_or_default();
        let mut new = OrdMap::new();
        for member in &group.members {
            for person in self.people_of(*member) {
                let since = match old.get(&person) {
                    Some(since) if !broken.contains(&person) => *since,
                    _ => seq,
                };
                new.insert(person, since);
            }
        }
        if new == old {
            return;
        }
        self.effective.insert(id, new);
        if fuel > 0 {
            for parent in self.parents(id) {
                self.refresh(parent, seq, broken, fuel - 1);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person(n: u8) -> PersonId {
        PersonId::from_bytes([n; 16])
    }

    fn group(n: u8) -> GroupId {
        GroupId::from_bytes([n; 16])
    }

    fn sealed() -> Sealed<String> {
        Sealed::from_commitment(countersign_ledger::hash::sha256(b"x"))
    }

    fn directory() -> Directory {
        let mut directory = Directory::default();
        for n in 1..=4 {
            directory.put_person(
                person(n),
                Person {
                    upn: sealed(),
                    display_name: sealed(),
                    mail: sealed(),
                    kind: PersonKind::Member,
                    enabled: true,
                    human: person(n),
                    credentials: Credentials::default(),
                },
            );
            directory.put_group(
                group(n),
                Group { name: format!("Group {n}").parse().unwrap(), mail: sealed(), members: OrdSet::new() },
            );
        }
        directory
    }

    #[test]
    fn g11_membership_is_effective_at_any_depth_and_dated() {
        let mut directory = directory();
        directory.change_members(group(1), &[Member::Group(group(2))], &[], 10);
        directory.change_members(group(2), &[Member::Person(person(1))], &[], 11);
        assert_eq!(directory.member_since(group(1), person(1)), Some(11));
        directory.change_members(group(2), &[], &[Member::Person(person(1))], 12);
        assert!(!directory.is_member(group(1), person(1)));
    }

    #[test]
    fn g11_a_second_path_keeps_membership_unbroken() {
        let mut directory = directory();
        directory.change_members(group(1), &[Member::Person(person(1))], &[], 10);
        directory.change_members(group(2), &[Member::Person(person(1))], &[], 11);
        directory.change_members(group(1), &[Member::Group(group(2))], &[], 12);
        directory.change_members(group(1), &[], &[Member::Person(person(1))], 13);
        assert_eq!(directory.member_since(group(1), person(1)), Some(10));
    }

    #[test]
    fn g11_a_toggle_starts_anew_even_in_one_step() {
        let mut directory = directory();
        directory.change_members(group(1), &[Member::Person(person(1))], &[], 10);
        directory.change_members(group(1), &[Member::Person(person(1))], &[Member::Person(person(1))], 20);
        assert_eq!(directory.member_since(group(1), person(1)), Some(20));
        directory.set_enabled(person(1), false, 21);
        directory.set_enabled(person(1), true, 22);
        assert_eq!(directory.member_since(group(1), person(1)), Some(22));
    }

    #[test]
    fn g9_links_make_one_human_and_unlinking_parts_one_account() {
        let mut directory = directory();
        directory.link(person(2), person(3));
        directory.link(person(3), person(1));
        assert_eq!(directory.human(person(2)), directory.human(person(1)));
        directory.unlink(person(1), 9);
        assert_ne!(directory.human(person(1)), directory.human(person(2)));
        assert_eq!(directory.human(person(2)), directory.human(person(3)));
    }

    #[test]
    fn g22_cycles_and_deep_nesting_are_named() {
        let mut directory = directory();
        directory.change_members(group(1), &[Member::Group(group(2))], &[], 1);
        directory.change_members(group(2), &[Member::Group(group(3))], &[], 2);
        assert!(directory.nesting_fault(group(3), group(1)).is_some());
        assert!(directory.nesting_fault(group(1), group(1)).is_some());
        assert!(directory.nesting_fault(group(3), group(4)).is_none());
    }
}
