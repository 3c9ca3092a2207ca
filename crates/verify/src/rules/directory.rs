//! People and groups: who belongs where, since which event without a break, and who is whom.

use std::collections::{BTreeMap, BTreeSet};

use crate::form::{Credential, Group, Member, Name, Person, PersonKind};

#[derive(Debug, Default)]
pub(super) struct Directory {
    people: BTreeMap<Person, Account>,
    groups: BTreeMap<Group, Members>,
}

#[derive(Debug)]
struct Account {
    kind: PersonKind,
    enabled: bool,
    /// The accounts of one human share this.
    human: Person,
    credentials: BTreeSet<Credential>,
}

#[derive(Debug)]
struct Members {
    name: Name,
    direct: BTreeSet<Member>,
    /// Everybody at any depth, with the event since which.
    since: BTreeMap<Person, u64>,
}

impl Directory {
    pub(super) fn has(&self, person: Person) -> bool {
        self.people.contains_key(&person)
    }

    pub(super) fn everybody(&self) -> impl Iterator<Item = Person> + '_ {
        self.people.keys().copied()
    }

    pub(super) fn enabled(&self, person: Person) -> bool {
        self.people.get(&person).is_some_and(|account| account.enabled)
    }

    /// Enabled, and a service account only while its owner is.
    pub(super) fn may_act(&self, person: Person) -> bool {
        self.people.get(&person).is_some_and(|account| {
            account.enabled
                && match account.kind {
                    PersonKind::Member {} => true,
                    PersonKind::Service { owner } => self.enabled(owner),
                }
        })
    }

    pub(super) fn is_service(&self, person: Person) -> bool {
        self.people.get(&person).is_some_and(|account| matches!(account.kind, PersonKind::Service { .. }))
    }

    /// Whether a person answers for this service account.
    pub(super) fn owns(&self, person: Person, account: Person) -> bool {
        let kind = self.people.get(&account).map(|account| account.kind);
        kind == Some(PersonKind::Service { owner: person })
    }

    /// An enabled human being's account.
    pub(super) fn can_decide(&self, person: Person) -> bool {
        self.enabled(person) && !self.is_service(person)
    }

    /// The human behind an account; a service account counts as its owner.
    pub(super) fn human(&self, person: Person) -> Person {
        match self.people.get(&person).map(|account| (account.kind, account.human)) {
            Some((PersonKind::Service { owner }, _)) => {
                self.people.get(&owner).map_or(owner, |owner| owner.human)
            }
            Some((PersonKind::Member {}, human)) => human,
            None => person,
        }
    }

    pub(super) fn has_credential(&self, person: Person, credential: Credential) -> bool {
        self.people.get(&person).is_some_and(|account| account.credentials.contains(&credential))
    }

    pub(super) fn has_group(&self, group: Group) -> bool {
        self.groups.contains_key(&group)
    }

    pub(super) fn name_of(&self, group: Group) -> Option<&Name> {
        self.groups.get(&group).map(|group| &group.name)
    }

    pub(super) fn group_named(&self, name: &Name) -> bool {
        self.groups.values().any(|group| group.name == *name)
    }

    pub(super) fn member_since(&self, group: Group, person: Person) -> Option<u64> {
        self.groups.get(&group)?.since.get(&person).copied()
    }

    pub(super) fn is_member(&self, group: Group, person: Person) -> bool {
        self.member_since(group, person).is_some()
    }

    pub(super) fn members(&self, group: Group) -> impl Iterator<Item = (Person, u64)> + '_ {
        self.groups
            .get(&group)
            .into_iter()
            .flat_map(|group| group.since.iter().map(|(person, since)| (*person, *since)))
    }

    /// Whether `inner` is `outer` or below it.
    pub(super) fn contains(&self, outer: Group, inner: Group) -> bool {
        self.below(outer).contains(&inner)
    }

    pub(super) fn create(&mut self, person: Person, kind: PersonKind) {
        let account = Account { kind, enabled: true, human: person, credentials: BTreeSet::new() };
        self.people.insert(person, account);
    }

    /// Who comes back begins anew everywhere.
    pub(super) fn enable(&mut self, person: Person, seq: u64) {
        if let Some(account) = self.people.get_mut(&person) {
            account.enabled = true;
        }
        self.begin_anew(person, seq);
    }

    fn begin_anew(&mut self, person: Person, seq: u64) {
        for group in self.groups.values_mut() {
            if let Some(since) = group.since.get_mut(&person) {
                *since = seq;
            }
        }
    }

    pub(super) fn disable(&mut self, person: Person) {
        if let Some(account) = self.people.get_mut(&person) {
            account.enabled = false;
        }
    }

    pub(super) fn link(&mut self, one: Person, other: Person) {
        let humans =
            [one, other].map(|person| self.people.get(&person).map_or(person, |account| account.human));
        let human = humans.into_iter().min().unwrap_or(one);
        for account in self.people.values_mut().filter(|account| humans.contains(&account.human)) {
            account.human = human;
        }
    }

    /// Takes one account out of its link; the others stay linked with each other. All begin anew: what was asked while
    /// they were one human is not decided by the other half of it.
    pub(super) fn unlink(&mut self, person: Person, seq: u64) {
        let Some(human) = self.people.get(&person).map(|account| account.human) else { return };
        let linked: Vec<Person> =
            self.people.iter().filter(|(_, account)| account.human == human).map(|(id, _)| *id).collect();
        let Some(first) = linked.iter().copied().find(|id| *id != person) else { return };
        for id in linked {
            if let Some(account) = self.people.get_mut(&id) {
                account.human = if id == person { person } else { first };
            }
            self.begin_anew(id, seq);
        }
    }

    pub(super) fn set_credential(&mut self, person: Person, credential: Credential) {
        if let Some(account) = self.people.get_mut(&person) {
            account.credentials.insert(credential);
        }
    }

    pub(super) fn remove_credential(&mut self, person: Person, credential: Credential) {
        if let Some(account) = self.people.get_mut(&person) {
            account.credentials.remove(&credential);
        }
    }

    pub(super) fn create_group(&mut self, group: Group, name: Name) {
        self.groups.insert(group, Members { name, direct: BTreeSet::new(), since: BTreeMap::new() });
    }

    pub(super) fn remove_group(&mut self, group: Group, seq: u64) {
        let holders: Vec<Group> = self
            .groups
            .iter()
            .filter(|(_, members)| members.direct.contains(&Member::Group(group)))
            .map(|(id, _)| *id)
            .collect();
        for holder in holders {
            self.change(holder, &[], &[Member::Group(group)], seq);
        }
        self.groups.remove(&group);
    }

    /// Who is taken out and put back in one step has left.
    pub(super) fn change(&mut self, group: Group, added: &[Member], removed: &[Member], seq: u64) {
        let mut toggled = BTreeSet::new();
        for member in removed.iter().filter(|member| added.contains(member)) {
            match member {
                Member::Person(person) => drop(toggled.insert(*person)),
                Member::Group(inner) => toggled.extend(self.members(*inner).map(|(person, _)| person)),
            }
        }
        if let Some(members) = self.groups.get_mut(&group) {
            members.direct.retain(|member| !removed.contains(member));
            members.direct.extend(added);
        }
        let touched: Vec<Group> =
            self.groups.keys().copied().filter(|outer| self.contains(*outer, group)).collect();
        for outer in touched {
            let now: BTreeSet<Person> = self
                .below(outer)
                .iter()
                .filter_map(|id| self.groups.get(id))
                .flat_map(direct_people)
                .collect();
            let Some(members) = self.groups.get_mut(&outer) else { continue };
            let before = std::mem::take(&mut members.since);
            let since = |person: Person| match before.get(&person) {
                Some(since) if !toggled.contains(&person) => *since,
                _ => seq,
            };
            members.since = now.into_iter().map(|person| (person, since(person))).collect();
        }
    }

    /// A group and all groups in it, at any depth.
    fn below(&self, group: Group) -> BTreeSet<Group> {
        let mut found = BTreeSet::from([group]);
        let mut next = vec![group];
        while let Some(outer) = next.pop() {
            let direct = self.groups.get(&outer).map(|members| &members.direct);
            for member in direct.into_iter().flatten() {
                if let Member::Group(inner) = member
                    && found.insert(*inner)
                {
                    next.push(*inner);
                }
            }
        }
        found
    }
}

fn direct_people(members: &Members) -> impl Iterator<Item = Person> + '_ {
    members.direct.iter().filter_map(|member| match member {
        Member::Person(person) => Some(*person),
        Member::Group(_) => None,
    })
}
